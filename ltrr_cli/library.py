"""Build and change an index: what `ltrr index`, `ltrr add` and `ltrr delete` call."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli import settings as settings_of
from ltrr_cli.errors import ROOM, WorkspaceError, of_the_disk
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ltrr_cli.catalog.check import Catalog
    from ltrr_cli.encode.splade import Splade
    from ltrr_cli.index.build import Change

    Progress = Callable[[str, int, int | None], None]


class Built(NamedTuple):
    """What became of a catalog."""

    entities: int  # indexed, or added and replaced
    bad: int  # records left out, and files that could not be read to their end
    doubts: int  # values left out of records that were kept
    problems: tuple[str, ...]  # "file:line: field: what" for these, the first thousand
    skipped: tuple[str, ...]  # files of a folder that are no catalogs
    seconds: float
    generation: str
    mapping: dict[str, Any]  # which field was taken for what


def build(
    sources: Sequence[str],
    folder: str = ".ltrr",
    *,
    mapping: str | None = None,
    strict: bool = False,
    encoder: str = "static",
    sparse: str = "static",
    graph: bool = True,
    progress: Progress | None = None,
) -> Built:
    """Index catalogs (files, folders, "-" for stdin) into *folder*, replacing the index that is there in one step.

    The catalog is searchable before slow encoders and the graph are done; an interrupt then leaves a complete index.
    *encoder*: "static", "minilm" or the folder of an ONNX model; *sparse*: "static", "none" or the folder of an ONNX model of
    the SPLADE kind. Raises CatalogError, EncoderError or WorkspaceError.
    """
    from ltrr_cli.catalog.check import beginnings, entities
    from ltrr_cli.catalog.mapping import load_mapping
    from ltrr_cli.encode.base import load
    from ltrr_cli.index import build as index

    started = time.monotonic()
    report = progress or index.silent
    wanted = load(encoder)
    first = load("static") if encoder == "minilm" else wanted if encoder == "static" else None
    splade = None if sparse in ("static", "none") else _splade(sparse)
    given = load_mapping(mapping) if mapping else None
    catalog = entities(sources, mapping=given, strict=strict)
    workspace = Workspace(folder).create()
    with workspace.writing(settings_of.load(folder).busy_timeout):
        change = index.build(
            workspace, catalog, first, lambda: _described(catalog, encoder), report,
            keep_texts=first is not wanted or splade is not None, widen=sparse == "static",
            beginnings=beginnings(sources, given),
        )  # fmt: skip
        if splade is not None:
            from ltrr_cli.index.expand import expand

            expand(workspace, os.path.abspath(sparse), splade, report)
        if first is not wanted:
            from ltrr_cli.index.refine import refine

            refine(workspace, encoder, wanted, report)
        index.forget_texts(workspace)
        if graph:
            _add_graph(workspace, report)
        change = change._replace(generation=workspace.current())
    return _built(catalog, change, started)


def add(sources: Sequence[str], folder: str = ".ltrr", *, strict: bool = False, progress: Progress | None = None) -> Built:
    """Add the entities of more catalogs to the index in *folder*, replacing those of the same id; searchable on return."""
    from ltrr_cli.catalog.check import entities
    from ltrr_cli.catalog.mapping import Mapping
    from ltrr_cli.encode.base import load
    from ltrr_cli.index import build as index
    from ltrr_cli.index.generation import read_meta

    started = time.monotonic()
    workspace = Workspace(folder).open()
    with workspace.writing(settings_of.load(folder).busy_timeout):
        meta = read_meta(workspace.generation(workspace.current()))
        catalog = entities(sources, mapping=Mapping.from_dict(meta["mapping"]), strict=strict)
        encoder = load(meta["encoder"]) if meta["space"] else None
        sparse = meta.get("sparse", "none")
        splade = None if sparse in ("static", "none") else _splade(sparse)
        change = index.change(workspace, catalog, {}, encoder, progress or index.silent, splade)
    return _built(catalog, change, started)


def delete(ids: Iterable[str], folder: str = ".ltrr") -> tuple[int, list[str]]:
    """Delete entities from the index in *folder*; return how many there were, and the ids that were not there."""
    from ltrr_cli.index import build as index
    from ltrr_cli.index.generation import Generation

    workspace = Workspace(folder).open()
    with workspace.writing(settings_of.load(folder).busy_timeout):
        text = Generation(workspace.generation(workspace.current())).text
        wanted = list(dict.fromkeys(ids))
        there = text.rows_of(wanted)
        unknown = [i for i in wanted if i not in there]
        if not there:
            return 0, unknown
        change = index.change(workspace, (), there, None)
    return change.deleted, unknown


def _splade(folder: str) -> Splade:
    """Load a sparse model with its graph, so that one that does not fit is found before a catalog is read."""
    from ltrr_cli.encode.splade import Splade

    model = Splade(folder)
    model.load()
    return model


def _add_graph(workspace: Workspace, progress: Progress) -> None:
    from ltrr_cli.index import manifest
    from ltrr_cli.index.generation import read_meta
    from ltrr_cli.index.vector_hnsw import build as build_graph

    folder = workspace.generation(workspace.current())
    meta = read_meta(folder)
    if meta["rows"] and meta["dim"]:
        try:
            build_graph(folder, meta["rows"], meta["dim"], lambda done: progress("linking", done, meta["rows"]))
            manifest.write(folder, folder)
        except OSError as e:
            what = f"{workspace.folder}: {of_the_disk(e)}; the new index is there and searched, but without its graph"
            raise WorkspaceError(what, hint=f"{ROOM} Or leave the graph out: --no-graph") from None


def _described(catalog: Catalog, encoder: str) -> dict[str, Any]:
    """What to keep of a catalog that was read to its end."""
    return {"encoder": encoder, "mapping": catalog.mapping.to_dict(), "bad": catalog.report.lost.total()}


def _built(catalog: Catalog, change: Change, started: float) -> Built:
    report = catalog.report
    problems = tuple(str(problem) for problem in report.problems)
    return Built(
        entities=change.entities,
        bad=report.lost.total() + report.stopped.total(),
        doubts=report.doubted.total(),
        problems=problems,
        skipped=tuple(report.skipped),
        seconds=round(time.monotonic() - started, 3),
        generation=change.generation,
        mapping=catalog.mapping.to_dict(),
    )
