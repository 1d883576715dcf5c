"""The catalog as a stream of entities: good records pass, bad ones are counted and named, nothing gets lost in silence."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from ltrr_cli.catalog.fields import Fields, reach
from ltrr_cli.catalog.ids import best_id
from ltrr_cli.catalog.make import Maker
from ltrr_cli.catalog.mapping import Mapping, nearest
from ltrr_cli.catalog.names import ROLES, plain, singular
from ltrr_cli.catalog.read import records
from ltrr_cli.catalog.report import Report
from ltrr_cli.catalog.sources import STDIN, files
from ltrr_cli.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ltrr_cli.catalog.read import Raw
    from ltrr_cli.records import Entity

AHEAD = 2000  # records that are looked at before the first of them becomes an entity
AHEAD_BYTES = 32 << 20  # fewer records if they are large
FILES = 40  # files of a catalog that are glimpsed at, spread over all of them


def entities(
    sources: Sequence[str], *, mapping: Mapping | None = None, strict: bool = False, report: Report | None = None
) -> Catalog:
    """Return the entities of files, of folders and of the standard input ("-"), to be iterated over once.

    What *mapping* does not say is found by looking. *strict* makes the first problem a CatalogError.
    """
    report = report or Report()
    report.strict = report.strict or strict
    return Catalog(sources, mapping or Mapping(), report)


def beginnings(sources: Sequence[str], mapping: Mapping | None = None) -> list[Entity]:
    """Return AHEAD entities in all from the beginnings of the files, as many of each: what a catalog of several is like.

    Nothing where there is one file. The standard input and pipes can be read but once, and are left alone; what is wrong with a
    file is told by whoever reads all of it.
    """
    paths = [path for path in files(sources, Report()) if path != STDIN and os.path.isfile(path)]
    if len(paths) < 2:
        return []
    some = paths[:: -(-len(paths) // FILES)]
    found: list[Entity] = []
    for path in some:
        with suppress(CatalogError):
            found += islice(Catalog([path], mapping or Mapping(), Report(), AHEAD // len(some)), AHEAD // len(some))
    return found


class Catalog:
    """Entities as they are read. `report` counts along; `mapping` grows and is final when all are read."""

    def __init__(self, sources: Sequence[str], mapping: Mapping, report: Report, ahead: int = AHEAD) -> None:
        self.report, self._ahead = report, ahead
        self._sources = sources
        self._given = mapping
        self._fields = Fields(mapping)
        # Exact, not hashes: the ids themselves live on in the entities and the index, so that a set of them costs some
        # 40 bytes a record, and no two records can be mistaken for each other.
        self._ids: set[str] = set()
        self._seen: set[str] = set()  # files
        self._strangers: set[str] = set()  # those of a folder that are no catalogs

    @property
    def mapping(self) -> Mapping:
        return self._fields.mapping()

    def __iter__(self) -> Iterator[Entity]:
        stream = records(self._sources, self.report)
        maker = Maker(self._fields.root)
        while block := self._block(stream):
            block = self._known(block)
            self._fields.learn([raw.record for raw in block], self._ids)
            if not self._fields.ids:
                raise CatalogError(f"{block[0].source}: none of its fields can be the id", hint=self._hint())
            titled = any(field.role == "title" for field in self._fields)
            for raw in block:
                entity = maker.make(raw.record, self._given.type or kind_of(raw.source, raw.under), titled)
                if self._accept(entity, raw):
                    for field, kind, message in maker.doubts:
                        self.report.doubt(raw.source, raw.line, field, kind, message)
                    self.report.entities += 1
                    yield entity
        self._finish()

    def _block(self, stream: Iterator[Raw]) -> list[Raw]:
        block, most = [], self.report.bytes + AHEAD_BYTES
        for raw in stream:
            block.append(raw)
            if len(block) >= self._ahead or self.report.bytes > most:
                break
        return block

    def _known(self, block: list[Raw]) -> list[Raw]:
        """Leave out the files of a folder that are about something else: no record in them has an id or a title."""
        files: dict[str, list[Raw]] = {}
        for raw in block:
            files.setdefault(raw.source, []).append(raw)
        for path in [path for path in files if path not in self._seen and path not in self._sources]:
            own = [raw.record for raw in files[path]]
            if best_id(own) or any(self._fields.id_of(record) for record in own):
                continue
            if not any(ROLES.get(plain(key), ("",))[0] == "title" for record in own for key in record):
                self._strangers.add(path)
        self._seen.update(files)
        if not self._fields.ids and self._strangers.issuperset(files):
            self._strangers.clear()  # nothing else was read yet: whatever is wrong is said of them
        self.report.skipped += [path for path in files if path in self._strangers and path not in self.report.skipped]
        kept = [raw for raw in block if raw.source not in self._strangers]
        self.report.read -= len(block) - len(kept)
        return kept

    def _accept(self, entity: Entity, raw: Raw) -> bool:
        """Tell whether the entity's id is usable and new."""
        lose = self.report.lose
        if not entity.id:
            path = next((path for path in self._fields.ids if reach(raw.record, path) not in (None, "")), "")
            message = "the value can't be an id" if path else f"the record has no id ({self._fields.ids[0]!r})"
            lose(raw.source, raw.line, path, "bad id" if path else "no id", message)
        elif entity.id in self._ids:
            lose(raw.source, raw.line, self._fields.ids[0], "duplicate id", f"the id {entity.id!r} was there before")
        else:
            self._ids.add(entity.id)
            return True
        return False

    def _finish(self) -> None:
        known = {field.path for field in self._fields}
        for role, paths in self._given.fields.items():
            absent = [path for path in paths if path not in known]
            if absent and known and self._given.origin:
                message = f"{self._given.origin}: {role}: no record has a field {absent[0]!r}"
                raise CatalogError(message, hint=nearest(absent[0], known))
        if not self.report.entities:
            problem = next(iter(self.report.problems), None)
            hint = "a catalog holds at least one good record"
            if problem and problem.kind == "no id" and "id" in self._given.fields:
                hint = f"the id is read from {self._fields.ids[0]!r} here; else: ltrr index all catalogs together"
            raise CatalogError(str(problem) if problem else "no records", hint=hint)

    def _hint(self) -> str:
        names = [field.path for field in self._fields][:12]
        return f'name it, {{"id": "FIELD"}}, in a file m.json and add --mapping m.json; fields: {", ".join(names)}'


@lru_cache(maxsize=1024)
def kind_of(source: str, under: str) -> str:
    """Return the type of a record that does not say: by the key it stood under, by its file's name, or "item".

    >>> kind_of("shop/products.json.gz", ""), kind_of("export.csv", ""), kind_of("x.json", "albums")
    ('product', 'item', 'album')
    """
    if under and (name := singular(under)):
        return name
    stem = os.path.basename(source).partition(".")[0]
    name = singular(stem)
    return name if name and plain(stem).endswith("s") else "item"
