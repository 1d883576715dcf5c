"""A state folder that has lived, in a scratch folder of this run: what targets are tried on."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from functools import cache

import ltrr_cli
from ltrr_cli.engine import Engine

ROWS = [
    {"id": "a1", "type": "track", "name": "Love Story", "artist": "Taylor Swift", "year": 2008, "genres": {"pop": 0.6}, "price": 9.5},
    {"id": "a2", "type": "track", "name": "Black Rain", "artist": "Soundgarden", "date": "1994-03-08", "genres": ["rock"], "tags": []},
    {"id": "b1", "type": "artist", "name": "東京事変", "popularity": 7, "about": "A band from Tokyo <b>1</b>"},
    *({"id": f"c{i}", "type": "product", "name": f"Running shoe {i}", "brand": "Solstice", "price": 10 + i} for i in range(30)),
]  # fmt: skip
LINES = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS[:6]).encode()
CSV = b'id,name,artist,year,tags\n1,Love Story,"Swift, Taylor",2008,"[""pop"", ""rock""]"\n2,Halo,Beyonce,2009,\n'
SUFFIXES = (".jsonl", ".json", ".csv", ".tsv", ".jsonl.gz", ".json.gz", ".csv.gz", "", ".txt")


@cache
def scratch() -> str:
    """A folder for this run, removed by `tidy`."""
    return tempfile.mkdtemp(prefix="ltrr-fuzz-")


def tidy() -> None:
    """Remove what this run has written."""
    shutil.rmtree(scratch(), ignore_errors=True)


def written(name: str, data: bytes) -> str:
    path = os.path.join(scratch(), name)
    with open(path, "wb") as f:
        f.write(data)
    return path


@cache
def lived() -> str:
    """A folder with an index, searches and feedback."""
    folder = os.path.join(scratch(), "lived")
    pid = os.fork()  # an index that was opened has threads, and a fork with threads is a risk of its own
    if not pid:
        path = written("catalog.jsonl", b"".join(json.dumps(row).encode() + b"\n" for row in ROWS))
        ltrr_cli.build([path], folder)
        ltrr_cli.delete(["c3"], folder)
        with Engine(folder) as engine:
            for i, text in enumerate(("love", "black rain", "running shoe", "東京")):
                engine.search(text, seed=i, user="ann", session="s")
                engine.feedback(1, event_id=f"e{i}")
        os._exit(0)
    os.waitpid(pid, 0)
    return folder


@cache
def engine() -> Engine:
    return Engine(shutil.copytree(lived(), os.path.join(scratch(), "own")))
