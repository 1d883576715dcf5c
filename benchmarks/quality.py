"""How well untrained ltrr finds what people judged relevant, beside plain BM25 and each of its arms alone.

    python benchmarks/quality.py DATA_DIR [--sets cpcd_music,chorus_icecat] [--seeds 3]

DATA_DIR has a folder a set, as `judged.py` describes. Each set is indexed into a temporary folder with no mapping file;
every search is logged nowhere and nothing is learned. "plain BM25" is Tantivy's over all text of a record in one field, no
stemming. Misspelt queries have a slip in each word of four letters or more, averaged over the seeds. Figures are
nDCG@10 / recall@100 and, misspelt, nDCG@10 with the part of the clean figure that is kept.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean
from typing import Any

import tantivy
from judged import Judged, misspelt

import ltrr_cli
from ltrr_cli.arms.base import ARMS
from ltrr_cli.engine import Engine
from ltrr_cli.understand.normalise import words

System = Callable[[str], list[str]]


def plain_bm25(judged: Judged) -> System:
    """The baseline: what somebody gets who puts every text into one field."""
    schema = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw").add_text_field("text").build()
    index = tantivy.Index(schema)
    writer = index.writer(64 << 20, 1)
    for entity_id, text in documents(judged):
        writer.add_document(tantivy.Document(id=entity_id, text=text))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def search(text: str) -> list[str]:
        query = index.parse_query(" ".join(words(text)), ["text"])
        return [searcher.doc(address)["id"][0] for _, address in searcher.search(query, 200, count=False).hits]

    return search


def bm25s(judged: Judged) -> System | None:
    """The same baseline by another library, bm25s; None where that is not installed."""
    if find_spec("bm25s") is None:
        return None
    from bm25s import BM25

    ids, split = zip(*((entity_id, words(text)) for entity_id, text in documents(judged)), strict=True)
    index = BM25()
    index.index(split, show_progress=False)
    known: Any = index.vocab_dict

    def search(text: str) -> list[str]:
        asked = [word for word in words(text) if word in known]
        if not asked:
            return []
        found: Any = index.retrieve([asked], k=min(200, len(ids)), show_progress=False)
        return [ids[row] for row, score in zip(found[0][0], found[1][0], strict=True) if score > 0]

    return search


def documents(judged: Judged) -> Iterator[tuple[str, str]]:
    """Id and whole text of each record that is searched."""
    with gzip.open(judged.catalog, "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            if not judged.types or record["type"] in judged.types:
                yield record["id"], " ".join(texts(record))


def texts(value: Any) -> Iterator[str]:
    """Every text and number in a record but its id."""
    if isinstance(value, dict):
        for key, inside in value.items():
            if key not in ("id", "cluster", "canonical", "tracks"):
                yield from texts(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from texts(inside)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def ltrr(engine: Engine, judged: Judged, **options: Any) -> System:
    def search(text: str) -> list[str]:
        page = engine.search(
            text, limit=100 if not judged.cluster else 150, types=judged.types, log=False, explore=False, now=0, **options
        )
        return [result.id for result in page.results]

    return search


def measure(judged: Judged, search: System, seeds: int) -> tuple[float, float, float]:
    clean = [judged.score(query, search(text)) for query, text in judged.queries.items()]
    noisy = [
        judged.score(query, search(misspelt(text, seed))).ndcg for seed in range(seeds) for query, text in judged.queries.items()
    ]
    return fmean(s.ndcg for s in clean), fmean(s.recall for s in clean), fmean(noisy) if noisy else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sets", default="cpcd_music,chorus_icecat")
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    for name in args.sets.split(","):
        judged = Judged(args.data / name)
        print(f"{name}: {len(judged.queries)} queries{', tracks by cluster' if judged.cluster else ''}")
        with tempfile.TemporaryDirectory() as folder:
            ltrr_cli.build([str(judged.catalog)], folder, graph=False)
            with Engine(folder) as engine:
                systems: dict[str, System] = {"plain BM25": plain_bm25(judged), "ltrr, default plan": ltrr(engine, judged)}
                systems |= {f"arm: {arm}": ltrr(engine, judged, arms=[arm]) for arm in ARMS if arm != "personal"}  # nobody asks
                systems["equal split"] = ltrr(engine, judged, policy="equal_split")
                base = 0.0
                for label, search in systems.items():
                    ndcg, recall, noisy = measure(judged, search, args.seeds)
                    base = base or ndcg or 1.0
                    clean = f"{ndcg:.4f} ({ndcg / base:.2f}x) / {recall:.3f}"
                    kept = f"{noisy / ndcg:.1%} kept" if ndcg else "nothing to keep"
                    print(f"  {label:22} {clean}   misspelt {noisy:.4f} ({kept})", flush=True)


if __name__ == "__main__":
    main()
