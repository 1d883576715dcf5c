"""The report in a few lines, for a terminal or a mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ltrr_cli.report.charts import between, day, number, percent, signed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BLOCKS = "▁▂▃▄▅▆▇█"
WIDTH = 24  # characters of a curve
TOP = 5  # queries, arms
PLAIN = {0xA0: " ", 0x202F: " ", 0x2212: "-"}  # what only a page needs


def brief(numbers: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines: what was earned, lost, asked, explored, changed, and where it fails."""
    return (line.translate(PLAIN) for line in _lines(numbers))


def _lines(numbers: Mapping[str, Any]) -> Iterator[str]:
    earned, chance, speed = numbers["earned"], numbers["chance"], numbers["speed"]
    quarters, n = earned["quarters"], numbers["searches"]
    when = f"{day(numbers['first'])} to {day(numbers['last'])}"
    yield f"{_searches(n)}, {when}, {percent(earned['with_feedback'] / n)} with feedback"
    change = f"first to last quarter {signed(quarters['difference']['mean'])}{between(quarters['difference'])}"
    yield f"reward     {spark(earned['reward'])}  {number(earned['mean'])} per search; {change}"
    yield f"satisfied  {spark(earned['satisfied'])}  {percent(earned['satisfied_share'])} of the searches"
    yield from _regret(numbers["regret"])
    for arm, one in list(numbers["arms"]["arms"].items())[:TOP]:
        curve = spark(numbers["arms"]["budget"][arm])
        rate = f"hit rate {percent(one['hit_rate'])}" if one["chances"] else "no hits to count"
        share, credit = percent(one["budget_share"]), percent(one["credit_share"])
        yield f"{arm:<10} {curve}  {share} of the budget, {credit} of the credit, {rate}"
    total = chance["total"]
    yield f"explored   {spark(chance['explored'])}  {_searches(total['explored'])}, {number(total['expected'])} expected"
    errors = [(of, numbers["calibration"][of]["error"]) for of in ("plans", "arms")]
    if any(error is not None for _, error in errors):
        yield "believed   off by " + ", ".join(f"{percent(error)} ({of})" for of, error in errors if error is not None)
    items = numbers["items"]
    yield f"shown      {spark(items['shown_curve'])}  {number(items['shown'])} of {number(items['entities'])} entities"
    changed = [f"{name} {number(one['before'])} → {number(one['after'])}" for name, one in _changes(numbers)]
    if changed:
        yield f"changed    {', '.join(changed)}"
    yield f"speed      {spark(speed['p50'])}  " + ", ".join(f"{name} {number(ms)} ms" for name, ms in speed["all"].items())
    for key, what in (("without_results", "no results"), ("without_clicks", "no clicks")):
        found = numbers["misses"][key]
        most = ", ".join(f"{one['query']} ({number(one['searches'])})" for one in found["most"][:TOP])
        yield f"{what:<10} {_searches(found['searches'])}{': ' if most else ''}{most}"


def _searches(n: float) -> str:
    return f"{number(n)} {'search' if n == 1 else 'searches'}"


def _regret(regret: Mapping[str, Any]) -> Iterator[str]:
    for name, other in regret["others"].items():
        if other["enough"]:
            lost = other["regret"]
            yield f"regret     {spark(other['curve']['regret'])}  {signed(lost['mean'])} per search against {name}{between(lost)}"


def _changes(numbers: Mapping[str, Any], least: float = 0.001) -> list[tuple[str, Any]]:
    return [(name, one) for name, one in numbers["drift"]["changes"].items() if one["p"] < least]


def spark(curve: Sequence[float | None], width: int = WIDTH) -> str:
    """Return a curve as a row of *width* blocks at most, from 0, or its lowest value below that, to its highest.

    >>> spark([0.1, 0.5, 1.0, None], width=4)
    '▁▅█ '
    """
    columns = min(width, len(curve))
    parts = [curve[i * len(curve) // columns : (i + 1) * len(curve) // columns] for i in range(columns)]
    known = [[value for value in part if value is not None] for part in parts]
    means = [sum(part) / len(part) if part else None for part in known]
    low, high = (end((0.0, *(m for m in means if m is not None))) for end in (min, max))
    step = (high - low) / len(BLOCKS) or 1.0
    return "".join(" " if m is None else BLOCKS[min(len(BLOCKS) - 1, int((m - low) / step))] for m in means)
