"""The parts of the page: each a heading, a sentence that says what was found, plots and tables."""

from __future__ import annotations

from math import erfc, sqrt
from typing import TYPE_CHECKING, Any

from ltrr_cli.report.charts import minute, number, percent, signed
from ltrr_cli.report.markup import Column, beside, figure, heat, shown_long, table, two

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ltrr_cli.report.charts import Chart

Section = tuple[str, str, str]  # its anchor, heading and inside
DOUBT = 1e-4  # a chance
CLASSES = (
    "Classes: title, what was typed is the title of something; typo, it has a word that the catalog does not; word, one word; "
    "few, two to four; long, more."
)


def sections(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> list[Section]:
    """Return the parts in the order of the page."""
    parts = (_earned, _arms, _regret, _chance, _calibration, _items, _drift, _speed)
    return [*(part(numbers, charts) for part in parts), _misses(numbers)]


def _earned(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    change = numbers["earned"]["quarters"]["difference"]
    verdict = "Too little to compare the first with the last quarter."
    if change["low"] is not None:
        clear = "more" if change["low"] > 0 else "less" if change["high"] < 0 else ""
        amount = f"{signed(change['mean'])} (95\xa0% {signed(change['low'])} to {signed(change['high'])})"
        verdict = (
            f"The last quarter earned {clear} per search than the first: {amount}."
            if clear
            else (f"First and last quarter cannot be told apart: {amount}.")
        )
    note = "Queries change too, so this alone does not show that learning was the cause; the part on regret does, where it can."
    inside = f"<p>{shown_long(verdict)} {note}</p>" + figure(charts["reward"])
    return "earned", "What searches earned", inside + two([charts.get("classes"), charts.get("place")])


def _regret(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    regret = numbers["regret"]
    rows = [
        (
            name,
            other["what"],
            _interval(other),
            _interval(other["regret"], "mean") if other["regret"] else "–",
            number(other["ess"]),
            number(other["largest_weight"]),
        )
        for name, other in regret["others"].items()
    ]
    columns = [
        Column("instead", True),
        Column("that is", True),
        Column("reward per search"),
        Column("regret per search"),
        Column("effective searches", tip="(sum of weights)² / sum of squared weights"),
        Column("largest weight"),
    ]
    told = (
        f"What another way of choosing plans would have earned on the {number(regret['searches'])} searches where every plan "
        "of the menu had a chance to be drawn, by inverse propensity weighting with the mean reward as a baseline; intervals "
        f"(95\xa0%) take a session as one observation. {number(regret['left_out'])} searches left nothing to chance and are left "
        "out. Below 50 effective searches nothing is said. Regret above 0: the other way would have earned more; what it would "
        "have taught is not counted."
    )
    if not rows:
        return (
            "regret",
            "Regret",
            "<p>No search left anything to chance, so the log can't tell what another choice would have earned.</p>",
        )
    plots = two(chart for key, chart in charts.items() if key.startswith("regret-"))
    inside = plots + (figure(charts["others"]) if "others" in charts else "") + table("Other ways of choosing", columns, rows)
    return "regret", "Regret", f"<p>{shown_long(told)}</p>{inside}"


def _arms(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    arms, latency = numbers["arms"]["arms"], numbers["speed"]["arms"]
    columns = [
        Column("arm", True), Column("searches"), Column("budget"), Column("credit"), Column("hit rate"), Column("95 %"),
        Column("alone", tip="reward that would have been lost without it"), Column("median ms"), Column("95 % ms"),
    ]  # fmt: skip
    rows = [
        (
            arm, number(one["searches"]), percent(one["budget_share"]), percent(one["credit_share"]), percent(one["hit_rate"]),
            f"{percent(one['low'])} to {percent(one['high'])}" if one["chances"] else "–", number(one["alone"]),
            number(latency.get(arm, {}).get("p50")), number(latency.get(arm, {}).get("p95")),
        )
        for arm, one in arms.items()
    ]  # fmt: skip
    note = (
        "Credit is shared evenly among the arms that had drawn what satisfied. Hit rate: of what satisfied, in searches that "
        "drew from the arm, the part that it had drawn. Alone: reward that would have been lost without it."
    )
    blend = "".join(figure(charts[key]) for key in ("budget", "credit") if key in charts)
    heads = [Column("class of queries", True), *(Column(arm) for arm in arms)]
    lines = [
        (name, *(heat(shares[arm], percent(shares[arm]) if shares[arm] >= 0.005 else "") for arm in arms))
        for name, shares in numbers["arms"]["classes"].items()
    ]
    classes = table("Share of the budget by class of queries", heads, lines, CLASSES)
    return "arms", "The blend of arms", blend + table("Arms", columns, rows, note) + classes


def _chance(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    chance = numbers["chance"]
    total, away = chance["total"], chance["deviation"]
    fair = "Nothing was left to chance."
    if away is not None:
        fair = (
            f"{number(total['explored'])} searches explored; by the logged probabilities {number(total['expected'])} were "
            f"expected to, {number(abs(away))} standard deviations away"
        )
        rare = erfc(abs(away) / sqrt(2))
        fair += f": chance alone goes so far in {percent(rare)} of such logs."
        fair += " The logged propensities are in doubt." if rare < DOUBT else ""
    columns = [Column("plan, in tenths of the budget", True), Column("searches"), Column("reward")]
    rows = [(name.replace("+", " + "), number(one["searches"]), number(one["reward"])) for name, one in chance["plans"].items()]
    plans = table(f"Plans drawn most, of {number(chance['different_plans'])} different ones", columns, rows)
    return "chance", "Chance", f"<p>{shown_long(fair)}</p>" + two([charts["propensity"], charts["exploring"]]) + plans


def _calibration(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    found = numbers["calibration"]
    if not found["actions"]:
        return (
            "calibration",
            "Was it right about itself?",
            "<p>Nothing has satisfied yet, so there is nothing to hold beliefs against.</p>",
        )
    told = (
        f"The last {number(found['actions'])} satisfying actions, learned again by the same code"
        + (f" after {number(found['warmed_up_on'])} to warm up" if found["warmed_up_on"] else "")
        + ": what was believed before each one, beside what it showed. A point is a tenth of the beliefs, on the diagonal if "
        "they were right. What memory adds for the very query is left out."
    )
    columns = [Column("arm", True), Column("believed"), Column("came"), Column("95 %")]
    rows = [
        (arm, percent(one["predicted"]), percent(one["came"]), f"{percent(one['low'])} to {percent(one['high'])}")
        for arm, one in found["by_arm"].items()
    ]
    arms = table("Has it among its first ten", columns, rows) if rows else ""
    inside = two([charts.get("believed-plans"), charts.get("believed-arms")]) + arms
    return "calibration", "Was it right about itself?", f"<p>{shown_long(told)}</p>{inside}"


def _items(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    items = numbers["items"]
    told = (
        f"{number(items['shown'])} different entities were shown, {number(items['satisfied'])} satisfied somebody. The most "
        f"shown hundredth of the catalog has {percent(items['top_share'])} of all showings; the Gini coefficient is "
        f"{number(items['gini'])} (0: all alike, 1: all to one)."
    )
    columns = [
        Column("type", True),
        Column("entities"),
        Column("shown"),
        Column("of them"),
        Column("satisfied"),
        Column("showings"),
    ]
    rows = [
        (
            kind, number(one["entities"]), number(one["shown"]),
            percent(one["shown"] / one["entities"]) if one["entities"] else "–",
            number(one["satisfied"]), number(one["showings"]),
        )
        for kind, one in items["types"].items()
    ]  # fmt: skip
    inside = two([charts["coverage"], charts["new"]]) + table("By type", columns, rows)
    return "items", "Coverage of the catalog", f"<p>{shown_long(told)}</p>{inside}"


def _drift(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    drift = numbers["drift"]
    changes = [
        (
            name,
            number(one["before"]),
            number(one["after"]),
            minute(one["time"]),
            "< 0.001" if one["p"] < 0.001 else f"{one['p']:.3f}",
        )
        for name, one in drift["changes"].items()
    ]
    features = [
        (name.replace("_", " "), number(one["before"]), number(one["after"]), f"{one['shift']:+.2f}")
        for name, one in drift["features"].items()
    ]
    note = (
        "Each row of numbers is cut where its mean changes most; p is the chance of so large a change somewhere, were all "
        "searches alike (Kolmogorov). Of many rows, one in twenty falls below 0.05 by itself."
    )
    tables = []
    if changes:
        heads = [Column("what", True), Column("before"), Column("after"), Column("changed"), Column("p")]
        tables.append(table("Where it changed most", heads, changes, note))
    if features:
        heads = [Column("feature", True), Column("first half"), Column("second half"), Column("shift, in SD")]
        tables.append(table("Features of queries that moved most", heads, features))
    return "drift", "Drift", figure(charts["mix"]) + beside(tables)


def _speed(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    speed = numbers["speed"]
    columns = [
        Column("query", True),
        Column("ms"),
        Column("slowest arm", True),
        Column("its ms"),
        Column("time"),
        Column("search"),
    ]
    rows = [
        (
            one["query"] or "(empty)", number(one["took_ms"]), one["slowest_arm"] or "–", number(one["slowest_arm_ms"]),
            minute(one["time"]), one["search_id"],
        )
        for one in speed["slowest"]
    ]  # fmt: skip
    inside = two([charts["latency"], charts.get("arm-latency")])
    return "speed", "Speed", inside + table("Slowest searches", columns, rows, "ltrr explain SEARCH shows one of them whole.")


def _misses(numbers: Mapping[str, Any]) -> Section:
    tables = []
    for key, caption in (
        ("without_results", "Queries without results"),
        ("without_clicks", "Queries whose results nobody wanted"),
    ):
        found = numbers["misses"][key]
        columns = [Column("query", True), Column("searches"), Column("last")]
        rows = [(one["query"] or "(empty)", number(one["searches"]), minute(one["last"])) for one in found["most"]]
        note = f"{number(found['searches'])} searches, {percent(found['share'])} of all; {number(found['queries'])} different."
        tables.append(table(caption, columns, rows, note))
    return "misses", "Where it fails", beside(tables)


def _interval(one: Mapping[str, Any], mean: str = "value") -> str:
    if one[mean] is None:
        return "too little support"
    show = number if mean == "value" else signed
    return f"{show(one[mean])} ({show(one['low'])} to {show(one['high'])})"
