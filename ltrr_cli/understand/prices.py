"""What words say of a price: "under 500", "between 20 and 50 euros", "cheap".

They belong to languages and not to any catalog; they are read only where its records have a price.
"""

from __future__ import annotations

from functools import cache

from ltrr_cli.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PRICE = "price"  # field of a slot that is one
LOW, HIGH = "low", "high"  # among what else is asked for
BELOW = "under|below|less than|cheaper than|up to|at most|unter|bis|weniger als|moins de|menos de|meno di"
ABOVE = "over|above|more than|at least|uber|mehr als|mindestens|plus de|mas de|piu di"
CHEAP = "cheap|cheapest|cheaper|inexpensive|affordable|low cost|billig|gunstig|gunstige|preiswert|pas cher|barato|economico"
DEAR = "expensive|most expensive|luxury|high end|teuer|teure|caro"
BETWEEN = ("between", "zwischen", "entre", "tra")
CURRENCIES = {"dollar", "dollars", "usd", "euro", "euros", "eur", "pound", "pounds", "gbp", "francs", "chf", "yen", "jpy"}
LONGEST = 2  # words of one expression
SAID, SURELY = 0.6, 0.95  # how likely a bound is a price's, and with a currency
FELT = 0.6  # how likely a word such as cheap is meant so


class Priced(NamedTuple):
    """Neighbouring words that say what a price should be."""

    start: int
    end: int
    value: str  # LOW, HIGH, or the lowest and highest, either may be left out: "20..50", "..500"
    likelihood: float


def find(words: Sequence[str], signed: bool = False) -> Iterator[Priced]:
    """Yield what *words* (normalised) say of a price; *signed*: a sign of a currency was typed somewhere among them.

    >>> [one[:3] for one in find("usb hub under 20 euros".split())]
    [(2, 5, '..20')]
    >>> [one[2] for one in find("cheap monitor between 100 and 300".split())]
    ['low', '100..300']
    """
    expressions = _expressions()
    for start in range(len(words)):
        for n in range(LONGEST, 0, -1):
            said = expressions.get(" ".join(words[start : start + n]), "")
            end = start + n
            if not said or end > len(words):
                continue
            if said in (LOW, HIGH):
                yield Priced(start, end, said, FELT)
            elif end < len(words) and words[end].isdecimal():
                yield _bound(words, start, end + 1, said.format(int(words[end])), signed)
            break
        if words[start] in BETWEEN and len(words) > start + 3 and words[start + 1].isdecimal() and words[start + 3].isdecimal():
            low, high = sorted((int(words[start + 1]), int(words[start + 3])))
            yield _bound(words, start, start + 4, f"{low}..{high}", signed)


def filter_of(value: str) -> str:
    """Return a bound as a filter; "" for LOW and HIGH.

    >>> filter_of("..500"), filter_of("20..50")
    ('price <= 500', 'price >= 20 and price <= 50')
    """
    low, dots, high = value.partition("..")
    return " and ".join([f"price >= {low}"] * bool(dots and low) + [f"price <= {high}"] * bool(high))


def shown(value: str) -> str:
    """Return a value as people write it.

    >>> shown("..500"), shown("20.."), shown("low")
    ('up to 500', 'from 20', 'low')
    """
    low, dots, high = value.partition("..")
    if not dots:
        return value
    return f"{low} to {high}" if low and high else f"up to {high}" if high else f"from {low}"


def _bound(words: Sequence[str], start: int, end: int, value: str, signed: bool) -> Priced:
    named = end < len(words) and words[end] in CURRENCIES
    return Priced(start, end + named, value, SURELY if named or signed else SAID)


@cache
def _expressions() -> dict[str, str]:
    of = {expression: "..{}" for expression in BELOW.split("|")} | {expression: "{}.." for expression in ABOVE.split("|")}
    return of | dict.fromkeys(CHEAP.split("|"), LOW) | dict.fromkeys(DEAR.split("|"), HIGH)
