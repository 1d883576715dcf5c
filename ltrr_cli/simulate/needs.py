"""What somebody wants: the words they type, and what would satisfy them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ltrr_cli.errors import SimulationError
from ltrr_cli.evaluate.judgments import read_classes, read_qrels, read_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ltrr_cli.simulate.dice import Dice


class Need(NamedTuple):
    """One query with the truth about it, which only the simulated user knows."""

    id: str
    text: str
    relevant: dict[str, float]  # id of an entity -> 0..1, or of the unit it belongs to; what is missing is 0
    kind: str = ""  # the class it was made for, "" if it was given without one; a policy is never told
    terms: tuple[str, ...] = ()  # what a made query was made of

    def by_unit(self, same: Mapping[str, str]) -> Need:
        """Return the need with units as *same* has them (id -> unit) in place of ids."""
        return self._replace(relevant={same.get(entity, entity): value for entity, value in self.relevant.items()})

    def drifted(self, dice: Dice, after: bool) -> Need:
        """Return the need with one half of what is relevant, the other half *after* the change; a single thing stays.

        >>> from ltrr_cli.simulate.dice import Dice
        >>> need = Need("q", "love", {"a": 1.0, "b": 1.0, "c": 0.5})
        >>> before, later = (need.drifted(Dice(1), after).relevant for after in (False, True))
        >>> sorted([*before, *later]), bool(before and later)
        (['a', 'b', 'c'], True)
        """
        order = sorted(self.relevant, key=lambda entity: (dice("half", self.id, entity), entity))
        if len(order) < 2:
            return self
        half = (len(order) + 1) // 2
        return self._replace(relevant={entity: self.relevant[entity] for entity in (order[half:] if after else order[:half])})


def given(queries: str, qrels: str, unit: Callable[[str], str | None]) -> tuple[list[Need], int]:
    """Read needs from a file of queries (`qid<TAB>query`, perhaps `<TAB>class`) and one of judgments (TREC form).

    *unit* gives what an id counts as, None for one that the index does not have. A relevance is the grade over the highest
    grade of all. Returns the needs and how many queries were left out for having nothing relevant in the index. Raises
    SimulationError for files that can't be read as such.
    """
    texts, kinds = read_queries(queries), read_classes(queries)
    grades: dict[str, dict[str, int]] = {}
    for qid, judged in read_qrels(qrels).items():
        for entity, grade in judged.items():
            if qid in texts and grade > 0 and (counted := unit(entity)) is not None:
                of_query = grades.setdefault(qid, {})
                of_query[counted] = max(grade, of_query.get(counted, 0))
    if not grades:
        hint = "are the judgments about this catalog and these queries?"
        raise SimulationError(f"{qrels}: nothing in the index is relevant to any query of {queries}", hint=hint)
    highest = max(grade for of_query in grades.values() for grade in of_query.values())
    needs = [
        Need(qid, text, {e: grade / highest for e, grade in grades[qid].items()}, kinds.get(qid, ""))
        for qid, text in texts.items()
        if qid in grades
    ]
    return needs, len(texts) - len(needs)
