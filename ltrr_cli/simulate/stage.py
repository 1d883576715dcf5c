"""The real engine on a stage: its code as it is, a private folder for what it logs and learns, and a simulated clock.

What cannot have changed since it was last computed is remembered: what a query means, and what an arm finds that asks
neither memory nor the log.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ltrr_cli import settings as settings_of
from ltrr_cli.arms.base import DEPTH, Sources
from ltrr_cli.asked import Asked
from ltrr_cli.engine import Engine
from ltrr_cli.feedback.store import Store
from ltrr_cli.index.columns import Columns
from ltrr_cli.index.generation import Generation
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator

    from ltrr_cli.memory.taste import Taste
    from ltrr_cli.records import Hit, Query
    from ltrr_cli.settings import Settings

BY_WORDS = ("lexical", "fuzzy", "popular", "semantic", "sparse", "related")  # arms that draw alike however a query is read
MOST = 3000  # queries, and records, that are kept at once: about 100 kB for a query


class Kept:
    """One index of the folder *index*, opened once, with everything that was found in it so far."""

    def __init__(self, index: str) -> None:
        workspace = Workspace(index).open()
        self.folder, self.name = index, workspace.current()
        self.settings = settings_of.load(index)
        self.generation = Generation(workspace.generation(self.name))
        meta = self.generation.meta
        self.generation._columns = _Columns(self.generation.folder, self.generation.rows, meta["types"])
        self.meanings: dict[object, Query] = {}
        self.draws: dict[object, dict[tuple[str, int], list[Hit]]] = {}
        self.vectors: dict[str, array[float] | None] = {}


class Stage(Engine):
    """An engine on the index that was *kept*, whose searches and feedback stay in *folder*."""

    def __init__(self, kept: Kept, folder: str, **flags: Any) -> None:
        super().__init__(kept.folder, generation=kept.name, store=Store(os.path.join(folder, "state.db")), **flags)
        self.store.rows("PRAGMA synchronous=OFF")  # a simulation that loses its power is run again
        self.generation = kept.generation
        self.asked = _Asked(kept, self.store, self.settings, os.path.join(folder, "holidays.json"))
        self.sources = self.asked.sources


class _Asked(Asked):
    """What a query means is kept for the next time it is asked with the same trust in its readings."""

    def __init__(self, kept: Kept, store: Store, settings: Settings, holidays: str) -> None:
        super().__init__(kept.generation, store, settings, holidays)
        self._kept = kept
        self.sources = _Sources(kept, self._rows, store.exposure, self._pasts)

    def query(self, text: str, **given: Any) -> Query:
        self.keep_up()
        same = (text, *sorted(self.trust.items()), *sorted((name, value) for name, value in given.items() if name != "now"))
        found = self._kept.meanings.get(same)
        if found is None:
            if len(self._kept.meanings) >= MOST:
                self._kept.meanings.clear()
            found = self._kept.meanings[same] = super().query(text, **given)
        return found._replace(now=given["now"])


class _Sources(Sources):
    """Draws of an arm that asked neither for what is remembered nor for what was shown are kept for the next time."""

    def __init__(self, kept: Kept, *changing: Any) -> None:
        self._kept, self._asked = kept, 0
        super().__init__(kept.generation, *map(self._noticed, changing))

    def _noticed(self, look: Callable[..., Any]) -> Callable[..., Any]:
        def look_and_notice(*what: Any) -> Any:
            self._asked += 1
            return look(*what)

        return look_and_notice

    def draw(self, arm: str, query: Query, k: int = DEPTH) -> list[Hit]:
        self._turn_to(query)
        at = (arm, max(k, DEPTH))
        if at in self._drawn:
            return self._drawn[at]
        found = self._known(query, arm)
        if at in found:
            self._drawn[at] = found[at]
            self.ms.setdefault(arm, 0.0)
            return found[at]
        asked = self._asked
        hits = super().draw(arm, query, k)
        if self._asked == asked:
            found[at] = hits
        return hits

    def taste(self, query: Query) -> Taste | None:
        if query.user is not None or query.session is not None:
            self._asked += 1  # made once a query, so perhaps before the arm that is drawn from asks
        return super().taste(query)

    def vector(self, query: Query) -> array[float] | None:
        self._turn_to(query)
        kept = self._kept.vectors
        if query.text not in kept:
            if len(kept) >= MOST:
                kept.clear()
            kept[query.text] = super().vector(query)
        return kept[query.text]

    def _turn_to(self, query: Query) -> None:
        if query is not self._query:
            self._now_known: dict[bool, dict[tuple[str, int], list[Hit]]] = {}
        super()._turn_to(query)

    def _known(self, query: Query, arm: str) -> dict[tuple[str, int], list[Hit]]:
        by_words = arm in BY_WORDS
        if by_words not in self._now_known:
            same, draws = query._replace(now=0.0), self._kept.draws
            if by_words:
                same = same._replace(interpretations=(), intent=())
            if same not in draws and len(draws) >= MOST:
                draws.clear()
            self._now_known[by_words] = draws.setdefault(same, {})
        return self._now_known[by_words]


class _Columns(Columns):
    """Ids, types and records that were read are kept."""

    def __init__(self, folder: str, rows: int, types: list[str]) -> None:
        super().__init__(folder, rows, types)
        self._ids: dict[int, str] = {}
        self._heads: dict[int, tuple[str, str, str, dict[str, Any]]] = {}

    def id(self, row: int) -> str:
        found = self._ids.get(row)
        if found is None:
            found = self._ids[row] = super().id(row)
        return found

    def head(self, row: int) -> tuple[str, str, str, dict[str, Any]]:
        found = self._heads.get(row)
        if found is None:
            if len(self._heads) >= MOST:
                self._heads.clear()
            found = self._heads[row] = super().head(row)
        return found


@contextmanager
def stage(kept: Kept, **flags: Any) -> Iterator[Stage]:
    """Yield a stage in a folder that is gone afterwards; *flags* are settings, None leaves one as it is in the index."""
    with TemporaryDirectory(prefix="ltrr-simulate-") as folder:
        engine = Stage(kept, folder, **flags)
        try:
            yield engine
        finally:
            engine.close()
