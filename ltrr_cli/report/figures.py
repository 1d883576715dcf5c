"""What is plotted: from the report's numbers to charts, each with a sentence that says what it shows."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Any

from ltrr_cli.arms.base import ARMS
from ltrr_cli.report.charts import COLORS, Axis, Chart, Series, calendar, decades, number, over_time, percent, scale

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ARM_COLORS = {arm: i for i, arm in enumerate(ARMS)}
_ORDER = (0, 1, 3, 4, 2, 7)  # colours of what is no arm
SHARE = Axis("", 0.0, 1.0, tuple((i / 4, f"{25 * i}\xa0%") for i in range(5)))
WHOLE = Axis("", 0.0, 1.0, tuple((i / 4, f"{i / 4:g}") for i in range(5)))
FEW = 5  # searches below which a class has no point; most points, or it has no line
TOLD = 0.03  # share from which a layer is told of in words


def figures(numbers: Mapping[str, Any]) -> dict[str, Chart]:
    """Return every plot that *numbers* (see `report.numbers.review`) hold enough for, by its key."""
    earned, chance = numbers["earned"], numbers["chance"]
    found = [
        _reward(numbers, earned),
        _classes(numbers, earned),
        _place(numbers, earned),
        *(_regret(numbers, name, _ORDER[i]) for i, name in enumerate(numbers["regret"]["others"])),
        _others(numbers),
        _blend(numbers, "budget", "Who was asked: share of the budget by arm"),
        _blend(numbers, "credit", "Who delivered: share of the credited reward by arm"),
        _propensity(chance),
        _exploring(numbers, chance),
        _believed(numbers, "plans", "Plans: actions a look believed to earn, and earned"),
        _believed(numbers, "arms", "Arms: believed to have it among the first ten, and had"),
        _coverage(numbers),
        _mix(numbers),
        _new(numbers),
        _latency(numbers),
        _by_arm(numbers),
    ]
    return {chart.key: chart for chart in found if chart is not None}


def arm_color(arm: str) -> int:
    """Return the arm's own colour: an index of COLORS."""
    return _ARM_COLORS.get(arm, sum(arm.encode()) % len(COLORS))


