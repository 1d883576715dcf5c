"""`ltrr index`: build the index of a catalog."""

from __future__ import annotations

import ltrr_cli
from ltrr_cli.cli.options import INDEX, JSON, Command, Option

CATALOG = Option(
    "sources",
    (),
    "JSON, JSONL or CSV (each also .gz): files, folders, or - for stdin.",
    many=True,
    required=True,
    metavar="CATALOG...",
)
KEPT = "searches use the index that was complete last"
STRICT = Option("strict", ("--strict",), "Refuse a catalog with any bad record.", bool, default=False)


def index(
    sources: tuple[str, ...], index: str, mapping: str | None, encoder: str, sparse: str, strict: bool, no_graph: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Build the index of a catalog.

    The old index serves searches until the new one is complete.

    Example: ltrr index sample_catalog/
    """
    from ltrr_cli.cli.built import report
    from ltrr_cli.cli.table import progress

    with progress() as move:
        built = ltrr_cli.build(
            sources, index, mapping=mapping, strict=strict, encoder=encoder, sparse=sparse, graph=not no_graph, progress=move
        )
    report(built, index, as_json)


COMMAND = Command(
    index,
    (
        CATALOG,
        INDEX,
        Option(
            "mapping",
            ("--mapping",),
            "Which field means what, as a TOML or JSON file; guessed if not given.",
            path=True,
            metavar="FILE",
        ),
        Option(
            "encoder",
            ("--encoder",),
            "static, minilm, or the folder of an ONNX model.",
            default="static",
            path=True,
            metavar="NAME",
        ),
        Option(
            "sparse",
            ("--sparse",),
            "Words that might have been meant: static, none, or the folder of an ONNX model of the SPLADE kind.",
            default="static",
            path=True,
            metavar="NAME",
        ),
        STRICT,
        Option("no_graph", ("--no-graph",), "Leave out the graph for approximate neighbours.", bool, default=False),
        JSON,
    ),
    interrupted=KEPT,
)
