"""The page: the report's numbers, plots and tables as one HTML file that asks nothing of any network."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ltrr_cli.report.charts import number, percent
from ltrr_cli.report.figures import figures
from ltrr_cli.report.markup import Column, figure, heat, shown, shown_long, table, two
from ltrr_cli.report.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ltrr_cli.report.charts import Chart

MARK = "<!-- ltrr report -->"  # by which a page is known as ours
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # nothing is loaded, no script would run
_ICON = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Cpath d='M0 8V5h2v3zm3 0V3h2v5zm3 0V0h2v8z' fill='%234e79a7'/%3E%3C/svg%3E"


def page(numbers: Mapping[str, Any]) -> str:
    """Return *numbers* (see `report.numbers.review`) as one HTML document."""
    charts = figures(numbers)
    sections = [
        _earned(numbers, charts),
        _regret(numbers, charts),
        _arms(numbers, charts),
        _chance(numbers, charts),
        _calibration(numbers, charts),
        _items(numbers, charts),
        _drift(numbers, charts),
        _speed(numbers, charts),
        _misses(numbers),
    ]
    links = "".join(f'<a href="#{key}">{shown(title)}</a>' for key, title, _ in sections)
    body = "".join(f'<section><h2 id="{key}">{shown(title)}</h2>{inside}</section>' for key, title, inside in sections)
    title = f"ltrr report: {number(numbers['searches'])} searches"
    return (
        f'<!doctype html>\n{MARK}\n<html lang="en"><head><meta charset="utf-8"><title>{shown(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="{_ICON}">'
        f"<style>{STYLE}</style></head><body><header>{_head(numbers)}<nav aria-label=\"Parts\">{links}</nav></header>"
        f"<main>{body}</main><footer>{_foot(numbers)}</footer></body></html>\n"
    )


def _head(numbers: Mapping[str, Any]) -> str:
    earned, chance, speed, misses = (numbers[name] for name in ("earned", "chance", "speed", "misses"))
    quarters, items = earned["quarters"], numbers["items"]
    cards = [
        (number(numbers["searches"]), f"searches, {percent(earned['with_feedback'] / numbers['searches'])} with feedback"),
        (number(earned["mean"]), "reward per search, from 0 to 1"),
        (_signed(quarters["difference"]["mean"]), f"first to last quarter{_between(quarters['difference'])}"),
        (percent(earned["satisfied_share"]), "found something that satisfied"),
        (percent(chance["total"]["share"]), "explored: a plan drawn that was not believed best"),
        (percent(items["shown_share"]), f"of {number(items['entities'])} entities shown at least once"),
        (f"{number(speed['all']['p95'])} ms", f"for 95 % of searches; median {number(speed['all']['p50'])} ms"),
        (percent(misses["without_results"]["share"]), "found nothing at all"),
    ]
    items_ = "".join(f"<li><b>{shown(value)}</b><span>{shown_long(what)}</span></li>" for value, what in cards)
    policies = ", ".join(numbers["chance"]["policies"])
    when = f"{_day(numbers['first'])} to {_day(numbers['last'])}"
    about = f"{numbers['folder']} · {number(numbers['entities'])} entities · {when} (UTC) · policy {policies}"
    return f'<h1>How the searches went</h1><p class="soft">{shown_long(about)}</p><ul class="cards">{items_}</ul>'


Section = tuple[str, str, str]


def _earned(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    change = numbers["earned"]["quarters"]["difference"]
    verdict = "Too little to compare the first with the last quarter."
    if change["low"] is not None:
        clear = "more" if change["low"] > 0 else "less" if change["high"] < 0 else ""
        amount = f"{_signed(change['mean'])} (95 % {_signed(change['low'])} to {_signed(change['high'])})"
        verdict = f"The last quarter earned {clear} per search than the first: {amount}." if clear else (
            f"First and last quarter cannot be told apart: {amount}."
        )
    note = "Queries change too, so this alone does not show that learning was the cause; the next part does where it can."
    inside = f"<p>{shown_long(verdict)} {note}</p>" + figure(charts["reward"])
    return "earned", "What searches earned", inside + two([charts["classes"], charts.get("place")])


def _regret(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    regret = numbers["regret"]
    rows = [
        (
            name,
            other["what"],
            _interval(other),
            _interval(other["regret"], "mean", signed=True) if other["regret"] else "–",
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
        f"(95 %) take a session as one observation. {number(regret['left_out'])} searches left nothing to chance and are left out. "
        "Fewer than 50 effective searches are too few to say anything. Above 0 the other way would have earned more; "
        "what it would have taught is not counted."
    )
    if not rows:
        return "regret", "Regret", "<p>No search left anything to chance, so the log can't tell what another choice would have earned.</p>"
    plots = [chart for key in ("regret", "others") if (chart := charts.get(key)) is not None]
    inside = two(plots) + table("Other ways of choosing", columns, rows)
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
    blend = "".join(figure(charts[key]) for key in ("budget",) if key in charts)
    heads = [Column("class of queries", True), *(Column(arm) for arm in arms)]
    lines = [
        (name, *(heat(shares[arm], percent(shares[arm]) if shares[arm] >= 0.005 else "") for arm in arms))
        for name, shares in numbers["arms"]["classes"].items()
    ]
    inside = blend + (figure(charts["credit"]) if "credit" in charts else "") + table("Arms", columns, rows, note)
    return "arms", "The blend of arms", inside + table("Share of the budget by class of queries", heads, lines)


def _chance(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    chance = numbers["chance"]
    away = chance["deviation"]
    fair = "Nothing was left to chance." if away is None else (
        f"{number(chance['total']['explored'])} searches explored; by the logged probabilities {number(chance['total']['expected'])} "
        f"were expected to, {number(abs(away))} standard deviations away"
        + (": more than chance explains, so the logged propensities are in doubt." if abs(away) > 4 else ", as chance has it.")
    )
    columns = [Column("plan, in tenths of the budget", True), Column("searches"), Column("reward")]
    rows = [(name.replace("+", " + "), number(one["searches"]), number(one["reward"])) for name, one in chance["plans"].items()]
    plans = table(f"Plans drawn most, of {number(chance['different_plans'])} different ones", columns, rows)
    return "chance", "Chance", f"<p>{shown_long(fair)}</p>" + two([charts["propensity"], charts["exploring"]]) + plans


def _calibration(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    found = numbers["calibration"]
    if not found["actions"]:
        return "calibration", "Was it right about itself?", "<p>Nothing has satisfied yet, so there is nothing to hold beliefs against.</p>"
    told = (
        f"The last {number(found['actions'])} satisfying actions, learned again by the same code"
        + (f" after {number(found['warmed_up_on'])} to warm up" if found["warmed_up_on"] else "")
        + ": what was believed before each one, beside what it showed. A point is a tenth of the beliefs, on the diagonal if they "
        "were right. What memory adds for the very query is left out."
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
        f"{number(items['shown'])} different entities were shown, {number(items['satisfied'])} satisfied somebody. The most shown "
        f"hundredth of the catalog has {percent(items['top_share'])} of all showings; the Gini coefficient is {number(items['gini'])} "
        "(0: all alike, 1: all to one)."
    )
    columns = [Column("type", True), Column("entities"), Column("shown"), Column("of them"), Column("satisfied"), Column("showings")]
    rows = [
        (
            kind, number(one["entities"]), number(one["shown"]),
            percent(one["shown"] / one["entities"]) if one["entities"] else "–", number(one["satisfied"]), number(one["showings"]),
        )
        for kind, one in items["types"].items()
    ]  # fmt: skip
    inside = two([charts["coverage"], charts["new"]]) + table("By type", columns, rows)
    return "items", "Coverage of the catalog", f"<p>{shown_long(told)}</p>{inside}"


def _drift(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    drift = numbers["drift"]
    changes = [
        (name, number(one["before"]), number(one["after"]), _minute(one["time"]), "< 0.001" if one["p"] < 0.001 else f"{one['p']:.3f}")
        for name, one in drift["changes"].items()
    ]
    features = [
        (name.replace("_", " "), number(one["before"]), number(one["after"]), f"{one['shift']:+.2f}")
        for name, one in drift["features"].items()
    ]
    note = (
        "Each row of numbers is cut where its mean changes most; p is the chance of so large a change somewhere, were all searches "
        "alike (Kolmogorov). Of many rows, one in twenty falls below 0.05 by itself."
    )
    tables = ""
    if changes:
        heads = [Column("what", True), Column("before"), Column("after"), Column("changed"), Column("p")]
        tables += table("Where it changed most", heads, changes, note)
    if features:
        heads = [Column("feature", True), Column("first half"), Column("second half"), Column("shift, in SD")]
        tables += table("Features of queries that moved most", heads, features)
    return "drift", "Drift", figure(charts["mix"]) + f'<div class="two"><div>{tables}</div></div>'.replace(' class="two"', "", 1)


def _speed(numbers: Mapping[str, Any], charts: Mapping[str, Chart]) -> Section:
    speed = numbers["speed"]
    columns = [Column("query", True), Column("ms"), Column("slowest arm"), Column("its ms"), Column("time"), Column("search")]
    rows = [
        (
            one["query"] or "(empty)", number(one["took_ms"]), one["slowest_arm"] or "–", number(one["slowest_arm_ms"]),
            _minute(one["time"]), one["search_id"],
        )
        for one in speed["slowest"]
    ]  # fmt: skip
    inside = two([charts["latency"], charts.get("arm-latency")])
    return "speed", "Speed", inside + table("Slowest searches", columns, rows, "`ltrr explain SEARCH` shows one of them whole.")


def _misses(numbers: Mapping[str, Any]) -> Section:
    tables = []
    for key, caption in (("without_results", "Queries without results"), ("without_clicks", "Queries whose results nobody wanted")):
        found = numbers["misses"][key]
        columns = [Column("query", True), Column("searches"), Column("last")]
        rows = [(one["query"] or "(empty)", number(one["searches"]), _minute(one["last"])) for one in found["most"]]
        note = f"{number(found['searches'])} searches, {percent(found['share'])} of all; {number(found['queries'])} different queries."
        tables.append(f"<div>{table(caption, columns, rows, note)}</div>")
    return "misses", "Where it fails", f'<div class="two">{"".join(tables)}</div>'


def _foot(numbers: Mapping[str, Any]) -> str:
    words = {
        "Reward of a search": "how far the best of its results satisfied, from 0 to 1, by what was done with it within "
        f"{number(numbers['settings']['window_hours'])} hours: a click counts 0.2, a play 0.7, a like 1, unless set otherwise. "
        "A search without feedback counts 0, also where somebody may yet act on it.",
        "Plan": "how many candidates are drawn from which arm; the policy chooses one of a menu with known probabilities.",
        "Intervals": "95 %, normal approximation. Searches influence later ones by what is learned, so they are approximate.",
    }
    listed = "".join(f"<dt>{shown(word)}</dt><dd>{shown_long(what)}</dd>" for word, what in words.items())
    made = f"Made by ltrr report on {_minute(numbers['made'])} UTC from the log in {numbers['folder']}; times are UTC."
    return f"<dl>{listed}</dl><p>{shown_long(made)}</p>"


def _interval(one: Mapping[str, Any], mean: str = "value", signed: bool = False) -> str:
    if one[mean] is None:
        return "too little support"
    show = _signed if signed else number
    return f"{show(one[mean])} ({show(one['low'])} to {show(one['high'])})"


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:+.3f}".replace("-", "−")


def _between(one: Mapping[str, float | None]) -> str:
    return "" if one["low"] is None else f", 95 % {_signed(one['low'])} to {_signed(one['high'])}"


def _day(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d}"


def _minute(time: float) -> str:
    return f"{datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M}"
