"""What happened while a catalog was read: everything is counted, the first problems are kept word for word."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from ltrr_cli.errors import CatalogError

KEPT = 1000  # problems kept word for word


class Problem(NamedTuple):
    """One thing that is wrong with a catalog, and where.

    >>> print(Problem("songs.json", 7, "year", "value", "'soon' is not a date"))
    songs.json:7: year: 'soon' is not a date
    """

    source: str
    line: int  # the record's first line, from 1; 0 if the whole file is meant
    field: str  # "" if the whole record is meant
    kind: str
    message: str

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}" if self.line else self.source
        return ": ".join(part for part in (where, self.field, self.message) if part)


class Report:
    """The counts and the problems of one reading.

    >>> report = Report()
    >>> report.lose("songs.json", 7, "", "no id", "the record has no id")
    >>> report.doubt("songs.json", 9, "year", "value", "'soon' is not a date")
    >>> dict(report.lost), dict(report.doubted), len(report.problems)
    ({'no id': 1}, {'value': 1}, 2)
    """

    def __init__(self, strict: bool = False) -> None:
        self.strict = strict  # the first problem is an error
        self.bytes = 0  # read, after decompression
        self.read = 0  # records found, good and bad
        self.entities = 0  # records that became entities
        self.lost: Counter[str] = Counter()  # kind -> records that did not
        self.doubted: Counter[str] = Counter()  # kind -> values left out or replaced in records that did
        self.stopped: Counter[str] = Counter()  # kind -> files of which the rest could not be read
        self.problems: list[Problem] = []
        self.skipped: list[str] = []  # files of a folder that are no catalogs

    def lose(self, source: str, line: int, field: str, kind: str, message: str) -> None:
        """A record can't be used."""
        self._keep(self.lost, Problem(source, line, field, kind, message))

    def doubt(self, source: str, line: int, field: str, kind: str, message: str) -> None:
        """A record is used without one of its values."""
        self._keep(self.doubted, Problem(source, line, field, kind, message))

    def stop(self, source: str, line: int, kind: str, message: str) -> None:
        """The rest of a file can't be read."""
        self._keep(self.stopped, Problem(source, line, "", kind, message))

    def _keep(self, counts: Counter[str], problem: Problem) -> None:
        if self.strict:
            raise CatalogError(str(problem), hint="correct it, or read the rest without --strict")
        counts[problem.kind] += 1
        if len(self.problems) < KEPT:
            self.problems.append(problem)
