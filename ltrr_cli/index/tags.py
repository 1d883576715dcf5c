"""Values of fields met in free text: what a record says of its entity without saying it in the field for it.

"HP 530 Notebook PC" is a notebook though its record has no product type: other records have that value. The longest value
counts, so that a "notebook case" is none. A tag is worth less than a value that is given, see `facts.TAGGED`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ltrr_cli.index.facts import CREATOR, DECADE, YEAR, Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ltrr_cli.index.values_tantivy import Value, Values
    from ltrr_cli.records import Entity

LONGEST = 4  # words of a value
READ = 60  # words of a description that are looked at
KEPT = 65_536  # runs of words that are remembered
OFTEN = 3  # entities that must have a value before it is looked for in texts
SHORT = 3  # letters; a single word that is shorter says too little
SHARE = 0.25  # of the use of a value's commonest field, from which another field counts


class Tags:
    """Knows the values that were learned, and those that an older index *held*."""

    def __init__(self, held: Values | None = None) -> None:
        self._held = held
        self._spoken: dict[str, bool] = {}  # word -> has the older index a value with it?
        self._looked_up: dict[str, list[Value]] = {}  # value -> what the older index has
        self._known: dict[str, dict[str, tuple[str, int]]] = {}  # value -> field -> (shown, entities)
        self._lengths: dict[str, list[int]] = {}  # first word of values met OFTEN -> how many words they have, most first

    def learn(self, known: Iterable[Fact]) -> None:
        """Count the facts of one entity."""
        for field, value, shown, _ in known:
            if field in (CREATOR, DECADE, YEAR) or "." in field or not _says_something(value):
                continue
            fields = self._known.setdefault(value, {})
            n = fields[field][1] + 1 if field in fields else 1
            fields[field] = (shown, n)
            if n == OFTEN:
                first, length = value.partition(" ")[0], value.count(" ") + 1
                self._lengths[first] = sorted({length, *self._lengths.get(first, ())}, reverse=True)

    def of(self, entity: Entity, texts: dict[str, list[str]]) -> list[Fact]:
        """Return the values met in an entity's title and text, in fields that its record leaves open.

        *texts* are its fields' words in their order, see `writer_tantivy.field_words`.
        """
        found: dict[tuple[str, str], Fact] = {}
        for words in (texts["title"], texts["text"][:READ]):
            runs = self._runs(words)
            known = self._values([run for _, run in runs])
            free = 0
            for start, run in runs:
                if start >= free and run in known and run.count(" ") < len(words) - start:
                    free = start + run.count(" ") + 1
                    for field, shown in known[run]:
                        if field not in entity.attributes:
                            found.setdefault((field, run), Fact(field, run, shown, 0.0))
        return list(found.values())

    def _runs(self, words: Sequence[str]) -> list[tuple[int, str]]:
        """Return the runs of *words* that may be a value, and where each begins; of such as begin together the longest first."""
        begin = self._begin(words) if self._held is None else self._begin_beside(self._held, words)
        runs = [(at, " ".join(words[at : at + n])) for at, lengths in begin for n in lengths]
        return runs if self._held else [run for run in runs if run[1] in self._known]

    def _begin(self, words: Sequence[str]) -> Iterable[tuple[int, Iterable[int]]]:
        """Yield where a value that was learned may begin, and how many words it may have."""
        return ((at, self._lengths[word]) for at, word in enumerate(words) if word in self._lengths)

    def _begin_beside(self, held: Values, words: Sequence[str]) -> Iterable[tuple[int, Iterable[int]]]:
        """Yield the same for what the older index has as well: a run may be one of its values as far as it has all words."""
        far = [0]  # words that it has from each on, last word first
        for word in reversed(words):
            far.append(min(LONGEST, far[-1] + 1) if self._speaks(held, word) else 0)
        for at, word in enumerate(words):
            lengths = range(far[len(words) - at], 0, -1)
            yield at, sorted({*lengths, *self._lengths[word]}, reverse=True) if word in self._lengths else lengths

    def _speaks(self, held: Values, word: str) -> bool:
        found = self._spoken.get(word)
        if found is None:
            found = self._spoken[word] = held.speaks(word)
        return found

    def _values(self, runs: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
        """Return value -> (field, shown) for those runs that are values of fields."""
        if not runs:
            return {}
        counted = {run: dict(self._known[run]) for run in runs if run in self._known}
        if self._held is not None:
            for field, value, shown, n in self._older(self._held, runs):
                if field not in (CREATOR, DECADE, YEAR, "title") and "." not in field:
                    fields = counted.setdefault(value, {})
                    fields[field] = (shown, n + fields.get(field, ("", 0))[1])
        most = {run: max(n for _, n in fields.values()) for run, fields in counted.items() if fields}
        return {
            run: [(field, shown) for field, (shown, n) in counted[run].items() if n >= OFTEN and n >= SHARE * n_most]
            for run, n_most in most.items()
            if n_most >= OFTEN
        }

    def _older(self, held: Values, runs: Sequence[str]) -> list[Value]:
        """Return what the older index has of *runs*; each is looked up once."""
        if len(self._looked_up) > KEPT:
            self._looked_up.clear()
        fresh = [run for run in dict.fromkeys(runs) if run not in self._looked_up and _says_something(run)]
        self._looked_up.update((run, []) for run in fresh)
        for found in held.exactly(fresh):
            self._looked_up[found.value].append(found)
        return [found for run in dict.fromkeys(runs) for found in self._looked_up.get(run, ())]


def _says_something(value: str) -> bool:
    return (" " in value and value.count(" ") < LONGEST) or (len(value) >= SHORT and value.isalpha())
