"""A search is a new process each time, and imports are its time: this is the list of what one may load."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ltrr_cli

ROOT = os.path.dirname(os.path.dirname(ltrr_cli.__file__))
CATALOG = [{"id": str(i), "type": "track", "title": title} for i, title in enumerate(["Love Story", "Halo", "Love Me Do"])]
SEARCH = """
import sys
before = set(sys.modules)
from ltrr_cli.cli.app import start
if not start(["search", *sys.argv[1:]]):
    print(*sorted({name.partition(".")[0] if not name.startswith("ltrr_cli") else name for name in set(sys.modules) - before}))
"""

MAY_LOAD = """
array bisect collections copyreg datetime encodings enum errno fcntl functools gc itertools json keyword
ltrr_cli math mmap operator re reprlib sqlite3 sre struct tantivy time types zlib
"""  # by top name, without underscores before it


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An index of three entities."""
    home = tmp_path_factory.mktemp("cold")
    catalog = home / "catalog.jsonl"
    catalog.write_text("".join(json.dumps(entity) + "\n" for entity in CATALOG))
    ltrr_cli.build([str(catalog)], str(home / ".ltrr"))
    return str(home / ".ltrr")


def loaded(*arguments: str) -> set[str]:
    """The modules that one search in a new process loads, beside those of an idle interpreter."""
    environment = {**os.environ, "PYTHONPATH": ROOT}
    command = [sys.executable, "-c", SEARCH, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    page, modules = done.stdout.splitlines()
    assert json.loads(page)["results"]
    return set(modules.split())


def plain(modules: set[str]) -> set[str]:
    return {name.strip("_") for name in modules if not name.startswith("ltrr_cli")} - {"future"}


def test_a_lexical_search_loads_only_what_it_uses(folder: str) -> None:
    modules = loaded("love", "--arm", "lexical", "--json", "--index", folder)
    assert plain(modules) <= set(MAY_LOAD.split())
    assert {name for name in modules if name.startswith("ltrr_cli.arms.")} <= {
        "ltrr_cli.arms.base", "ltrr_cli.arms.lexical", "ltrr_cli.arms.peek",
    }  # fmt: skip
    assert {name for name in modules if name.startswith("ltrr_cli.cli.")} == {
        f"ltrr_cli.cli.{name}" for name in ("app", "options", "render", "search")
    }
    assert not {name for name in modules if name.startswith(("ltrr_cli.encode", "ltrr_cli.catalog", "ltrr_cli.learn"))}


def test_a_default_search_loads_the_encoder_and_simsimd_besides(folder: str) -> None:
    modules = loaded("love", "--json", "--index", folder)
    assert plain(modules) <= {*MAY_LOAD.split(), "simsimd"}


@pytest.mark.parametrize("options", [("--arm", "lexical"), ("--user", "ann"), ("--policy", "squarecb", "--session", "s1")])
def test_a_search_that_others_taught_loads_no_more_of_python(folder: str, tmp_path: Path, options: tuple[str, ...]) -> None:
    taught = str(shutil.copytree(folder, tmp_path / ".ltrr"))
    with ltrr_cli.open(taught) as engine:
        for n in range(3):
            engine.search("love", user="ann", session="s1", seed=n)
            engine.feedback(1, action="play")
        engine.learn()
    modules = loaded("love", "--json", "--index", taught, *options)
    assert {"ltrr_cli.memory.q2e", "ltrr_cli.learn.guard"} <= modules
    assert plain(modules) <= {*MAY_LOAD.split(), "simsimd"}


def test_importing_the_library_loads_nothing_of_it() -> None:
    program = "import sys, ltrr_cli; print(*[name for name in sys.modules if name.startswith('ltrr_cli.')])"
    done = subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": ROOT}, capture_output=True, text=True)
    assert done.stdout.split() == []
