"""Make a logged search again, from what was known and indexed then, and see whether the same page comes out."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli import settings as settings_of
from ltrr_cli.engine import Engine
from ltrr_cli.errors import LtrrError, QueryError
from ltrr_cli.feedback.log import body, query_of
from ltrr_cli.feedback.store import Store
from ltrr_cli.learn.past import Past, decisions, known_by
from ltrr_cli.learn.past import settings_of as settings_then
from ltrr_cli.rank.base import mark
from ltrr_cli.understand.features import FEATURES
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ltrr_cli.learn.past import Known
    from ltrr_cli.records import Page

SAME, DIFFERENT, GONE = "same", "different", "gone"
PARTS = ("query", "class", "x", "choice", "interleaved", "drawn", "peek", "total", "results")  # as a search comes about


class Replayed(NamedTuple):
    """What became of one attempt."""

    search_id: str
    outcome: str  # SAME, DIFFERENT or GONE
    why: tuple[str, ...] = ()  # GONE: what is not there any more; DIFFERENT: the parts of the log that came out otherwise
    page: Page | None = None  # with the id and the duration of the logged one; None where it could not be made


def replay(search_id: str, folder: str = ".ltrr") -> Replayed:
    """Make the search *search_id* again and compare it with the log.

    The index generation has to be there still; what memory and the policy knew is found by folding the log up to the moment
    at which the search looked, so nothing may have been forgotten since. QueryError if the search is not in the log.
    """
    with Store(Workspace(folder).open().state, settings_of.load(folder).busy_timeout) as store:
        found = store.rows("SELECT seq, body FROM searches WHERE id=?", (search_id,))
        if not found:
            raise QueryError(f"no search {search_id!r} in the log", hint="`ltrr search --json` prints each search's id")
        seq, logged = found[0][0], body(found[0][1])
        return next(_replays(store, folder, [(known_by(logged, seq, store), seq, logged)]))


def replays(folder: str = ".ltrr") -> Iterator[Replayed]:
    """Make every logged search again, in the order in which they were made; the log is folded once."""
    with Store(Workspace(folder).open().state, settings_of.load(folder).busy_timeout) as store:
        yield from _replays(store, folder, ((known, seq, logged) for known, seq, _, logged in decisions(store)))


def _replays(store: Store, folder: str, wanted: Iterable[tuple[Known, int, dict[str, Any]]]) -> Iterator[Replayed]:
    engines: dict[str, Engine] = {}
    with Past(store) as past:
        for known, seq, logged in wanted:
            gone, model = _gone(Workspace(folder), logged), _model(store, logged)
            if not gone and model is None:
                gone = (f"the ranker {logged['asked']['ranker']}, taken back or forgotten since",)
            if gone or model is None:
                yield Replayed(logged["search_id"], GONE, gone)
                continue
            past.move(known)
            past.ranker = model
            try:
                page = _again(_engine(engines, folder, past, logged), logged)
            except LtrrError as e:  # an arm, policy, type or field that there is no more
                yield Replayed(logged["search_id"], GONE, (str(e),))
                continue
            assert past.row is not None
            lost = seq - store.rows("SELECT count(*) FROM searches WHERE seq<=?", (seq,))[0][0]
            made = past.row.body
            if lost:  # how many actions had been learned from can't be the same then, and need not matter
                made = {**made, "choice": {**made["choice"], "version": logged["choice"]["version"]}}
            why = _differences(logged, made)
            if why and lost:
                forgotten = f"{lost} earlier search{'es' if lost > 1 else ''}, forgotten with what was learned from them"
                yield Replayed(logged["search_id"], GONE, (forgotten,), page)
            else:
                yield Replayed(logged["search_id"], DIFFERENT if why else SAME, why, page)


def _gone(workspace: Workspace, logged: Mapping[str, Any]) -> tuple[str, ...]:
    """What a search was made with that is not there any more, as far as can be told before it is made again."""
    if not logged.get("asked"):
        return ("how it was asked: it was logged by an older version of ltrr",)
    name, wanted = logged["generation"], logged["asked"]["index"]
    if not os.path.isdir(workspace.generation(name)):
        return (f"index generation {name}: searches use {workspace.current()} now",)
    from ltrr_cli.index.generation import read_meta

    meta = read_meta(workspace.generation(name))
    gone = [
        f"index generation {name} as it was: {part} is {meta.get(part)!r} now, not {wanted[part]!r}"
        for part in ("built", "live", "encoder", "sparse")
        if meta.get(part) != wanted[part]
    ]
    if wanted["graph"] and not os.path.exists(os.path.join(workspace.generation(name), "graph.hnsw")):
        gone.append(f"the graph of index generation {name}")
    if len(logged["x"]) != len(FEATURES):
        gone.append(f"the version of ltrr that saw {len(logged['x'])} features in a query: this one sees {len(FEATURES)}")
    return tuple(gone)


def _model(store: Store, logged: Mapping[str, Any]) -> dict[str, Any] | None:
    """The model that ranked a logged search, {} for none: the present one or one before it; None if gone."""
    wanted = logged.get("asked", {}).get("ranker", "")
    if not wanted:
        return {}
    return next((model for model in (store.model(), *store.models()) if mark(model) == wanted), None)


def _engine(engines: dict[str, Engine], folder: str, past: Past, logged: Mapping[str, Any]) -> Engine:
    """Return an engine on the generation, with the settings and the way of looking vectors up, of a logged search."""
    settings = settings_then(dict(logged))._asdict()
    graph = logged["asked"]["index"]["graph"] is True
    key = json.dumps([logged["generation"], graph, settings])
    if key not in engines:
        engines.clear()  # one at a time: an index is large, and searches come in runs
        engines[key] = Engine(folder, graph=graph, generation=logged["generation"], store=past, **settings)
    return engines[key]


def _again(engine: Engine, logged: Mapping[str, Any]) -> Page:
    query, asked = query_of(logged), logged["asked"]
    policies = asked["policies"]
    page = engine.search(
        query.text,
        limit=asked["limit"],
        types=query.types,
        where=query.where,
        user=query.user,
        session=query.session,
        context=query.context,
        arms=asked["arms"],
        policy=policies[0],
        interleave=(policies[0], policies[1]) if len(policies) > 1 else None,
        explore=asked["explore"],
        diverse=asked["diverse"],
        facets=asked["facets"],
        log=True,  # into the past, which keeps it aside
        seed=logged["choice"]["seed"],
        now=query.now,
    )
    return page._replace(search_id=logged["search_id"], took_ms=logged["took_ms"])


def _differences(logged: Mapping[str, Any], again: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the parts of a logged search that are not the same to the byte, the first to go wrong first."""
    return tuple(part for part in PARTS if json.dumps(logged.get(part)) != json.dumps(again.get(part)))
