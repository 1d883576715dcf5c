"""What a record says of its entity, as terms that can be looked up: genre is pop, made by Adele, of the year 1999.

A fact's term is `field=value`, the value in normalised words. A weighted value (pop .9, country .4) has its term end in its
third of the scale, so that a search can let it count by weight.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from ltrr_cli.light import TYPE_CHECKING, NamedTuple
from ltrr_cli.understand.normalise import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ltrr_cli.records import Entity

CREATOR, TITLE, YEAR, DECADE = "creator", "title", "year", "decade"  # fields that every catalog has, if only in other words
LONGEST = 80  # characters of a value: a longer one is text
SHARES = ((3, 1.0), (2, 0.67), (1, 0.33))  # thirds of the weight scale and what each counts
TAGGED = 0  # the "third" of a value that was only met in a text, see `tags`
TAG = 0.6  # what it counts
_COUNTS = {str(third): share for third, share in (*SHARES, (TAGGED, TAG))}
_MARKS = [f"#{third}" for third in _COUNTS]


class Fact(NamedTuple):
    """One value of one field."""

    field: str  # path in the record, or CREATOR, YEAR, DECADE
    value: str  # normalised
    shown: str  # as the catalog writes it
    weight: float  # in (0, 1]; 0 for one met in a text

    @property
    def term(self) -> str:
        """The term under which it is indexed.

        >>> Fact("genres", "pop", "Pop", 0.5).term
        'genres=pop#2'
        """
        return term(self.field, self.value, min(3, ceil(3 * self.weight)))


def term(field: str, value: str, third: int = 3) -> str:
    """Return the term of a fact whose weight is in that third of the scale, or that is TAGGED."""
    return f"{field}={value}" if third == 3 else f"{field}={value}#{third}"


def number_path(field: str) -> str:
    """Return the name under which the numbers of *field* are indexed: plain letters, as Tantivy's syntax has uses for others.

    >>> number_path("duration_s"), number_path("size.mm")
    ('duration_s', '073697a652e6d6d')
    """
    if field.replace("_", "a").isalnum() and field.isascii() and not field[0].isdigit():
        return field
    return "0" + field.encode("utf-8", "replace").hex()


def parted(term: str) -> tuple[str, str, float]:
    """Return a term's field, value and what its third of the scale counts.

    >>> parted("genres=pop"), parted("genres=pop#2")
    (('genres', 'pop', 1.0), ('genres', 'pop', 0.67))
    """
    name, _, third = term.rpartition("#")
    share = _COUNTS.get(third)
    field, _, value = (term if share is None else name).rpartition("=")
    return field, value, 1.0 if share is None else share


def words_of(terms: Sequence[str]) -> str:
    """Return the words of the values of *terms*.

    >>> words_of(["genres=hip hop#2", "brand=hp"])
    'hip hop hp'
    """
    found = " ".join([term[term.rfind("=") + 1 :] for term in terms])
    for mark in _MARKS:  # no word has such a sign in it
        found = found.replace(mark, "")
    return found


def facts(entity: Entity) -> Iterator[Fact]:
    """Yield every fact of an entity; values too long to be asked for as a whole are left out."""
    for name in entity.creator:
        if value := whole(name):
            yield Fact(CREATOR, value, name, 1.0)
    for field, values in entity.attributes.items():
        for shown, weight in values.items():
            if len(shown) <= LONGEST and (value := whole(shown)):
                yield Fact(field, value, shown, weight)
    for year in years(entity):
        yield Fact(YEAR, str(year), str(year), 1.0)
        yield Fact(DECADE, str(year // 10 * 10), f"{year // 10 * 10}s", 1.0)


def years(entity: Entity) -> set[int]:
    """Return the years an entity belongs to: of its date, and of numbers that are called a year."""
    found = {int(n) for field, n in entity.numbers.items() if "year" in field and 1000 <= n < 3000}
    return found | {int(entity.date[:4])} if entity.date and entity.date[:4].isdigit() else found


def decade(word: str) -> str:
    """The first year of the decade that "90s" or "1990s" names, "" if it names none.

    >>> decade("90s"), decade("2010s"), decade("10s"), decade("grunge")
    ('1990', '2010', '2010', '')
    """
    digits = word[:-1]
    if word[-2:] != "0s" or len(digits) not in (2, 4) or not digits.isdecimal() or not digits.isascii():
        return ""
    return digits if len(digits) == 4 else ("20" if int(digits) < 30 else "19") + digits


@lru_cache(maxsize=65536)  # values repeat from entity to entity
def whole(text: str) -> str:
    """Return the normalised words of *text* as one value.

    >>> whole("Hip-Hop")
    'hip hop'
    """
    return " ".join(words(text))
