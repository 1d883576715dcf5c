"""What a query may be asking for: its words as values of the catalog's own fields, in several readings with likelihoods.

Runs of words that may be values are found first, see `runs`; those that don't overlap make up an interpretation, and what no
interpretation explains is left to "none of these". A query is read as keywords, where each word counts by how the catalog uses
it, or as a sentence, where most words are everyday language and a few name something: the more words, the more it is a sentence.

The reading of sentences is a hidden semi-Markov model with two states, everyday word and name: Sarawagi and Cohen, "Semi-Markov
conditional random fields for information extraction", NIPS 2004, with generative weights in place of trained ones.
"""

from __future__ import annotations

from ltrr_cli.index.facts import CREATOR, TITLE
from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.records import Interpretation
from ltrr_cli.understand.everyday import sentence
from ltrr_cli.understand.language import leads, spoken
from ltrr_cli.understand.prices import PRICE
from ltrr_cli.understand.query import MOST_WORDS, typed
from ltrr_cli.understand.runs import TYPE, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ltrr_cli.records import Query
    from ltrr_cli.understand.runs import Catalog, Run

    Step = Callable[[int, bool], float]  # word, is what stands before it a name -> weight
    Path = tuple[float, bool, tuple[Run, ...]]  # weight, is the last word of a name, what was chosen

NAMED = 0.002  # the chance that a name begins at a word of a sentence
FIRST, LED, JOINED, NEXT = 0.01, 0.1, 0.05, 0.1  # at its first word, after "by" or "like", after "and", after another name
PATHS = 8  # readings kept at each word
LEAST = 0.03  # interpretations less likely are dropped
DOUBTFUL = 0.2  # a name in a sentence that is less likely is none: else a long one has too many readings to be sure of any
MOST = 5  # interpretations
CHECKED = 8  # likeliest readings that are held against the entities there are
TOLD = 4  # values at most by which one thing is told
HELD = 3.0  # times likelier are several values at once if some entity has all of them
_EITHER = (False, True)


def interpret(
    query: Query, catalog: Catalog, has_all: Callable[[Sequence[tuple[str, str]]], bool] | None = None
) -> tuple[Interpretation, ...]:
    """Return at most MOST interpretations of *query*, likeliest first; their likelihoods sum to at most 1.

    *has_all*: does some entity have all of these (field, value) pairs.
    """
    words = typed(query.text)[:MOST_WORDS]
    like_one = sentence(len(words))
    runs = find(query, words, catalog, like_one < 1, like_one > 0) if words else []
    if not runs:
        return ()
    total: dict[tuple[Run, ...], float] = {}
    for part, read in ((1 - like_one, _as_keywords), (like_one, _as_sentence)):
        for likelihood, chosen in read(words, runs, query.language) if part else ():
            meant = _merged(chosen)
            total[meant] = total.get(meant, 0.0) + part * likelihood
    total.pop((), None)
    if has_all is not None:
        total = _held(total, len(words), has_all)
    ranked = sorted(((likelihood, chosen) for chosen, likelihood in total.items()), key=lambda d: -d[0])
    known = {word for word in query.words if (query.language or "en") not in spoken(word)}
    return tuple(
        Interpretation(round(likelihood, 4), tuple(run.slot for run in chosen), _rest(words, chosen, known))
        for likelihood, chosen in ranked[:MOST]
        if likelihood >= LEAST
    )


def intent(query: Query) -> tuple[tuple[str, float], ...]:
    """Return how likely the query wants one known item, a topic, or to browse a kind of thing; the three sum to 1."""
    known = topic = browse = 0.0
    for i in query.interpretations:
        fields = {slot.field for slot in i.slots}
        if TITLE in fields or (i.rest and CREATOR in fields):
            known += i.likelihood
        elif fields == {TYPE} and not i.rest:
            browse += i.likelihood
        else:
            topic += i.likelihood
    none = 1 - known - topic - browse
    return (("known_item", round(known + none / 2, 4)), ("topic", round(topic + none / 2, 4)), ("browse", round(browse, 4)))


def _as_keywords(words: Sequence[str], runs: Sequence[Run], language: str) -> list[tuple[float, tuple[Run, ...]]]:
    unread = [1.0] * len(words)  # the chance that no run explains a word
    for run in runs:
        for i in range(run.start, run.end):
            unread[i] = min(unread[i], 1 - run.share)
    return _best(len(words), runs, lambda i, after: unread[i], lambda run, after: run.share)


def _as_sentence(words: Sequence[str], runs: Sequence[Run], language: str) -> list[tuple[float, tuple[Run, ...]]]:
    introducing, joining = leads(language)
    begins = [FIRST] + [LED if w in introducing else JOINED if w in joining else NAMED for w in words[:-1]]

    def skip(i: int, after: bool) -> float:
        return 1 - (NEXT if after else begins[i])

    def take(run: Run, after: bool) -> float:
        return (NEXT if after else begins[run.start]) * run.times

    return _best(len(words), _meant(len(words), runs, skip, take), skip, take)


