"""A filter as a Tantivy query: words are looked up among the facts, numbers and dates in ranges.

What is typed never becomes Tantivy's own syntax: words are terms, and of a number only its digits get there.
"""

from __future__ import annotations

from math import inf, isfinite

from tantivy import Occur, Query

from ltrr_cli.errors import QueryError
from ltrr_cli.index.facts import DECADE, SHARES, decade, number_path, term, whole
from ltrr_cli.index.names import Named, ask
from ltrr_cli.index.where import Condition, Every, Not, Some, parse
from ltrr_cli.light import TYPE_CHECKING, Any
from ltrr_cli.registry import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import tantivy

    from ltrr_cli.index.base import Allowed
    from ltrr_cli.index.where import Tree

TRUE, FALSE = {"true", "yes"}, {"false", "no"}


class Filters:
    """Makes queries of filters for one index, which *meta* describes."""

    def __init__(self, index: tantivy.Index, searcher: tantivy.Searcher, meta: Mapping[str, Any]) -> None:
        self._index, self._schema, self._searcher, self._meta = index, index.schema, searcher, meta
        self._last: tuple[str, Query] = ("", Query.all_query())
        self._passing: Allowed | None = None

    def query(self, where: str) -> Query:
        """Return the query for what passes; QueryError for a filter that makes no sense in this index."""
        if where != self._last[0]:
            self._last, self._passing = (where, self._query(parse(where))), None
        return self._last[1]

    def passing(self, where: str) -> Allowed:
        """Return a test for rows that pass, made of those that do or of those that don't, whichever are fewer."""
        query, live = self.query(where), self._searcher.num_docs
        if self._passing is None:
            found: Any = self._searcher.search(query, 1, count=True)
            few = found.count <= live // 2
            rows = self._rows(query if few else _all_but(query), found.count if few else live - found.count)
            self._passing = rows.__contains__ if few else lambda row: row not in rows
        return self._passing

    def quarter(self, cheapest: bool, among: Query) -> str:
        """Return a filter for the cheapest quarter of what a query finds, or the dearest; "" where nothing has a price."""
        asked = {"at": {"percentiles": {"field": "numbers.price", "percents": [25 if cheapest else 75], "keyed": False}}}
        found: Any = self._searcher.aggregate(among, asked)
        price = found["at"]["values"][0]["value"]
        return f"price {'<=' if cheapest else '>='} {price:.4f}" if price is not None and isfinite(price) else ""

    def _rows(self, query: Query, n: int) -> frozenset[int]:
        hits = self._searcher.search(Query.const_score_query(query, 0.0), n, count=False).hits if n else []
        rows: Any = self._searcher.fast_field_values("row", [address for _, address in hits])
        return frozenset(rows)

    def _query(self, tree: Tree) -> Query:
        if isinstance(tree, Condition):
            return self._condition(tree)
        if isinstance(tree, Not):
            return _all_but(self._query(tree.part))
        occur = {Every: Occur.Must, Some: Occur.Should}[type(tree)]
        return Query.boolean_query([(occur, self._query(part)) for part in tree.parts])

    def _condition(self, asked: Condition) -> Query:
        at = f" at character {asked.at}"
        named = ask(asked.field, self._meta, f"{at} of the filter")
        if named.kind in ("number", "date"):
            read = _number if named.kind == "number" else _days
            found = [self._between(named.path, asked.relation, *read(value, asked)) for value in asked.values]
            return found[0] if len(found) == 1 else _either(found)
        if asked.relation != "=":
            what = f"{asked.field!r}{at} has words: {asked.relation} compares numbers and dates"
            raise QueryError(f"where: {what}", hint=f"use =, != or in: {asked.field} = '{asked.values[0]}'")
        if named.kind == "type":
            types = [one for value in asked.values for one in _types(value, self._meta["types"], at)]
            return Query.term_set_query(self._schema, "type", types)
        if named.kind == "id":
            return Query.term_set_query(self._schema, "id", list(asked.values))
        if named.kind == "link":
            return Query.term_set_query(self._schema, "fact", [term(named.path, value) for value in asked.values])
        flags = [self._flag(named, value) for value in asked.values]
        terms = [one for value in asked.values for one in _terms(named, value)]
        words = Query.term_set_query(self._schema, "fact", terms)
        return _either([words, *(flag for flag in flags if flag is not None)])

    def _flag(self, named: Named, value: str) -> Query | None:
        """A field that is yes or no is indexed under what people call it, where it is yes."""
        said = term(named.path, whole(named.label))
        if value.lower() not in TRUE | FALSE or not self._searcher.doc_freq("fact", said):
            return None
        yes = Query.term_query(self._schema, "fact", said)
        if value.lower() in TRUE:
            return yes
        return _all_but(yes)

    def _between(self, path: str, relation: str, low: float, high: float) -> Query:
        """Numbers that compare so with the span from *low* to *high*: a month's days, or twice the same number.

        Tantivy fails where one end of a range is whole and the other is not, so the ends are asked for one at a time.
        """
        field = f"numbers.{number_path(path)}"
        first, last = _digits(low), _digits(high)
        if relation == "=":
            ranges = [f"[{first} TO {first}]"] if low == high else [f"[{first} TO *]", f"[* TO {last}]"]
        elif relation in ("<", "<="):
            ranges = [f"[* TO {first}}}" if relation == "<" else f"[* TO {last}]"]
        else:
            ranges = [f"{{{last} TO *]" if relation == ">" else f"[{first} TO *]"]
        both = [(Occur.Must, self._index.parse_query(f"{field}:{one}")) for one in ranges]
        return Query.boolean_query(both)


