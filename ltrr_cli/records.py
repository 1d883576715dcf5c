"""The plain, frozen records that travel from stage to stage.

They are named tuples because a search is a new process each time and `dataclasses` costs it milliseconds of import.
A *row* is an entity's number inside one index generation; outside the engine entities go by their *id*.
"""

from __future__ import annotations

from functools import lru_cache

from ltrr_cli.light import Any, NamedTuple


class Entity(NamedTuple):
    """One thing of a catalog, with its fields sorted into the roles that searching knows."""

    id: str
    type: str
    title: str
    creator: tuple[str, ...] = ()  # who made it: artist, author, brand, director
    text: str = ""  # free text: descriptions, notes
    attributes: dict[str, dict[str, float]] = {}  # field -> value -> weight in (0, 1]
    numbers: dict[str, float] = {}  # field -> number: year, duration, size
    links: tuple[tuple[str, str], ...] = ()  # (field, id of another entity)
    popularity: float | None = None  # as given, any scale
    date: str | None = None  # ISO 8601: when it appeared
    price: float | None = None
    raw: dict[str, Any] = {}  # the record as it came


class Correction(NamedTuple):
    """Another reading of one typed word, with how likely it is meant."""

    typed: str
    word: str
    likelihood: float  # of all readings of the typed word, they sum to at most 1


class Slot(NamedTuple):
    """Some words of a query read as a value of a field."""

    text: str  # the words as typed, normalised
    field: str  # path in the records, or one of `index.facts`: creator, title, year, decade; or "type"
    value: str  # normalised
    shown: str  # as the catalog writes it


class Interpretation(NamedTuple):
    """One way to read a query: some of its words are values, the rest are words to look for."""

    likelihood: float  # of all interpretations of the query, they sum to at most 1; what is missing is "none of these"
    slots: tuple[Slot, ...]
    rest: tuple[str, ...] = ()  # words that are no part of a slot


class Query(NamedTuple):
    """What is being asked, by whom and when."""

    text: str  # as typed
    words: tuple[str, ...]  # normalised: lower case, accents folded, CJK in pairs
    types: tuple[str, ...] = ()  # only these kinds of entity; empty = all
    user: str | None = None
    session: str | None = None
    context: tuple[tuple[str, str], ...] = ()
    now: float = 0.0  # seconds since 1970, UTC
    language: str = ""
    corrections: tuple[Correction, ...] = ()
    interpretations: tuple[Interpretation, ...] = ()  # likeliest first
    intent: tuple[tuple[str, float], ...] = ()  # known_item, topic, browse -> probability; they sum to 1
    where: str = ""  # a filter, see `index.where`

    @property
    def key(self) -> str:
        """The form under which memory keeps this query.

        >>> Query("Tayler  LOVE!", ("tayler", "love")).key
        'tayler love'
        """
        return " ".join(self.words)


class Hit(NamedTuple):
    """One candidate as one arm found it."""

    row: int
    score: float  # compares within one draw only; higher is better


class Plan(NamedTuple):
    """How many candidates to draw from each arm: what the bandit chooses between.

    >>> Plan((("lexical", 40), ("memory", 20))).name
    'lexical:40+memory:20'
    """

    draws: tuple[tuple[str, int], ...]  # (arm, candidates wanted), sorted by arm, wanted > 0

    @property
    def name(self) -> str:
        return _name(self.draws)

    @property
    def size(self) -> int:
        """Candidates wanted over all arms."""
        return sum(n for _, n in self.draws)


@lru_cache(4096)  # the same few plans are asked for their names again and again
def _name(draws: tuple[tuple[str, int], ...]) -> str:
    return "+".join([f"{arm}:{n}" for arm, n in draws])


class Choice(NamedTuple):
    """One decision of a policy, with everything that makes it checkable later."""

    policy: str
    plan: Plan
    propensity: float  # chance of this plan when it was chosen; logged, never recomputed
    explored: bool  # True if the plan is not one of the policy's best
    menu: tuple[Plan, ...]
    probabilities: tuple[float, ...]  # one a plan of the menu, they sum to 1
    seed: int
    version: int  # of the policy's learned state when it chose


