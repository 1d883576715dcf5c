"""One search engine with an index of its own: `peers.py` runs this by the Python of an environment that has just that one.

    python benchmarks/peer.py NAME build CATALOG WHERE
    python benchmarks/peer.py NAME search WHERE QUERIES_TSV     prints {"ms": [...], "hits": {query id: [entity id, ...]}}

Every peer gets a record's texts as one field, in lower case words, and finds the ten best for any of a query's words by its own
BM25; ltrr gets the records.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

WORD = re.compile(r"\w+")
K = 10
Search = Callable[[str], list[str]]


def words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def texts(value: Any) -> Iterator[str]:
    """Yield every text and number in a value."""
    if isinstance(value, dict):
        for key, inside in value.items():
            if key not in ("id", "cluster", "canonical", "tracks"):
                yield from texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from texts(inside)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield str(value)


def documents(catalog: str) -> Iterator[tuple[str, str]]:
    """Yield id and text of each record."""
    with gzip.open(catalog, "rt", encoding="utf-8") if catalog.endswith(".gz") else open(catalog, encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            yield record["id"], " ".join(words(" ".join(texts(record))))


class Fts5:
    """SQLite's own full text."""

    @staticmethod
    def build(catalog: str, where: str) -> None:
        db = sqlite3.connect(os.path.join(where, "fts5.db"))
        db.execute("CREATE VIRTUAL TABLE item USING fts5(id UNINDEXED, text)")
        db.executemany("INSERT INTO item VALUES (?, ?)", documents(catalog))
        db.commit()
        db.execute("INSERT INTO item(item) VALUES ('optimize')")
        db.commit()
        db.close()

    @staticmethod
    def opened(where: str) -> Search:
        db = sqlite3.connect(os.path.join(where, "fts5.db"))
        sql = f"SELECT id FROM item WHERE item MATCH ? ORDER BY rank LIMIT {K}"

        def search(text: str) -> list[str]:
            asked = " OR ".join(f'"{word}"' for word in words(text))
            return [row[0] for row in db.execute(sql, (asked,))] if asked else []

        return search


class Bm25s:
    @staticmethod
    def build(catalog: str, where: str) -> None:
        import bm25s

        ids, texts = zip(*documents(catalog), strict=True)
        index = bm25s.BM25()
        index.index([text.split() for text in texts], show_progress=False)
        index.save(where)
        with open(os.path.join(where, "ids.json"), "w", encoding="utf-8") as file:
            json.dump(ids, file)

    @staticmethod
    def opened(where: str) -> Search:
        import bm25s

        index = bm25s.BM25.load(where, mmap=True)
        known: Any = index.vocab_dict
        with open(os.path.join(where, "ids.json"), encoding="utf-8") as file:
            ids = json.load(file)

        def search(text: str) -> list[str]:
            asked = [word for word in words(text) if word in known]
            found: Any = index.retrieve([asked], k=min(K, len(ids)), show_progress=False) if asked else ([[]], None)
            return [ids[row] for row in found[0][0]]

        return search


class LanceDb:
    @staticmethod
    def build(catalog: str, where: str) -> None:
        import lancedb  # type: ignore[import-not-found]

        table = lancedb.connect(where).create_table("item", [{"id": id, "text": text} for id, text in documents(catalog)])
        table.create_fts_index("text", use_tantivy=False, with_position=False, stem=False, remove_stop_words=False)

    @staticmethod
    def opened(where: str) -> Search:
        import lancedb

        table = lancedb.connect(where).open_table("item")

        def search(text: str) -> list[str]:
            asked = " ".join(words(text))
            found: list[str] = table.search(asked, query_type="fts").limit(K).select(["id"]).to_arrow()["id"].to_pylist()
            return found

        return search


class Txtai:
    """Its index of words alone: vectors would need a model from elsewhere."""

    @staticmethod
    def build(catalog: str, where: str) -> None:
        from txtai import Embeddings  # type: ignore[import-not-found]

        index = Embeddings({"keyword": True, "content": False})
        index.index((id, text, None) for id, text in documents(catalog))
        index.save(where)

    @staticmethod
    def opened(where: str) -> Search:
        from txtai import Embeddings

        index = Embeddings()
        index.load(where)
        return lambda text: [id for id, _ in index.search(" ".join(words(text)), K)]


class Ltrr:
    """ltrr as it comes, untrained; or its full-text arm alone."""

    arms: tuple[str, ...] = ()

    @staticmethod
    def build(catalog: str, where: str) -> None:
        import ltrr_cli

        ltrr_cli.build([catalog], where, graph=False)

    @classmethod
    def opened(cls, where: str) -> Search:
        import ltrr_cli

        engine = ltrr_cli.open(where)
        return lambda text: [r.id for r in engine.search(text, limit=K, arms=cls.arms, log=False, explore=False).results]


class Lexical(Ltrr):
    arms = ("lexical",)


PEERS: dict[str, Any] = {
    "ltrr": Ltrr, "ltrr, lexical": Lexical, "fts5": Fts5, "bm25s": Bm25s, "lancedb": LanceDb, "txtai": Txtai,
}  # fmt: skip


def main() -> None:
    name, step, *about = sys.argv[1:]
    if step == "build":
        os.makedirs(about[1])
        PEERS[name].build(*about)
        return
    search, took, hits = PEERS[name].opened(about[0]), [], {}
    with open(about[1], encoding="utf-8") as lines:
        for line in lines:
            query, _, text = line.rstrip("\n").partition("\t")
            started = time.perf_counter(), time.process_time()
            hits[query] = search(text)
            took.append((1e3 * (time.perf_counter() - started[0]), 1e3 * (time.process_time() - started[1])))
    print(json.dumps({"ms": took, "hits": hits}))


if __name__ == "__main__":
    main()
