"""The page: the report's numbers, plots and tables as one HTML file that asks nothing of any network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ltrr_cli.report.charts import between, day, minute, number, percent, signed
from ltrr_cli.report.figures import figures
from ltrr_cli.report.markup import shown, shown_long
from ltrr_cli.report.sections import sections
from ltrr_cli.report.style import STYLE

if TYPE_CHECKING:
    from collections.abc import Mapping

MARK = "<!-- ltrr report -->"  # by which a page is known as ours
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # nothing is loaded, no script would run
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E"
    "%3Cpath d='M0 8V5h2v3zm3 0V3h2v5zm3 0V0h2v8z' fill='%234e79a7'/%3E%3C/svg%3E"
)


def page(numbers: Mapping[str, Any]) -> str:
    """Return *numbers* (see `report.numbers.review`) as one HTML document."""
    charts = figures(numbers)
    parts = sections(numbers, charts)
    links = "".join(f'<a href="#{key}">{shown(title)}</a>' for key, title, _ in parts)
    body = "".join(f'<section><h2 id="{key}">{shown(title)}</h2>{inside}</section>' for key, title, inside in parts)
    title = f"ltrr report: {number(numbers['searches'])} searches"
    return (
        f'<!doctype html>\n{MARK}\n<html lang="en"><head><meta charset="utf-8"/><title>{shown(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"/>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"/><link rel="icon" href="{_ICON}"/>'
        f'<style>{STYLE}</style></head><body><header>{_head(numbers)}<nav aria-label="Parts">{links}</nav></header>'
        f"<main>{body}</main><footer><div>{_foot(numbers)}</div></footer></body></html>\n"
    )


def _head(numbers: Mapping[str, Any]) -> str:
    earned, chance, speed, misses = (numbers[name] for name in ("earned", "chance", "speed", "misses"))
    quarters, items = earned["quarters"], numbers["items"]
    cards = [
        (number(numbers["searches"]), f"searches, {percent(earned['with_feedback'] / numbers['searches'])} with feedback"),
        (number(earned["mean"]), "reward per search, from 0 to 1"),
        (signed(quarters["difference"]["mean"]), f"first to last quarter{between(quarters['difference'])}"),
        (percent(earned["satisfied_share"]), "found something that satisfied"),
        (percent(chance["total"]["share"]), "explored: a plan drawn that was not believed best"),
        (percent(items["shown_share"]), f"of {number(items['entities'])} entities shown at least once"),
        (f"{number(speed['all']['p95'])} ms", f"for 95 % of searches; median {number(speed['all']['p50'])} ms"),
        (percent(misses["without_results"]["share"]), "found nothing at all"),
    ]
    items_ = "".join(f"<li><b>{shown(value)}</b><span>{shown_long(what)}</span></li>" for value, what in cards)
    policies = ", ".join(numbers["chance"]["policies"])
    when = f"{day(numbers['first'])} to {day(numbers['last'])}"
    about = f"{numbers['folder']} · {number(numbers['entities'])} entities · {when} (UTC) · policy {policies}"
    return f'<h1>How the searches went</h1><p class="soft">{shown_long(about)}</p><ul class="cards">{items_}</ul>'


def _foot(numbers: Mapping[str, Any]) -> str:
    words = {
        "Reward of a search": "how far the best of its results satisfied, from 0 to 1, by what was done with it within "
        f"{number(numbers['settings']['window_hours'])} hours: a click counts 0.2, a play 0.7, a like 1, unless set otherwise. "
        "A search without feedback counts 0, also where somebody may yet act on it.",
        "Plan": "how many candidates are drawn from which arm; the policy chooses one of a menu with known probabilities.",
        "Intervals": "95 %, normal approximation. Searches influence later ones by what is learned, so they are approximate.",
    }
    listed = "".join(f"<dt>{shown(word)}</dt><dd>{shown_long(what)}</dd>" for word, what in words.items())
    made = f"Made by ltrr report on {minute(numbers['made'])} UTC from the log in {numbers['folder']}; times are UTC."
    return f"<dl>{listed}</dl><p>{shown_long(made)}</p>"
