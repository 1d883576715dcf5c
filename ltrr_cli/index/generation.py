"""One generation of the index, opened for reading; each part is opened when it is first needed.

meta.json      what was built: rows, types, languages, encoder, mapping, quality, counts
text/          full text           words/      vocabulary      values/     values of fields
codes.i8       vectors             graph.hnsw  their graph, added later
ties.i8        vectors by links and shared values
kin/           words by meaning, or impacts/ weighted terms of each row, for the sparse arm
records.*, said.*, types.u16, quality.f32, born.u32, dead   see `columns`
"""

from __future__ import annotations

import json
import os

from ltrr_cli.errors import WorkspaceError
from ltrr_cli.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ltrr_cli.index.base import VectorIndex
    from ltrr_cli.index.columns import Columns
    from ltrr_cli.index.impacts_tantivy import Impacts
    from ltrr_cli.index.kin import Kin
    from ltrr_cli.index.text_tantivy import Text
    from ltrr_cli.index.values_tantivy import Values
    from ltrr_cli.index.vector_exact import Exact
    from ltrr_cli.index.vocabulary_tantivy import Vocabulary


class Generation:
    """Everything that a search looks things up in. *graph*: use the vectors' graph where there is one."""

    def __init__(self, folder: str, graph: bool = False) -> None:
        self.folder, self.name = folder, os.path.basename(folder)
        self.meta = read_meta(folder)
        self.rows: int = self.meta["rows"]
        self._graph = graph
        self._text: Text | None = None
        self._words: Vocabulary | None = None
        self._values: Values | None = None
        self._columns: Columns | None = None
        self._vectors: VectorIndex | None = None
        self._ties: Exact | None = None
        self._kin: Kin | None = None
        self._impacts: Impacts | None = None

    @property
    def text(self) -> Text:
        if self._text is None:
            from ltrr_cli.index.text_tantivy import Text

            with readable(self.folder):
                self._text = Text(os.path.join(self.folder, "text"), self.meta["languages"], self.meta)
        return self._text

    @property
    def vocabulary(self) -> Vocabulary:
        if self._words is None:
            from ltrr_cli.index.vocabulary_tantivy import Vocabulary

            with readable(self.folder):
                self._words = Vocabulary(os.path.join(self.folder, "words"))
        return self._words

    @property
    def values(self) -> Values:
        if self._values is None:
            from ltrr_cli.index.values_tantivy import Values

            with readable(self.folder):
                self._values = Values(os.path.join(self.folder, "values"))
        return self._values

    @property
    def columns(self) -> Columns:
        if self._columns is None:
            from ltrr_cli.index.columns import Columns

            self._columns = Columns(self.folder, self.rows, self.meta["types"])
        return self._columns

    @property
    def vectors(self) -> VectorIndex | None:
        """The vectors' index; None while they have not been made, or were not yet when this generation was opened."""
        if self._vectors is None and self.rows and self.meta["dim"] and os.path.exists(os.path.join(self.folder, "codes.i8")):
            with readable(self.folder):
                if self._graph and self._has_graph():
                    from ltrr_cli.index.vector_hnsw import Hnsw

                    self._vectors = Hnsw(self.folder, self.rows, self.meta["dim"])
                else:
                    from ltrr_cli.index.vector_exact import Exact

                    self._vectors = Exact(self.folder, self.rows, self.meta["dim"])
        return self._vectors

    def _has_graph(self) -> bool:
        """Whether there is a graph to trust: it is read by code that a flipped bit would send anywhere in memory."""
        if not os.path.exists(os.path.join(self.folder, "graph.hnsw")):
            return False
        from ltrr_cli.index.manifest import vouches

        return vouches(self.folder, "graph.hnsw")

    @property
    def ties(self) -> Exact | None:
        """The rows' vectors by what links and values they share; None in an index that was built without them."""
        if self._ties is None and self.rows and self.meta.get("ties"):
            from ltrr_cli.index.vector_exact import Exact

            with readable(self.folder):
                self._ties = Exact(self.folder, self.rows, self.meta["ties"], "ties.i8")
        return self._ties

    @property
    def kin(self) -> Kin | None:
        """The catalog's words by meaning; None if the sparse arm uses a model, or nothing."""
        if self._kin is None and self.meta.get("kin"):
            from ltrr_cli.index.kin import Kin

            with readable(self.folder):
                self._kin = Kin(os.path.join(self.folder, "kin"), self.meta["kin"])
        return self._kin

    @property
    def impacts(self) -> Impacts | None:
        """The rows' weighted terms; None if no sparse model made any, or had not yet when this generation was opened."""
        if self._impacts is None and self.meta.get("sparse") not in (None, "static", "none"):
            from ltrr_cli.index.impacts_tantivy import Impacts

            with readable(self.folder):
                self._impacts = Impacts(os.path.join(self.folder, "impacts"))
        return self._impacts

    @property
    def identity(self) -> dict[str, Any]:
        """What tells this generation from any other of its name, and from itself before an encoder had refined it.

        `graph`: were vectors looked up in their graph; None = they have not been looked at.
        """
        graph = None if self._vectors is None else type(self._vectors).__name__ == "Hnsw"
        return {name: self.meta.get(name) for name in ("built", "live", "encoder", "sparse")} | {"graph": graph}

    @property
    def types(self) -> list[str]:
        """Every kind of entity there is."""
        types: list[str] = self.meta["types"]
        return types


class readable:  # noqa: N801 - reads as a phrase: with readable(folder)
    """Turns what goes wrong when a part of a generation is opened into a WorkspaceError that says what to do."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError | ValueError | RuntimeError):
            raise WorkspaceError(
                f"{self.folder}: a part can't be read ({error})",
                hint="if the index changed meanwhile, search again; ltrr index CATALOG builds it anew",
            ) from None


def read_meta(folder: str) -> dict[str, Any]:
    """Read `meta.json`; WorkspaceError if it is missing or damaged."""
    try:
        with open(os.path.join(folder, "meta.json"), encoding="utf-8") as f:
            found = json.load(f)
        if missing := {"rows", "live", "types", "languages", "encoder", "space", "dim", "quality"} - set(found):
            raise KeyError(min(missing))
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise WorkspaceError(
            f"{folder}: meta.json can't be read ({e})", hint="ltrr index CATALOG builds the index anew"
        ) from None
    return dict(found)


def write_meta(folder: str, meta: dict[str, Any]) -> None:
    """Replace `meta.json` in one step, leaving alone an earlier generation that shared the file."""
    from ltrr_cli.workspace import write_atomically

    write_atomically(os.path.join(folder, "meta.json"), json.dumps(meta, ensure_ascii=False, indent=1) + "\n")
