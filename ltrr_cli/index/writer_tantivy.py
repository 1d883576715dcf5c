"""Write full text for Tantivy: which words of an entity stand in which field, and its facts, links and numbers beside them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import tantivy
from tantivy import Tokenizer

from ltrr_cli.index.columns import day
from ltrr_cli.index.facts import TITLE, number_path, term, whole, years
from ltrr_cli.index.text_tantivy import FIELDS, stemmer_of
from ltrr_cli.understand.language import detect
from ltrr_cli.understand.normalise import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ltrr_cli.records import Entity

HEAP = 128 << 20


def schema(languages: Sequence[str]) -> tantivy.Schema:
    """Return the schema for a catalog in these languages (ISO 639-1)."""
    b = tantivy.SchemaBuilder()
    b.add_unsigned_field("row", fast=True)
    for name in ("id", "type", "whole", "fact", "link"):
        b.add_text_field(name, tokenizer_name="raw", index_option="basic")
    b.add_json_field("numbers", fast=True, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        b.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
        for language in languages:
            b.add_text_field(f"{field}_{language}", tokenizer_name=f"stem_{language}", index_option="freq")
    return b.build()


class Writer:
    """Writes one Tantivy folder; the folder of an earlier generation may be continued."""

    def __init__(self, folder: str, languages: Sequence[str], *, new: bool, threads: int = 1) -> None:
        self.languages = tuple(languages)
        index = tantivy.Index(schema(languages), path=folder) if new else tantivy.Index.open(folder)
        index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(Tokenizer.whitespace()).build())
        for language in languages:
            index.register_tokenizer(f"stem_{language}", stemmer_of(language))
        self._writer = index.writer(HEAP if new else 16 << 20, threads)

    def add(self, row: int, entity: Entity, texts: dict[str, list[str]], terms: Iterable[str] = ()) -> None:
        """Add one entity under *row*; *texts* are its fields' words, as `field_words` gives them, *terms* those of its facts."""
        d = tantivy.Document()
        d.add_unsigned("row", row)
        d.add_text("id", entity.id)
        d.add_text("type", entity.type)
        for name in {whole(name) for name in (entity.title, *entity.creator)}:
            if name:
                d.add_text("whole", name[:1000])
        for one in terms:
            d.add_text("fact", one)
        if called := whole(entity.title):
            d.add_text("fact", term(TITLE, called[:1000]))
        _add_links(d, entity)
        if numbers := numbers_of(entity):
            d.add_json("numbers", numbers)
        language = self._language(texts)
        for field, its_words in texts.items():
            if its_words:
                text = " ".join(its_words)
                d.add_text(field, text)
                if language:
                    d.add_text(f"{field}_{language}", text)
        self._writer.add_document(d)

    def _language(self, texts: dict[str, list[str]]) -> str:
        if len(self.languages) < 2:
            return self.languages[0] if self.languages else ""
        return detect(texts["title"] + texts["text"], self.languages) or self.languages[0]

    def delete(self, entity_id: str) -> None:
        self._writer.delete_documents_by_term("id", entity_id)

    def commit(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()


def _add_links(d: tantivy.Document, entity: Entity) -> None:
    """Add what an entity refers to: by whatever field, and as a fact, which a filter may ask for."""
    for linked in {linked for _, linked in entity.links}:
        d.add_text("link", linked)
    for field, linked in set(entity.links):
        d.add_text("fact", term(field, linked))


def numbers_of(entity: Entity) -> dict[str, float]:
    """Return the numbers of an entity that a filter may ask for, by `facts.number_path`; its date as a number of days."""
    numbers = dict(entity.numbers)
    if entity.price is not None:
        numbers["price"] = entity.price
    if entity.popularity is not None:
        numbers["popularity"] = entity.popularity
    if date := day(entity.date):
        numbers["date"] = date
    if year := int(entity.date[:4]) if entity.date and date else max(years(entity), default=0):
        numbers.setdefault("year", float(year))
    return {number_path(field): float(n) + 0.0 for field, n in numbers.items() if isfinite(n)}  # + 0.0 makes 0 of -0


def field_words(entity: Entity) -> dict[str, list[str]]:
    """Return the words of each full-text field of an entity.

    Attributes given at the top of the record describe it; those nested deeper are details and count less.
    """
    attributes: list[str] = []
    details: list[str] = []
    for field, values in entity.attributes.items():
        where = details if "." in field else attributes
        for value in values:
            where.extend(words(value, every=True))
    attributes += map(str, sorted(years(entity)))
    return {
        "title": words(entity.title, every=True),
        "creator": [w for c in entity.creator for w in words(c, every=True)],
        "attributes": attributes,
        "details": details,
        "text": words(entity.text, every=True),
    }
