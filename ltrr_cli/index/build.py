"""Build a generation of the index from a catalog, or a new one from the last by adding and deleting.

Each change is a new generation, and unchanged files in it are links to the one before, so that a change costs what it
changes, becomes visible in one step, and can be undone. Rows are only ever appended: a row number never changes its meaning.
"""

from __future__ import annotations

import json
import os
import time
from array import array
from collections import Counter
from contextlib import closing, suppress
from itertools import chain, count, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli.index import columns, impacts_tantivy, kin, manifest, ties, values_tantivy, vocabulary_tantivy, writer_tantivy
from ltrr_cli.index.codes import encoded
from ltrr_cli.index.facts import TITLE, Fact, facts, parted, whole
from ltrr_cli.index.generation import Generation, read_meta, write_meta
from ltrr_cli.index.kinds import Kinds
from ltrr_cli.index.quality import Quality, beside
from ltrr_cli.index.recount import recounted
from ltrr_cli.index.tags import Tags
from ltrr_cli.index.text_tantivy import Text
from ltrr_cli.understand.language import detect
from ltrr_cli.understand.normalise import words
from ltrr_cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ltrr_cli.encode.base import Encoder
    from ltrr_cli.encode.splade import Splade
    from ltrr_cli.records import Entity

    Progress = Callable[[str, int, int | None], None]  # stage, done, of how many

SAMPLE = 2000  # entities looked at before the index is laid out
BATCH = 1024  # texts encoded at once
TEXTS = "texts.jsonl"  # what stands for each row in the vectors, kept only until they are made
TEXT_CHARACTERS = 400  # of the free text that goes into an entity's vector
SURE = 1.5  # function words' worth that make an entity's language known
LANGUAGE_SHARE = 0.05  # of the entities whose language is known, to be one of the catalog's languages


class Change(NamedTuple):
    """What one change of the index did."""

    generation: str
    entities: int  # added or replaced
    deleted: int
    rows: int  # alive in the whole index


def silent(stage: str, done: int, total: int | None) -> None:
    """Report progress to nobody."""


def build(
    workspace: Workspace,
    entities: Iterable[Entity],
    encoder: Encoder | None,
    describe: Callable[[], dict[str, Any]],
    progress: Progress = silent,
    keep_texts: bool = False,
    widen: bool = True,
    beginnings: Sequence[Entity] = (),
) -> Change:
    """Build the first or a fresh generation; *describe* is asked for what to keep in `meta.json` once all entities were read.

    Without an encoder there are no vectors yet; with *keep_texts* the texts are kept for `refine`, which makes better ones,
    or for `expand`. *widen*: keep the words by meaning, for the sparse arm. *beginnings* tell the languages, or else the first of
    *entities*. The writer lock must be held.
    """
    sample = list(islice(stream := iter(entities), SAMPLE))
    languages = catalog_languages(beginnings or sample)
    with workspace.new_generation() as folder:
        for part in ("text", "words", "values"):
            os.mkdir(os.path.join(folder, part))
        text = writer_tantivy.Writer(os.path.join(folder, "text"), languages, new=True)
        known, tags, tied = Quality(), Tags(), ties.Gathered()
        for entity in sample:
            tags.learn(facts(entity))
        with closing(_Growth(folder, 0, [], text, encoder, tags, keep_texts)) as growth:
            for n, entity in enumerate(chain(sample, stream), 1):
                tied.add(entity, growth.add(entity, learn=n > SAMPLE))
                known.add(entity)
                if n % BATCH == 0:
                    progress("reading", n, None)
            values, evidence = known.values()
            growth.finish(values, bytes(growth.columns.rows))
        progress("indexing", growth.columns.rows, growth.columns.rows)
        vocabulary_tantivy.write(os.path.join(folder, "words"), growth.vocabulary, new=True)
        values_tantivy.write(os.path.join(folder, "values"), growth.values, new=True)
        kindred = kin.write(os.path.join(folder, "kin"), growth.vocabulary, encoder) if widen else 0
        growth.values.clear()  # with the words a third of what a large catalog takes, which the ties need
        growth.vocabulary.clear()
        del known, values
        tied.write(folder)
        meta = {
            "rows": growth.columns.rows,
            "live": growth.columns.rows,
            "types": growth.columns.types,
            **growth.kinds.told(),
            "languages": languages,
            "space": encoder.space if encoder else "",
            "dim": encoder.dim if encoder else 0,
            "turned": True,
            "ties": ties.DIM,
            "quality": evidence,
            "built": time.time(),
            "sparse": "static" if widen else "none",
            "kin": kindred,
            **describe(),
        }
        write_meta(folder, meta)
        manifest.write(folder)
    return Change(workspace.current(), growth.columns.rows, 0, growth.columns.rows)


