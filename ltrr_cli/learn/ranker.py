"""Learn to rank from what people did with pages, and promote what was learned only where it proves better.

Two stages compete with the ranker that ranks now: weights for the features (`learn.pairwise`) and, where there is enough to
learn from, trees that correct them (`learn.trees`). They are proved on queries that they have not seen (`learn.gate`), so that
a ranker that only remembers, or that got the matter upside down, is refused.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.learn import pairwise, trees
from ltrr_cli.learn.gate import FOLDS, Proof, fold, prove
from ltrr_cli.learn.pages import Seen, seen
from ltrr_cli.rank.base import AUTO, UNTRAINED, chosen, mark
from ltrr_cli.rank.features import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ltrr_cli.feedback.store import Store
    from ltrr_cli.rank.base import Ranker
    from ltrr_cli.settings import Settings

    Model = dict[str, Any]

LEAST = 30  # satisfied searches before anything is trained
QUERIES = 20  # that the proof must have
EARLIER = 8  # rankers that are kept to go back to
NOW, BEFORE, FOLDED = "ranker", "rankers", "ranker folds"  # blocks of the learned state
BETTER, NOT_SURELY = "better on queries it has not seen", "not surely better on queries it has not seen"
INSTALL = "trees could be trained on so many: pip install 'ltrr[trees]'"


class Report(NamedTuple):
    """What came of one training."""

    searches: int  # satisfied ones in the log
    trained: int  # searches trained on
    proved: int  # queries of the proof
    gain: float  # in discounted gain a satisfied search of the proof, against the ranker that ranks now
    low: float  # of its 90 % interval
    promoted: bool
    why: str
    weights: dict[str, float]
    kind: str = ""  # of what was trained: "pairwise" or "trees", the better one
    bias: float = 0.0  # that was found: place k was taken as if it had been looked at with chance k**-bias
    hint: str = ""  # what could be done to learn more


class Challenger(NamedTuple):
    """One way of training: what it makes of all pages, and of all but those of each fold."""

    model: Model
    folded: list[Model]

    def rankers(self) -> list[Ranker]:
        """Return the rankers to compare, one a fold."""
        return [chosen(AUTO, model) for model in self.folded]


def train(store: Store, settings: Settings, now: float | None = None) -> Report:
    """Train rankers on the log and promote the best if it is better on queries that it has not seen.

    A ranker that ranks now and has become worse than the untrained one is taken back.
    """
    pages = list(seen(store))
    queries = len({page.key for page in pages})
    if len(pages) < LEAST or queries < QUERIES:
        why = f"{LEAST} satisfied searches are needed, and {QUERIES} queries to prove it on"
        return Report(len(pages), 0, queries, 0.0, 0.0, False, why, {})
    challengers = _challengers(pages, settings.eta)
    bias = [model["bias"] for model in challengers[0].folded]
    present, plain = _present(store), [chosen(UNTRAINED, {})] * FOLDS
    if present[0].name != UNTRAINED and prove(pages, present, plain, bias, 1).high < 0:
        _promote(store, Challenger({}, []))
        present = plain
    proofs = [prove(pages, one.rankers(), present, bias, len(challengers)) for one in challengers]
    best, proof = max(zip(challengers, proofs, strict=True), key=lambda pair: pair[1].low)
    if proof.low > 0:
        when = time.time() if now is None else now
        _promote(store, best._replace(model={**best.model, "time": when, "searches": len(pages), "gain": proof.mean}))
    return _report(pages, queries, best.model, proof)


def rollback(store: Store) -> bool:
    """Take back the ranker that was promoted last; False if there is none."""
    if not store.model():
        return False
    before, *earlier = store.models() or [{}]
    _keep(store, {NOW: before, BEFORE: earlier, FOLDED: []})
    return True


def _report(pages: Sequence[Seen], queries: int, model: Model, proof: Proof) -> Report:
    better = proof.low > 0
    hint = INSTALL if len(pages) >= trees.LEAST and not trees.installed() else ""
    return Report(
        len(pages), len(pages), queries, proof.mean, proof.low, better, BETTER if better else NOT_SURELY,
        model["weights"], model["kind"], model["bias"], hint,
    )  # fmt: skip


def _challengers(pages: Sequence[Seen], assumed: float) -> list[Challenger]:
    """Return what comes of each stage that there is enough to learn from."""
    parts = [pages, *([page for page in pages if fold(page.key) != i] for i in range(FOLDS))]
    fitted = [pairwise.fit(part, assumed) for part in parts]
    linear = [{"kind": "pairwise", "features": VERSION, **one._asdict()} for one in fitted]
    stages = [linear]
    if len(pages) >= trees.LEAST and trees.installed():
        tables = [trees.fit(part, model["weights"]) for part, model in zip(parts, linear, strict=True)]
        stages.append([{**one, "kind": "trees", "trees": table._asdict()} for one, table in zip(linear, tables, strict=True)])
    return [Challenger(model, folded) for model, *folded in stages]


def _present(store: Store) -> list[Ranker]:
    """Return what ranks now, a fold at a time; as it is where it is not known what it would be without a fold."""
    model = store.model()
    found = store.rows("SELECT body FROM learned WHERE name=?", (FOLDED,))
    return [chosen(AUTO, one) for one in (json.loads(found[0][0]) if found else [model] * FOLDS)]


def _promote(store: Store, challenger: Challenger) -> None:
    """Rank by this one from now on, by the untrained ranker if it has no model, and keep the one before."""
    model = {**challenger.model, "mark": mark(challenger.model)} if challenger.model else {}
    earlier = [store.model(), *store.models()][:EARLIER]
    _keep(store, {NOW: model, BEFORE: earlier, FOLDED: challenger.folded})


def _keep(store: Store, blocks: Mapping[str, Model | list[Model]]) -> None:
    with store.writing() as db:
        for name, thing in blocks.items():
            block = json.dumps(thing, separators=(",", ":")).encode()
            if any(thing):
                db.execute("INSERT OR REPLACE INTO learned (name, version, body) VALUES (?, 1, ?)", (name, block))
            else:
                db.execute("DELETE FROM learned WHERE name=?", (name,))
