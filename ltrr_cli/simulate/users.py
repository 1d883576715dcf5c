"""Simulated users: what somebody does with a page whose true relevance is known.

A name is a model, perhaps with a number after a colon, perhaps with habits after a plus: `position:0.5+noise+drift`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from ltrr_cli.errors import SimulationError
from ltrr_cli.registry import look_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ltrr_cli.simulate.dice import Dice

USERS = {  # name -> a function of the number after the colon (None if there is none) that makes the model
    "perfect": "ltrr_cli.simulate.users:Perfect",
    "position": "ltrr_cli.simulate.users:Position",
    "cascade": "ltrr_cli.simulate.users:Cascade",
    "dbn": "ltrr_cli.simulate.users:Dbn",
    "trust": "ltrr_cli.simulate.users:Trust",
}
HABITS = {  # name -> what it changes about a user
    "noise": "clicks on one in ten of the irrelevant things that are looked at (Joachims et al., WSDM 2017, section 5)",
    "drift": "from half time on wants something else (piecewise stationary: Garivier and Moulines, ALT 2011)",
}
STANDARD = (
    "perfect", "position:0.5", "position", "position:2", "position+noise", "cascade+noise", "dbn+noise", "trust",
    "position+drift",
)  # fmt: skip
NOISE = 0.1
STAYED, LEFT = 40.0, 5.0  # seconds with a thing that satisfied, or did not


class Shown(NamedTuple):
    """One result as the user sees it."""

    id: str
    relevance: float  # 0..1, the truth


class Act(NamedTuple):
    """One thing that the user did with the page."""

    rank: int  # from 1
    action: str = "click"
    seconds: float | None = None


class Model(Protocol):
    """Decides what somebody does with a page."""

    def acts(self, page: Sequence[Shown], noise: float, dice: Dice) -> list[Act]:
        """Return what is done, in the page's order, each place at most once.

        *noise* is the chance that a thing of relevance 0 attracts once it is looked at; one of relevance r attracts with
        noise + (1 - noise) r. All luck comes from *dice*: the same arguments give the same acts.
        """
        ...


class User(NamedTuple):
    """A model with habits."""

    name: str
    model: Model
    noise: float = 0.0
    drifts: bool = False

    def acts(self, page: Sequence[Shown], dice: Dice) -> list[Act]:
        """Return what this user does with *page*."""
        return self.model.acts(page, self.noise, dice)


def user(name: str) -> User:
    """Return the user called *name*; SimulationError for one that there is not.

    >>> one = user("dbn+noise+drift")
    >>> one.noise, one.drifts, user("position:0.5").model.eta
    (0.1, True, 0.5)
    """
    model, *habits = name.split("+")
    kind, colon, number = model.partition(":")
    make = look_up(USERS, kind, "user", SimulationError)
    for habit in habits:
        look_up({known: "ltrr_cli.simulate.users:HABITS" for known in HABITS}, habit, "habit", SimulationError)
    try:
        made = make(float(number)) if colon else make()
    except (ValueError, TypeError):
        raise SimulationError(f"no user is called {name!r}", hint=f"such as {', '.join(STANDARD)}") from None
    return User(name, made, NOISE * ("noise" in habits), "drift" in habits)


class Perfect:
    """Looks at everything and likes what is relevant, nothing else: the most that could be learned from anybody.

    Source: the perfect user of Hofmann, Whiteson and de Rijke, "Fidelity, soundness, and efficiency of interleaved
    comparison methods", TOIS 2013.
    """

    def acts(self, page: Sequence[Shown], noise: float, dice: Dice) -> list[Act]:
        """See `Model`."""
        return [Act(rank, "like") for rank, shown in enumerate(page, 1) if _attracts(shown, noise, dice)]


class Position:
    """Looks at place k with probability k^-eta, whatever is there, and clicks on what attracts.

    Source: the position-based model with the severity eta of Joachims, Swaminathan and Schnabel, "Unbiased
    learning-to-rank with biased feedback", WSDM 2017.
    """

    def __init__(self, eta: float = 1.0) -> None:
        if not 0 <= eta <= 10:
            raise ValueError(eta)
        self.eta = eta

    def acts(self, page: Sequence[Shown], noise: float, dice: Dice) -> list[Act]:
        """See `Model`."""
        return [
            Act(rank)
            for rank, shown in enumerate(page, 1)
            if dice("looks at", rank) < rank**-self.eta and _attracts(shown, noise, dice)
        ]


class Cascade:
    """Goes down the page, clicks on the first thing that attracts, and leaves.

    Source: Craswell, Zoeter, Taylor and Ramsey, "An experimental comparison of click position-bias models", WSDM 2008.
    """

    def acts(self, page: Sequence[Shown], noise: float, dice: Dice) -> list[Act]:
        """See `Model`."""
        return next(([Act(rank)] for rank, shown in enumerate(page, 1) if _attracts(shown, noise, dice)), [])


class Dbn:
    """Goes down the page, stays with a clicked thing that satisfies and leaves then; looks at the next place otherwise.

    A relevant thing that was clicked satisfies with probability *satisfied* (times its relevance); who is not satisfied goes
    on with probability ONWARD. One that satisfied was stayed with, others were left at once.
    Source: the dynamic Bayesian network of Chapelle and Zhang, "A dynamic Bayesian network click model for web search
    ranking", WWW 2009; staying as the sign of satisfaction: Fox et al., "Evaluating implicit measures to improve web
    search", TOIS 2005.
    """

    ONWARD = 0.9

    def __init__(self, satisfied: float = 0.7) -> None:
        if not 0 <= satisfied <= 1:
            raise ValueError(satisfied)
        self.satisfied = satisfied

    def acts(self, page: Sequence[Shown], noise: float, dice: Dice) -> list[Act]:
        """See `Model`."""
        done: list[Act] = []
        for rank, shown in enumerate(page, 1):
            if _attracts(shown, noise, dice):
                if dice("is satisfied by", shown.id) < self.satisfied * shown.relevance:
                    return [*done, Act(rank, seconds=STAYED)]
                done.append(Act(rank, seconds=LEFT))
            if dice("goes on after", rank) >= self.ONWARD:
                break
        return done


class Trust:
    """Looks at place k with probability 1/k; what is looked at there is clicked if relevant with probability
    1 - (k + 1)/100, and if not with .65/k: high places are trusted.

    Source: the trust bias of Agarwal et al., "Addressing trust bias for unbiased learning-to-rank", WWW 2019, with the numbers
    of Vardasbi, de Rijke and Markov, "Mixture-based correction for position and trust bias in counterfactual learning to
    rank", CIKM 2021, equations 10 and 11.
    """

    def acts(self, page: Sequence[Shown], noise: float, dice: Dice) -> list[Act]:
        """See `Model`; *noise* comes on top of what trust does."""
        done = []
        for rank, shown in enumerate(page, 1):
            attracts = noise + (1 - noise) * shown.relevance
            clicked = (1 - (min(rank, 20) + 1) / 100) * attracts + 0.65 / min(rank, 10) * (1 - attracts)
            if dice("looks at", rank) < 1 / rank and dice("is attracted by", shown.id) < clicked:
                done.append(Act(rank))
        return done


def _attracts(shown: Shown, noise: float, dice: Dice) -> bool:
    return dice("is attracted by", shown.id) < noise + (1 - noise) * shown.relevance
