"""Count words and values again after entities went: how many of those that are left hold each.

What a record was once read as is not kept. But whatever words it gave come from its texts, so each word of any of them is
looked up in the full text as it is now; a word more than it gave does no harm.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ltrr_cli.catalog import values
from ltrr_cli.index.facts import TITLE, parted
from ltrr_cli.understand.normalise import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ltrr_cli.index.generation import Generation
    from ltrr_cli.index.text_tantivy import Text

    Counts = tuple[dict[str, int], dict[tuple[str, str], tuple[str, int]]]  # word -> n; (field, value) -> (shown, n)


def recounted(text: Text, old: Generation, removed: Sequence[int], new: Counts) -> Counts:
    """Return what the counts are now that the rows *removed* went, and *new* words and values came.

    Only words and values that either brought are in it.
    """
    words_of, named = new
    spoken = {word: old.vocabulary.count(word) + n for word, n in words_of.items()}
    values_now = {key: (shown, n + old.values.count(*key)) for key, (shown, n) in named.items()}
    if removed:
        fewer, left = recount(text, old, removed)
        spoken |= fewer
        values_now = {**left, **{key: (shown, left.get(key, ("", n))[1]) for key, (shown, n) in values_now.items()}}
    return spoken, values_now


def recount(text: Text, old: Generation, rows: Iterable[int]) -> Counts:
    """Return how many entities in *text* hold each word and each value that the *rows* of the generation before held."""
    spoken: set[str] = set()
    named: set[tuple[str, str]] = set()
    for row in rows:
        for part in texts(old.columns.head(row)[3]):
            spoken.update(_words_of(part))
        said = old.columns.said(row)
        named.update(parted(term)[:2] for term in said.facts)
        if said.name:
            named.add((TITLE, said.name))
    left = {key: text.count_value(*key) for key in named}
    return (
        {word: text.count_word(word) for word in spoken if old.vocabulary.count(word)},
        {key: (old.values.shown(*key) if n else "", n) for key, n in left.items()},
    )


@lru_cache(4096)  # many a text is in every record, the names of fields for one
def _words_of(text: str) -> list[str]:
    return [word for read in {text, values.text(text)} for word in words(read, every=True)]


def texts(record: Any) -> Iterator[str]:
    """Yield every text and number in a record, its fields' names too: a true one may stand for itself.

    >>> sorted(texts({"a": ["b", {"c": 1.5}], "d": None}))
    ['1.5', 'a', 'b', 'c', 'd']
    """
    waiting = [record]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            waiting += part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
        elif part is not None:
            yield str(part)
