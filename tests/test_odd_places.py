"""A clock that goes backwards, a state folder behind a link, a small file that unpacks to a huge one."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

import ltrr_cli
from ltrr_cli.verify import check

ROOT = os.path.dirname(os.path.dirname(ltrr_cli.__file__))
NOW = 1_800_000_000.0
MEGABYTES = 200  # that a bomb unpacks to


def test_a_clock_that_goes_backwards_loses_nothing(own: str) -> None:
    with ltrr_cli.open(own) as engine:
        for i, now in enumerate((NOW, NOW - 86_400, NOW - 400 * 86_400, NOW + 60, 0.0)):
            page = engine.search("love", seed=i, now=now, user="ann")
            assert page.results
            assert engine.feedback(1, search_id=page.search_id, now=now - 3600).kept == 1
        assert len(list(engine.store.rows("SELECT id FROM searches"))) == 5
        assert engine.learn() is not None
    assert not check(own).damaged


def test_a_state_folder_behind_a_link_is_that_folder(own: str, tmp_path: Path) -> None:
    link = str(tmp_path / "link")
    os.symlink(own, link)
    more = tmp_path / "more.jsonl"
    more.write_text('{"id": "new", "type": "track", "name": "Brand New Day"}\n')
    ltrr_cli.add([str(more)], link)
    with ltrr_cli.open(link) as engine:
        assert engine.search("brand new day", arms=["lexical"]).results[0].id == "new"
        engine.feedback(1)
    ltrr_cli.build([str(more)], link)
    assert os.path.islink(link)
    assert check(own).findings == check(link).findings
    assert not check(own).damaged


def test_a_query_without_end_is_cut(own: str) -> None:
    with ltrr_cli.open(own) as engine:
        for text in ("x" * 2_000_000, "love " * 400_000, "[" * 2_000_000):
            page = engine.search(text, seed=1)
            assert len(page.query.text) == 10_000
        assert engine.explain(page.search_id)["query"]["text"] == text[:10_000]


LARGE = "the record is larger than 16 MiB"
ONE = b'{"id": 1, "name": "x"}\n{"id": 2, "name": '


@pytest.mark.parametrize(
    ("name", "head", "body", "tail", "said", "most"),
    [
        ("cell.csv.gz", b'id,name\n1,"', b"y" * 1023 + b"\n", b"", "CatalogError broken row: field larger than field limit", 160),
        ("wide.csv.gz", b"id,name", b",col" * 256, b"\n1,x\n", f"CatalogError the header row can't be read: {LARGE}", 160),
        ("rows.csv.gz", b"id,name\n1,x\n", b'"' + b"y" * 1021 + b'\n",', b"", f"1 a row has no end: {LARGE}", 160),
        ("line.jsonl.gz", ONE + b'"', b"y" * 1024, b'"}\n{"id": 3}\n', f"2 {LARGE}", 160),
        ("line.jsonl", ONE + b'"', b"y" * 1024, b'"}\n{"id": 3}\n', f"2 {LARGE}", 160),
        ("deep.jsonl.gz", ONE, b"[" * 1024, b"", f"1 {LARGE}", 160),
        ("deep.json.gz", b"[", b"[" * 1024, b"", f"CatalogError {LARGE}; the rest was not read", 440),
        ("deeper.json.gz", b"", b'{"a":' * 200, b"", f"CatalogError {LARGE}; the rest was not read", 440),
        ("keys.json.gz", b'{"a": {', b'"k":1,' * 170, b"", "CatalogError more than 10000 keys without records under them", 160),
    ],
)
def test_what_unpacks_to_hundreds_of_megabytes_is_an_error_in_little_memory(
    tmp_path: Path, name: str, head: bytes, body: bytes, tail: bytes, said: str, most: int
) -> None:
    bomb = tmp_path / name
    opened = gzip.open(bomb, "wb", compresslevel=1) if name.endswith(".gz") else open(bomb, "wb")
    with opened as f:
        f.write(head)
        for _ in range(MEGABYTES):
            f.write(body * 1024)
        f.write(tail)
    script = f"""
import resource, sys
from ltrr_cli.catalog.check import entities
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
catalog = entities([{str(bomb)!r}])
try:
    read = len(list(catalog))
    print(read, catalog.report.problems[0].message)
except Exception as e:
    print(type(e).__name__, str(e).partition(": ")[2])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    environment = {**os.environ, "PYTHONPATH": ROOT}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=300)
    told, more = done.stdout.splitlines()
    assert told.startswith(said)
    assert int(more) < most * 1024  # kilobytes