def _all_but(query: Query) -> Query:
    return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, query)])


def _either(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _terms(named: Named, value: str) -> list[str]:
    """The terms of a value, whatever its weight is."""
    normal = whole(value)
    if named.path == DECADE:
        normal = decade(normal.removesuffix("s") + "s") or normal
    return [term(named.path, normal, third) for third, _ in SHARES]


def _types(value: str, types: Sequence[str], at: str) -> list[str]:
    """The type of that name; those that it differs from in upper and lower case alone, if there is none."""
    found = [value] if value in types else [one for one in types if one.lower() == value.lower()]
    if not found:
        raise QueryError(f"where: no type is called {value!r}{at}", hint=did_you_mean(value, types, "type"))
    return found


def _number(value: str, asked: Condition) -> tuple[float, float]:
    try:
        number = float(value)
    except ValueError:
        number = inf
    if not isfinite(number):
        what = f"{asked.field!r} at character {asked.at} is a number, which {value!r} is not"
        raise QueryError(f"where: {what}", hint=f"write {asked.field} {asked.relation} 1990, or -20.5")
    return number, number


def _days(value: str, asked: Condition) -> tuple[float, float]:
    """The first and the last day of a date, which may be a month or a year."""
    from datetime import date, timedelta

    try:
        parts = [int(part) if part.strip().isdecimal() else 0 for part in value.split("-")]
        if len(parts) > 3 or 0 in parts:
            raise ValueError(value)
        year, month, day = (*parts, 0, 0)[:3]
        first = last = date(year, month or 1, day or 1)
        if not day:  # of a month or a year: the day before the next one's first
            last = date(year, 12, 31) if month in (0, 12) else date(year, month + 1, 1) - timedelta(days=1)
    except (ValueError, OverflowError):
        what = f"{asked.field!r} at character {asked.at} is a date, which {value!r} is not"
        raise QueryError(f"where: {what}", hint="write 2008-05-31, 2008-05 or 2008") from None
    return float(first.toordinal()), float(last.toordinal())


def _digits(number: float) -> str:
    """A number in digits alone; all that it has, so that equal stays equal.

    >>> _digits(-0.0), _digits(-20.50), _digits(1e20)
    ('0', '-20.5', '100000000000000000000')
    """
    return f"{number + 0.0:.1100f}".rstrip("0").rstrip(".")
