"""One list over many kinds of entity: no kind fills the page while others have something nearly as good.

Source: Carbonell and Goldstein, "The use of MMR, diversity-based reranking", SIGIR 1998; here two entities are alike if they are
of one type.
"""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Item = TypeVar("Item")

FADE = 0.85  # of its score that an entity keeps for each one of its type that stands above it


def spread_types(ranked: Sequence[tuple[float, Item]], type_of: Callable[[Item], str], limit: int) -> list[Item]:
    """Return the first *limit* of (score, item) pairs, best first, reordered so that types mix.

    Each place goes to the item whose score, above that of the last one, is highest after fading. Within a type the order stays.

    >>> items = [(0.9, "song a"), (0.8, "song b"), (0.7, "song c"), (0.6, "album d"), (0.0, "song e")]
    >>> spread_types(items, lambda item: item[:4], 4)
    ['song a', 'song b', 'album d', 'song c']
    """
    queues: dict[str, list[tuple[float, int]]] = {}
    for place, (score, item) in enumerate(ranked):
        queues.setdefault(type_of(item), []).append((score, place))
    least = min((score for score, _ in ranked), default=0.0)
    taken = dict.fromkeys(queues, 0)
    found: list[Item] = []
    while len(found) < limit:
        heads = [
            (-(queue[taken[kind]][0] - least) * FADE ** taken[kind], queue[taken[kind]][1], kind)
            for kind, queue in queues.items()
            if taken[kind] < len(queue)
        ]
        if not heads:
            break
        _, place, kind = min(heads)
        taken[kind] += 1
        found.append(ranked[place][1])
    return found
