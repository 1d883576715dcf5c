"""The path of one search in words: how it was read, what was drawn, who found what, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ltrr_cli.cli.render import clean, counted, number
from ltrr_cli.understand.features import by_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ltrr_cli.records import Page


def of_page(page: Page) -> str:
    """Tell the story of a search that was made just now."""
    choice = page.choice
    menu = [dict(plan.draws) for plan in choice.menu]
    decision = {**page._asdict(), "query": page.query._asdict(), "results": [result._asdict() for result in page.results]}
    decision["choice"] = {**choice._asdict(), "menu": menu, "chosen": menu.index(dict(choice.plan.draws))}
    return "".join(f"{clean(line)}\n" for line in (*_decision(decision), *_results(decision)))


def of_log(decision: Mapping[str, Any]) -> str:
    """Tell the story of a logged search, with the whole menu and what was done with the results."""
    lines = [f"search    {decision['search_id']}, {decision['time']}", f"asked     {decision['query']['text']}"]
    menu = _teams(decision["interleaved"]) if "interleaved" in decision else _menu(decision["choice"])
    lines += [*_decision(decision), *_shadow(decision), *_features(decision), *menu, *_results(decision), *_events(decision)]
    return "".join(f"{clean(line)}\n" for line in lines)


def _decision(decision: Mapping[str, Any]) -> Iterator[str]:
    choice = decision["choice"]
    readings = ", ".join(f"{typed} -> {word} ({likelihood:.2f})" for typed, word, likelihood in decision["query"]["corrections"])
    if readings:
        yield f"read as   {readings}"
    for i, (likelihood, slots, rest) in enumerate(decision["query"]["interpretations"]):
        values = [f"{field} {shown!r} (typed {typed!r})" for typed, field, _, shown in slots]
        yield f"{'' if i else 'means':<10}{likelihood:.2f}  {' + '.join([*values, *map(repr, rest)])}"
    if decision["query"]["intent"]:
        yield f"intent    {', '.join(f'{kind} {chance:.2f}' for kind, chance in decision['query']['intent'])}"
    found = counted(decision["total"], "candidate")
    yield f"drawn     {_plan(choice['menu'][choice['chosen']])} of {decision['budget']}; {found}"
    way = "exploring" if choice["explored"] else "the best known"
    yield f"chosen by {choice['policy']}, {way}, with probability {choice['propensity']:.3f} from {len(choice['menu'])} plans"


def _shadow(decision: Mapping[str, Any]) -> Iterator[str]:
    if "shadow" in decision:
        one, choice = decision["shadow"], decision["choice"]
        own, drawn = (one["probabilities"][which["chosen"]] for which in (one, choice))
        plan = _plan(choice["menu"][one["chosen"]])
        yield f"beside    {one['policy']} would have drawn {plan} with probability {own:.3f}, and what was drawn with {drawn:.3f}"
        if one["replaced"]:
            yield f"{'':<10}the default plan was drawn in its place, as it has done worse than that lately"


def _features(decision: Mapping[str, Any]) -> Iterator[str]:
    seen = ", ".join(f"{name} {value:.3g}" for name, value in by_name(decision["x"]).items() if value and name != "bias")
    yield f"seen as   {decision['class']}: {seen}"


def _menu(choice: Mapping[str, Any]) -> Iterator[str]:
    for i, (draws, chance) in enumerate(zip(choice["menu"], choice["probabilities"], strict=True)):
        yield f"{'' if i else 'menu':<10}{chance:.3f}  {_plan(draws)}"


def _teams(both: Mapping[str, Any]) -> Iterator[str]:
    """The menu of an interleaved search has all pairs of plans: too many to read."""
    for i, (team, policy) in enumerate(zip("AB", both["policies"], strict=True)):
        chosen, chances = both["chosen"][i], both["probabilities"][i]
        placed = ", ".join(str(rank) for rank, by in enumerate(both["teams"], 1) if by == team)
        drew = f"{policy} drew {_plan(both['menu'][chosen])} with probability {chances[chosen]:.3f}"
        yield f"team {team}    {drew}; placed {placed or 'nothing'}"


def _results(decision: Mapping[str, Any]) -> Iterator[str]:
    for r in decision["results"]:
        yield f"{r['rank']:>3}  {r['title']}  {r['type']}  {number(r['score'])}  {r['id']}"
        yield f"     found by {', '.join(f'{arm} (rank {rank}, score {number(s)})' for arm, (rank, s) in r['arms'].items())}"
        parts = sorted(r["why"].items(), key=lambda part: -abs(part[1]))
        yield f"     score {number(r['score'])} = {' '.join(f'{name} {value:+.3f}' for name, value in parts if value)}"


def _events(decision: Mapping[str, Any]) -> Iterator[str]:
    for event in decision.get("events", ()):
        late = "" if event["timely"] else ", too late to learn from"
        yield f"then      {event['action']} on {event['id']}: reward {number(event['reward'])}{late}"
        shares = ", ".join(f"{arm} {number(part)}" for arm, part in event.get("credit", {}).items() if part)
        if shares:
            alone = f"; without {event['alone']} it would not have been a candidate" if event["alone"] else ""
            yield f"          credit {shares}{alone}"


def _plan(draws: Mapping[str, int]) -> str:
    return ", ".join(f"{arm} {n}" for arm, n in draws.items())
