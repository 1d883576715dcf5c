"""The finite menu of plans that a policy chooses from."""

from __future__ import annotations

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.policy.belief import DEFAULT, TABLE
from ltrr_cli.policy.reach import at_depth, lens, reach
from ltrr_cli.policy.shares import BASELINE, TENTHS, made, named, shares, spread
from ltrr_cli.policy.worth import worths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.policy.base import Situation
    from ltrr_cli.policy.state import State
    from ltrr_cli.records import Plan

MOST = 18  # plans on a menu
SWAPS = 4  # of the leader
MEMORY, HALF = "memory", 5  # tenths that memory may have: shown because clicked, clicked because shown
WITNESSES = ("hybrid", "lexical", "memory", "sparse", "structured")
ENOUGH = 30  # satisfying actions before the arms' models may propose a plan


def plans(budget: int, arms: Sequence[str], state: State, situation: Situation | None = None) -> list[Plan]:
    """Return at most MOST different plans, each drawing *budget* candidates from some of *arms*, the leader first.

    They are the hand-made table, the equal split, the leader with one tenth of the budget moved to another arm, the plan that
    the arms' models propose, and the best of what was learned about otherwise. With *situation* the leader is the best
    for it, otherwise for all queries. The equal split and the hand-made default are always there.

    >>> from ltrr_cli.policy.state import State
    >>> [plan.name for plan in plans(20, ["lexical"], State())]
    ['lexical:20']
    >>> plans(20, ["hybrid", "lexical", "memory"], State())[0].name
    'hybrid:18+lexical:2'
    """
    if len(arms) == 1:  # nothing to choose
        return [spread(equal_split(arms), budget)]
    known = dict.fromkeys(hand_made(arms))
    by_hand = set(known)
    known.update(dict.fromkeys(plan for plan in map(named, state.plans) if all(arm in arms for arm, _ in plan.draws)))
    drawn = {tenths: spread(tenths, budget) for tenths in known}
    value = dict(zip(drawn, worths(situation, list(drawn.values()), state), strict=True))
    leader = max(value, key=lambda tenths: value[tenths])
    chosen = [leader, default(arms), equal_split(arms)]
    if situation is not None and state.version >= ENOUGH:
        chosen.append(proposed(situation, budget, arms, state))
    chosen += swaps(leader, arms)
    menu = dict.fromkeys(spread(tenths, budget) for tenths in chosen)
    known_best = sorted(value, key=lambda tenths: -value[tenths])
    for tenths in sorted(known_best, key=lambda tenths: tenths not in by_hand):  # what is not tried is not learned
        if len(menu) < MOST:
            menu.setdefault(drawn[tenths])
    return list(menu)


def hand_made(arms: Sequence[str]) -> list[Plan]:
    """Return the plans of the table in tenths, as far as *arms* allow, and the equal split."""
    known = (plan for plan in map(named, TABLE) if all(arm in arms for arm, _ in plan.draws))
    return list(dict.fromkeys([*known, equal_split(arms)]))


def default(arms: Sequence[str]) -> Plan:
    """Return the plan to use when nothing has been learned: the hand-made one, without the arms that are not there."""
    left = [(arm, n) for arm, n in named(DEFAULT).draws if arm in arms]
    return shares(made(left)) if {arm for arm, _ in left} - {MEMORY} else equal_split(arms)


def beside(arms: Sequence[str]) -> list[str]:
    """Return those of *arms* that tell the ranker about each candidate, whatever the plan draws."""
    return [arm for arm in WITNESSES if arm in arms]


def equal_split(arms: Sequence[str]) -> Plan:
    """Return the tenths shared as evenly as they go, to the first *arms* one more.

    >>> equal_split(["fuzzy", "lexical", "semantic"]).name
    'fuzzy:4+lexical:3+semantic:3'
    """
    each, more = divmod(TENTHS, len(arms))
    return made((arm, each + (i < more)) for i, arm in enumerate(arms))


def swaps(leader: Plan, arms: Sequence[str]) -> list[Plan]:
    """Return *leader* with a tenth of its largest share moved to each of SWAPS arms, those that have least first.

    Exploring by one block keeps nearly all of a good plan and still shows what another arm would add.
    """
    has = dict(leader.draws)
    donor = max(has, key=lambda arm: has[arm] - (arm == BASELINE))
    if has[donor] - (donor == BASELINE) < 1:
        return []
    takers = [arm for arm in arms if arm != donor and not (arm == MEMORY and has.get(arm, 0) >= HALF)]
    takers.sort(key=lambda arm: has.get(arm, 0))
    return [made({**has, donor: has[donor] - 1, arm: has.get(arm, 0) + 1}.items()) for arm in takers[:SWAPS]]


def proposed(situation: Situation, budget: int, arms: Sequence[str], state: State) -> Plan:
    """Return the plan that the arms' models favour, a tenth at a time, as if they found things independently (noisy-or).

    They do not, so this only proposes: what the plan is worth is learned from what it covers.
    """
    z = lens(state, situation.x)
    missed = {}  # arm -> chance that it has not found it with 0, 1, 2... tenths of the budget
    for arm in arms:
        reached = reach(state, z, arm)
        most = HALF if arm == MEMORY and len(arms) > 1 else TENTHS
        missed[arm] = [1 - at_depth(reached, n * budget // TENTHS) for n in range(most + 1)]
    has = dict.fromkeys(arms, 0)
    if BASELINE in has:
        has[BASELINE] = 1
    spent = sum(has.values())
    while spent < TENTHS:
        best, block, ratio = "", 0, 2.0
        for arm, chance in missed.items():  # several tenths at once, or an arm that starts slowly would never start
            n = has[arm]
            for more in range(1, min(TENTHS - spent, len(chance) - 1 - n) + 1):
                left = (chance[n + more] / chance[n]) ** (1 / more)
                if left < ratio:
                    best, block, ratio = arm, more, left
        has[best] += block
        spent += block
    return made(has.items())