def _xs(numbers: Mapping[str, Any], bins: int | None = None) -> tuple[tuple[float, ...], Axis, tuple[str, ...]]:
    """The places, axis and labels of curves with a value a bin, or of coarser ones."""
    times = numbers["earned"]["from"]
    bins = len(times) if bins is None else bins
    times = [times[i * len(times) // bins] for i in range(bins)]
    each = max(1, round(numbers["searches"] / bins))
    title = f"time of search, {number(each)} {'search' if each == 1 else 'searches'} a point"
    return tuple(float(i) for i in range(bins)), over_time(times, title), calendar(times)


def _lines(numbers: Mapping[str, Any], key: str, title: str, says: str, series: Sequence[Series], y: Axis, **more: Any) -> Chart:
    xs, x, labels = _xs(numbers, len(series[0].ys))
    return Chart(key, "lines", title, says, xs, series, x, y, labels, **more)


def _reward(numbers: Mapping[str, Any], earned: Mapping[str, Any]) -> Chart:
    quarters = earned["quarters"]
    says = (
        f"Reward per search went from {number(quarters['first'])} in the first quarter to {number(quarters['last'])} in the "
        f"last; something satisfied in {percent(earned['satisfied_share'])} of the searches."
    )
    series = [
        Series("reward per search", earned["reward"], 0, earned["low"], earned["high"]),
        Series("something satisfied", earned["satisfied"], 3),
    ]
    return _lines(numbers, "reward", "Reward and satisfied searches", says, series, WHOLE)


def _classes(numbers: Mapping[str, Any], earned: Mapping[str, Any]) -> Chart | None:
    curves = {
        name: [value if n >= FEW else None for value, n in zip(curve["reward"], curve["searches"], strict=True)]
        for name, curve in earned["classes"].items()
        if 2 * sum(n >= FEW for n in curve["searches"]) > len(curve["searches"])
    }
    if not curves:
        return None
    series = [Series(name, curve, _ORDER[i % len(_ORDER)]) for i, (name, curve) in enumerate(curves.items())]
    says = f"First and last: {', '.join(f'{name} {_ends(curve, number)}' for name, curve in curves.items())}."
    return _lines(numbers, "classes", "Reward by class of queries", says, series, WHOLE)


def _place(numbers: Mapping[str, Any], earned: Mapping[str, Any]) -> Chart | None:
    if not any(earned["place"]):
        return None
    says = f"Mean of 1 / place where something satisfied: {_ends(earned['place'], number)}; 1 is always first."
    series = [Series("1 / place", earned["place"], 4)]
    return _lines(numbers, "place", "How far up it stood: mean of 1 / place", says, series, WHOLE)


def _regret(numbers: Mapping[str, Any], name: str, color: int) -> Chart | None:
    """One plot for each way of choosing: their scales differ by orders of magnitude."""
    other = numbers["regret"]["others"].get(name)
    if other is None or not other["enough"]:
        return None
    curve = other["curve"]
    one = Series("regret", curve["regret"], color, curve["low"], curve["high"])
    values = [0.0, *curve["low"], *curve["high"]]
    says = (
        f"Against {other['what']}: {number(curve['regret'][-1])} reward lost in all, 95\xa0% {number(curve['low'][-1])} to "
        f"{number(curve['high'][-1])}; below 0 is won."
    )
    title = f"Cumulative regret against {name}"
    key = f"regret-{name.replace(' ', '-')}"
    return _lines(numbers, key, title, says, [one], scale("", min(values), max(values)))


def _others(numbers: Mapping[str, Any]) -> Chart | None:
    regret = numbers["regret"]
    rows = {"as it was": {"value": regret["mean"], "low": None, "high": None}}
    rows |= {name: other for name, other in regret["others"].items() if other["enough"]}
    if len(rows) < 2:
        return None
    values = [row[of] for row in rows.values() for of in ("value", "low", "high") if row[of] is not None]
    low, high = min(values), max(values)
    x = scale("reward per search", max(0.0, low - 0.1 * (high - low)), high + 0.1 * (high - low))
    columns = [[row[of] for row in rows.values()] for of in ("value", "low", "high")]
    colors = {name: _ORDER[i] for i, name in enumerate(regret["others"])}
    series = [Series("value", columns[0], 0, columns[1], columns[2], [colors.get(name, 9) for name in rows])]
    says = ", ".join(f"{name}: {number(row['value'])}" for name, row in rows.items()) + "."
    title = "Reward per search of other ways of choosing"
    return Chart("others", "ranges", title, says, (), series, x, SHARE, tuple(rows))


def _blend(numbers: Mapping[str, Any], of: str, title: str) -> Chart | None:
    curves = {arm: curve for arm, curve in numbers["arms"][of].items() if any(curve)}
    if not curves:
        return None
    series = [Series(arm, curve, arm_color(arm)) for arm, curve in curves.items()]
    xs, x, labels = _xs(numbers, len(series[0].ys))
    return Chart(of, "areas", title, _told(curves), xs, series, x, SHARE, labels, True)


def _propensity(chance: Mapping[str, Any]) -> Chart:
    columns = chance["propensity"]["columns"]
    while len(columns) > 4 and not columns[0]["searches"]:
        columns = columns[1:]
    counts = [column["searches"] for column in columns] + [chance["propensity"]["certain"]]
    n = len(counts)
    ticks = [(float(i), f"{column['from']:.3g}") for i, column in enumerate(columns) if i % 4 == (n - 1) % 4 and column["from"]]
    x = Axis("chance of the plan that was drawn", 0.0, float(n), (*ticks, (n - 0.5, "1")))
    labels = [f"{number(column['from'])} to {number(column['to'])}" for column in columns] + ["certain"]
    says = (
        f"{number(sum(counts) - counts[-1])} searches left the plan to chance, {number(counts[-1])} did not; "
        f"the least likely plan drawn had a chance of {number(chance['propensity']['lowest'])}."
    )
    y = scale("searches", 0.0, max(counts))
    series = [Series("searches", counts, 0)]
    return Chart("propensity", "columns", "Propensities of the plans drawn", says, tuple(range(n)), series, x, y, labels)


def _exploring(numbers: Mapping[str, Any], chance: Mapping[str, Any]) -> Chart:
    series = [Series("was to explore", chance["expected"], 9), Series("explored", chance["explored"], 1)]
    top = max((value or 0.0 for one in series for value in one.ys), default=0.0)
    total = chance["total"]
    says = f"{number(total['explored'])} searches explored, {number(total['expected'])} were expected to."
    y = scale("", 0.0, max(0.05, top), percent)
    return _lines(numbers, "exploring", "Searches that explored", says, series, y, percent=True)


def _believed(numbers: Mapping[str, Any], of: str, title: str) -> Chart | None:
    curve = numbers["calibration"][of]
    if not curve["predicted"]:
        return None
    values = [v for name in ("predicted", "came", "low", "high") for v in curve[name] if v is not None]
    low = min(0.9, min(values))
    x, y = (scale(name, low, max(1.0, *values), percent) for name in ("believed", "came"))
    says = f"Mean distance between believed and came: {percent(curve['error'])}. Ten groups of equal size."
    series = [Series("came", curve["came"], 0 if of == "plans" else 3, curve["low"], curve["high"])]
    return Chart(f"believed-{of}", "points", title, says, curve["predicted"], series, x, y, percent=True)


def _coverage(numbers: Mapping[str, Any]) -> Chart:
    items = numbers["items"]
    series = [Series("shown", items["shown_curve"], 0), Series("satisfied somebody", items["satisfied_curve"], 3)]
    says = f"{number(items['shown'])} of {number(items['entities'])} entities were shown, {number(items['satisfied'])} satisfied."
    return _lines(numbers, "coverage", "Part of the catalog seen so far", says, series, SHARE, percent=True)


def _mix(numbers: Mapping[str, Any]) -> Chart:
    classes = numbers["drift"]["classes"]
    series = [Series(name, curve, _ORDER[i % len(_ORDER)]) for i, (name, curve) in enumerate(classes.items())]
    xs, x, labels = _xs(numbers, len(series[0].ys))
    return Chart("mix", "areas", "Mix of queries by class", _told(classes), xs, series, x, SHARE, labels, True)


def _new(numbers: Mapping[str, Any]) -> Chart:
    curve = numbers["drift"]["new_queries"]
    says = f"Share of searches whose query had not been asked before in this log: {_ends(curve)}."
    return _lines(numbers, "new", "Queries asked for the first time", says, [Series("new", curve, 7)], SHARE, percent=True)


def _latency(numbers: Mapping[str, Any]) -> Chart:
    speed = numbers["speed"]
    series = [Series("median", speed["p50"], 0), Series("95 %", speed["p95"], 2)]
    says = ", ".join(f"{name} {number(ms)} ms" for name, ms in speed["all"].items()) + " over all searches."
    y = scale("ms", 0.0, max(ms or 0.0 for one in series for ms in one.ys))
    return _lines(numbers, "latency", "Time of a search, in milliseconds", says, series, y)


def _by_arm(numbers: Mapping[str, Any]) -> Chart | None:
    arms = {arm: took for arm, took in numbers["speed"]["arms"].items() if took["p50"]}
    if not arms:
        return None
    low, high = min(took["p50"] for took in arms.values()), max(took["p95"] for took in arms.values())
    x = decades("milliseconds, median to 95 %", low, high)
    places = [[log10(took[of]) for took in arms.values()] for of in ("p50", "p95")]
    series = [Series("median", places[0], 0, places[0], places[1], tuple(map(arm_color, arms)))]
    slowest, took = next(iter(arms.items()))
    says = f"The slowest is {slowest}: median {number(took['p50'])} ms, 95\xa0% within {number(took['p95'])} ms."
    return Chart("arm-latency", "ranges", "Time of a draw by arm", says, (), series, x, SHARE, tuple(arms), log=True)


def _told(layers: Mapping[str, Sequence[float | None]]) -> str:
    """The first and last share of every layer that matters."""
    large = (f"{name} {_ends(curve)}" for name, curve in layers.items() if max(curve[0] or 0.0, curve[-1] or 0.0) >= TOLD)
    return f"First and last: {', '.join(large)}."


def _ends(curve: Sequence[float | None], show: Callable[[float | None], str] = percent) -> str:
    known = [value for value in curve if value is not None]
    return f"{show(known[0])} → {show(known[-1])}" if known else "–"