def _best(
    length: int, runs: Sequence[Run], skip: Step, take: Callable[[Run, bool], float]
) -> list[tuple[float, tuple[Run, ...]]]:
    """Return the likeliest ways to choose runs that don't overlap, with the share of each in the weight of all ways.

    A way weighs the product of *take* of its runs and *skip* of the other words; both are told whether a run ends before.
    """
    ending: list[list[Run]] = [[] for _ in range(length + 1)]
    for run in runs:
        ending[run.end].append(run)
    sums = [(1.0, 0.0)]  # of all ways up to a word, by whether a run ends there
    best: list[list[Path]] = [[(1.0, False, ())]]
    for end in range(1, length + 1):
        last = end - 1
        free = sum(weight * skip(last, after) for weight, after in zip(sums[last], _EITHER, strict=True))
        paths = [(weight * skip(last, after), False, chosen) for weight, after, chosen in best[last]]
        named = 0.0
        for run in ending[end]:
            named += sum(weight * take(run, after) for weight, after in zip(sums[run.start], _EITHER, strict=True))
            paths += [(weight * take(run, after), True, (*chosen, run)) for weight, after, chosen in best[run.start]]
        if ending[end]:
            paths.sort(key=lambda path: -path[0])
        sums.append((free, named))
        best.append(paths[:PATHS])
    total = sum(sums[-1])
    return [(weight / total, chosen) for weight, _, chosen in best[-1]] if total else []


def _meant(length: int, runs: Sequence[Run], skip: Step, take: Callable[[Run, bool], float]) -> list[Run]:
    """Return the runs that are chosen in DOUBTFUL or more of all ways, by weight (forward and backward sums)."""
    starting: list[list[Run]] = [[] for _ in range(length + 1)]
    for run in runs:
        starting[run.start].append(run)
    after_it = [(1.0, 1.0)] * (length + 1)  # of all ways from a word on, by whether a run ends before it
    for i in range(length - 1, -1, -1):
        free, named = (
            skip(i, after) * after_it[i + 1][False] + sum(take(run, after) * after_it[run.end][True] for run in starting[i])
            for after in _EITHER
        )
        after_it[i] = (free, named)
    before = [[0.0, 0.0] for _ in range(length + 1)]
    before[0][False], total = 1.0, after_it[0][False]
    kept = []
    for i in range(length):
        for after in _EITHER:
            before[i + 1][False] += before[i][after] * skip(i, after)
        for run in starting[i]:
            weight = sum(before[i][after] * take(run, after) for after in _EITHER)
            before[run.end][True] += weight
            if weight * after_it[run.end][True] >= DOUBTFUL * total:
                kept.append(run)
    return kept


def _merged(chosen: Iterable[Run]) -> tuple[Run, ...]:
    """Return runs without what their fit was; neighbours that name parts of one value are one run."""
    found: list[Run] = []
    for run in chosen:
        before = found[-1] if found else None
        if before and before.end == run.start and before.slot[1:3] == run.slot[1:3]:
            found[-1] = before._replace(end=run.end, slot=run.slot._replace(text=f"{before.slot.text} {run.slot.text}"))
        else:
            found.append(run._replace(share=0.0, times=0.0))
    return tuple(found)


def _held(
    total: Mapping[tuple[Run, ...], float], length: int, has_all: Callable[[Sequence[tuple[str, str]]], bool]
) -> dict[tuple[Run, ...], float]:
    """Return *total* with more of it where a reading names several values as a whole, and some entity has all of them.

    Who names several things at once has something in mind that is all of them; so has who names one in all *length* words of a
    query, if they are several (titles are made of all sorts of words). "None of these" stays as likely beside them.
    """
    found = dict(total)
    for chosen in sorted(total, key=lambda chosen: -total[chosen])[:CHECKED]:
        runs = [run for run in chosen if run.slot.field not in (TYPE, PRICE)]
        if len(runs) > TOLD or any(run.end - run.start <= run.slot.value.count(" ") for run in runs):
            continue
        if len({run.slot.field for run in runs}) > 1:
            found[chosen] *= HELD if has_all([run.slot[1:3] for run in runs]) else 1.0
        elif len(chosen) == len(runs) == 1 and runs[0].end - runs[0].start == length > 1 and runs[0].slot.field != TITLE:
            found[chosen] *= HELD
    whole = sum(found.values()) + max(0.0, 1 - sum(total.values()))
    return {chosen: weight / whole for chosen, weight in found.items()}


def _rest(words: Sequence[str], chosen: Iterable[Run], known: set[str]) -> tuple[str, ...]:
    taken = {i for run in chosen for i in range(run.start, run.end)}
    return tuple(dict.fromkeys(word for i, word in enumerate(words) if i not in taken and word in known))