def change(
    workspace: Workspace,
    entities: Iterable[Entity],
    delete: Mapping[str, int],
    encoder: Encoder | None,
    progress: Progress = silent,
    splade: Splade | None = None,
) -> Change:
    """Make a new generation in which *entities* are added, replacing those of the same id, and *delete* (id -> row) are gone.

    The writer lock must be held; *encoder*, and *splade* where the index has a sparse model, may be None if nothing is added.
    """
    before = workspace.generation(workspace.current())
    old = Generation(before)
    with workspace.new_generation() as folder:
        link(before, folder)
        meta = read_meta(folder)
        text = writer_tantivy.Writer(os.path.join(folder, "text"), meta["languages"], new=False)
        with open(os.path.join(before, "dead"), "rb") as f:
            dead = bytearray(f.read())
        replaced = gone = 0
        removed, texts = list[int](), list[tuple[str, str]]()  # rows that died; type and meaning of the new ones
        kinds = Kinds(meta)
        qualities = array("f")

        def remove(entity_id: str, row: int | None) -> bool:
            if row is None or dead[row]:
                return False
            dead[row] = 1
            removed.append(row)
            text.delete(entity_id)
            kinds.add(old.columns.type(row), {parted(fact)[0] for fact in old.columns.said(row).facts}, -1)
            return True

        for entity_id, row in delete.items():
            gone += remove(entity_id, row)
        tags, encoding, turn = Tags(old.values), encoder if old.vectors else None, bool(meta.get("turned"))
        with closing(_Growth(folder, meta["rows"], meta["types"], text, encoding, tags, turn=turn)) as growth:
            for n, entity in enumerate(entities, 1):
                replaced += remove(entity.id, old.text.row_of(entity.id))
                growth.add(entity)
                if splade is not None:
                    texts.append((entity.type, meaning(entity)))
                qualities.append(_quality_beside(entity, old, meta["quality"]))
                if n % BATCH == 0:
                    progress("adding", n, None)
            added = growth.columns.rows - meta["rows"]
            growth.finish(qualities, dead + bytes(added))
        ties.append(folder, columns.Columns(folder, growth.columns.rows, growth.columns.types), old)
        text_now = Text(os.path.join(folder, "text"), meta["languages"])
        merged, values = recounted(text_now, old, removed, (growth.vocabulary, growth.values))
        if merged or values:
            vocabulary_tantivy.write(os.path.join(folder, "words"), merged, new=False)
            values_tantivy.write(os.path.join(folder, "values"), values, new=False)
            if meta.get("sparse") == "static":
                meta["kin"] = kin.write(os.path.join(folder, "kin"), merged, encoder, meta["kin"])
        if old.impacts is not None:
            made = splade.documents([text for _, text in texts]) if splade is not None else iter(())
            new = (impacts_tantivy.Row(n, kind, terms) for n, (kind, _), terms in zip(count(meta["rows"]), texts, made))
            impacts_tantivy.write(os.path.join(folder, "impacts"), new, removed)
        kinds.merge(growth.kinds)
        live = meta["live"] + added - replaced - gone
        meta.update(rows=growth.columns.rows, live=live, types=growth.columns.types, **kinds.told())
        write_meta(folder, meta)
        manifest.write(folder, before)
    return Change(workspace.current(), added, gone, live)