class Candidate(NamedTuple):
    """One entity of the pool, with each arm's evidence for it."""

    row: int
    arms: dict[str, tuple[int, float, float]]  # arm -> (rank from 1, score, score normalised to 0..1)
    spare: bool = False  # the plan's own arms did not bring it: the baseline filled up what they left, see `policy.depth`


class Result(NamedTuple):
    """One line of the page."""

    rank: int
    id: str
    type: str
    title: str
    score: float
    arms: dict[str, tuple[int, float]]  # arm -> (rank, score)
    why: dict[str, float]  # the ranker's contributions, they sum to the score
    entity: dict[str, Any]  # the record as it came
    features: dict[str, float] = {}  # what the ranker was told


class Interleaved(NamedTuple):
    """How two policies shared a page: both chose from the same menu, and took turns in placing what they had found."""

    choices: tuple[Choice, Choice]  # of A and B
    teams: tuple[str, ...]  # one a result: "A" or "B", who placed it; "" where only one of the two had anything left

    def to_dict(self) -> dict[str, Any]:
        """Return it as the log keeps it."""
        return {
            "policies": [choice.policy for choice in self.choices],
            "menu": [dict(plan.draws) for plan in self.choices[0].menu],
            "probabilities": [choice.probabilities for choice in self.choices],
            "chosen": [choice.menu.index(choice.plan) for choice in self.choices],
            "seeds": [choice.seed for choice in self.choices],
            "teams": self.teams,
        }


class Page(NamedTuple):
    """The answer to one search."""

    search_id: str
    query: Query
    budget: int
    choice: Choice
    results: tuple[Result, ...]
    total: int  # candidates in the pool
    took_ms: float
    generation: str  # of the index
    time: str = ""  # when it was asked, ISO 8601, UTC
    facets: dict[str, dict[str, int]] = {}  # field -> value -> entities that match, where asked for
    interleaved: Interleaved | None = None  # of a search that compared two policies
    shadow: Choice | None = None  # what a policy that only looks on would have done
    replaced: bool = False  # ... which would have acted, had it not done worse than the default plan

    def to_dict(self) -> dict[str, Any]:
        """Return the page as the JSON object that `ltrr search --json` prints."""
        query, choice = self.query, self.choice
        facets = {"facets": self.facets} if self.facets else {}
        page: dict[str, Any] = {
            "search_id": self.search_id,
            "query": query.text,
            "user": query.user,
            "session": query.session,
            "time": self.time,
            "understood": {
                "language": query.language,
                "corrections": [{"from": c.typed, "to": c.word, "likelihood": c.likelihood} for c in query.corrections],
                "interpretations": [
                    {
                        "likelihood": i.likelihood,
                        "slots": [{"text": s.text, "field": s.field, "value": s.shown} for s in i.slots],
                    }
                    for i in query.interpretations
                ],
                "intent": dict(query.intent),
            },
            "plan": {
                "policy": choice.policy,
                "budget": self.budget,
                "draws": dict(choice.plan.draws),
                "propensity": choice.propensity,
                "explored": choice.explored,
            },
            "results": [
                {
                    "rank": r.rank,
                    "id": r.id,
                    "type": r.type,
                    "title": r.title,
                    "score": r.score,
                    "arms": {arm: {"rank": rank, "score": score} for arm, (rank, score) in r.arms.items()},
                    "entity": r.entity,
                }
                for r in self.results
            ],
            "total": self.total,
            "took_ms": self.took_ms,
            **facets,
        }
        if self.interleaved is not None:
            page["interleaved"] = {
                team: {"policy": c.policy, "draws": dict(c.plan.draws), "propensity": c.propensity, "explored": c.explored}
                for team, c in zip("AB", self.interleaved.choices, strict=True)
            }
            for result, team in zip(page["results"], self.interleaved.teams, strict=True):
                result["team"] = team
        return page
