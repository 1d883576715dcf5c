"""A clock that goes backwards, a state folder behind a link, a small file that unpacks to a huge one."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import ltrr_cli
from ltrr_cli.verify import check

ROOT = os.path.dirname(os.path.dirname(ltrr_cli.__file__))
NOW = 1_800_000_000.0
MEGABYTES = 160  # that unpacking may add; the bomb has five times as much


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


def test_a_table_whose_cell_never_ends_is_an_error_in_little_memory(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.csv.gz"
    with gzip.open(bomb, "wb", compresslevel=1) as f:
        f.write(b'id,name\n1,"')
        for _ in range(5 * MEGABYTES):
            f.write((b"y" * 1023 + b"\n") * 1024)
    script = f"""
import resource, sys
from ltrr_cli.catalog.check import entities
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
catalog = entities([{str(bomb)!r}])
try:
    list(catalog)
except Exception as e:
    print(type(e).__name__, str(e).partition(": ")[2])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    environment = {**os.environ, "PYTHONPATH": ROOT}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, timeout=300)
    said, more = done.stdout.splitlines()
    assert said.startswith("CatalogError broken row: field larger than field limit")
    assert int(more) < MEGABYTES * 1024  # kilobytes