class _Growth:
    """Feeds each entity to every part of a generation being built."""

    def __init__(
        self,
        folder: str,
        rows: int,
        types: list[str],
        text: writer_tantivy.Writer,
        encoder: Encoder | None,
        tags: Tags,
        keep_texts: bool = False,
        turn: bool = True,
    ) -> None:
        self.columns = columns.Writer(folder, rows, types)
        self.vocabulary: Counter[str] = Counter()
        self.kinds = Kinds()
        self.values: dict[tuple[str, str], tuple[str, int]] = {}
        self.tags, self._text, self._encoder = tags, text, encoder
        self._pending: list[str] = []
        self._texts = open(os.path.join(folder, TEXTS), "w", encoding="utf-8") if keep_texts else None
        self._codes, self._turn = None, turn  # vectors, see `codes.turned`: those of older indexes are not
        if encoder is not None:
            self._codes = columns.continued(os.path.join(folder, "codes.i8"), rows * encoder.dim)

    def add(self, entity: Entity, learn: bool = True) -> list[str]:
        """Add one entity; return the terms of its facts."""
        texts, known = writer_tantivy.field_words(entity), list(facts(entity))
        row = self.columns.add(entity, terms := [fact.term for fact in known])
        self._text.add(row, entity, texts, [*terms, *(fact.term for fact in self.tags.of(entity, texts))])
        if learn:
            self.tags.learn(known)
        for field, value, shown, _ in (*known, Fact(TITLE, whole(entity.title), entity.title, 1.0)):
            if value:
                seen = self.values.get((field, value))
                self.values[field, value] = (shown, 1) if seen is None else (seen[0], seen[1] + 1)
        self.vocabulary.update(set(chain.from_iterable(texts.values())))
        self.kinds.add(entity.type, {fact.field for fact in known})
        if self._texts is not None:
            self._texts.write(json.dumps(meaning(entity)) + "\n")
        if self._codes is not None:
            self._pending.append(meaning(entity))
            if len(self._pending) == BATCH:
                self._encode()
        return terms

    def _encode(self) -> None:
        if self._codes is not None and self._encoder is not None and self._pending:
            self._codes.write(encoded(self._encoder, self._pending, self._turn))
            self._pending.clear()

    def finish(self, values: array[float], dead: bytes | bytearray) -> None:
        self._encode()
        self.columns.quality(values)
        self.columns.finish(dead)
        self.close()
        self._text.commit()

    def close(self) -> None:
        """Close the files, finished or given up."""
        for f in (self._codes, self._texts, self.columns):
            if f is not None:
                f.close()


def meaning(entity: Entity) -> str:
    """Return the text whose vector stands for an entity: what it is called, whose it is, how it is described."""
    top = [value for field, values in entity.attributes.items() if "." not in field for value in values]
    parts = (entity.title, " , ".join(entity.creator), " , ".join(top[:12]), entity.text[:TEXT_CHARACTERS])
    return " . ".join(part for part in parts if part)


def catalog_languages(sample: Sequence[Entity]) -> list[str]:
    """Return the languages (ISO 639-1) that the entities are in, the commonest first; English if none can be told."""
    votes = Counter(detect(words(f"{e.title} {e.text}"), least=SURE) for e in sample)
    del votes[""]
    found = [language for language, n in votes.most_common(4) if n >= max(3, LANGUAGE_SHARE * votes.total())]
    return found or ["en"]


def _quality_beside(entity: Entity, old: Generation, evidence: dict[str, Any]) -> float:
    """The quality of an entity added to an index, on the scale of those that are there."""
    names = entity.creator or (entity.title,)
    references = max(old.text.count_named(" ".join(words(name))) for name in names) if evidence["references"] else 0
    given = -1.0 if entity.popularity is None else entity.popularity
    return beside(given, references, entity.type, evidence)


def link(source: str, target: str, without: Sequence[str] = ()) -> None:
    """Link every file below *source* into *target*, the paths in *without* excepted; locks are made anew.

    Readers take Tantivy's locks, too, and where there is none would make one that is not private.
    """
    for where, folders, files in os.walk(source):
        there = os.path.join(target, below := os.path.relpath(where, source))
        for name in folders:
            os.mkdir(os.path.join(there, name), mode=0o700)
        for name in files:
            if name.endswith(".lock"):
                os.close(os.open(os.path.join(there, name), os.O_CREAT | os.O_CLOEXEC, 0o600))
            elif not name.endswith(".building") and os.path.normpath(os.path.join(below, name)) not in without:
                os.link(os.path.join(where, name), os.path.join(there, name))


def forget_texts(workspace: Workspace) -> None:
    """Remove what was kept for encoding later, once that is done."""
    with suppress(FileNotFoundError):
        os.unlink(os.path.join(workspace.generation(workspace.current()), TEXTS))
