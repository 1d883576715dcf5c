"""An export taken in elsewhere is the same log, and goes on as the first would have."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.cli.render import to_json
from ltrr_cli.engine import Engine
from ltrr_cli.errors import FeedbackError, LtrrError, WorkspaceError
from ltrr_cli.feedback.store import Store
from ltrr_cli.learn.restore import Restored, restore
from ltrr_cli.verify import check

DERIVED = ("searches", "events", "q2e", "queries", "grams", "common", "exposure", "arms", "learned")


@pytest.fixture(scope="module")
def lived(shop: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = shutil.copytree(shop, str(tmp_path_factory.mktemp("lived") / "state"))
    with Engine(folder) as engine:
        for i in range(20):
            engine.search(
                ("love", "rain", "東京", "beyonce \u202e halo")[i % 4], seed=i, user="ann" if i % 3 else None, session=str(i % 5)
            )
            if i % 2:
                engine.feedback(1 + i % 2, action=("play", "skip", "dislike")[i % 3], event_id=f"e{i}" if i % 3 else None)
    return folder


def lines(folder: str) -> list[str]:
    with Engine(folder) as engine:
        return [to_json(entry) for entry in engine.export()]


def test_it_comes_back_as_it_went_out(lived: str, shop: str, tmp_path: Path) -> None:
    copy = shutil.copytree(shop, str(tmp_path / "copy"))
    assert restore(lines(lived), copy) == Restored(20, 10, 3)
    assert lines(copy) == lines(lived)
    with Store(os.path.join(lived, "state.db")) as one, Store(os.path.join(copy, "state.db")) as other:
        for table in DERIVED:
            assert other.rows(f"SELECT * FROM {table}") == one.rows(f"SELECT * FROM {table}"), table
    assert check(copy).findings == ()
    with Engine(copy) as engine, Engine(shutil.copytree(lived, str(tmp_path / "first"))) as first:
        pages = [one.search("love", seed=3, now=2e9).to_dict() for one in (engine, first)]
        assert pages[0]["results"] == pages[1]["results"]
        assert pages[0]["plan"] == pages[1]["plan"]
        engine.feedback(1, event_id="next")


def test_a_folder_may_come_before_its_index(lived: str, tmp_path: Path, catalog: Callable[..., str]) -> None:
    folder = str(tmp_path / "empty" / "state")
    restore(lines(lived), folder)
    ltrr_cli.build([catalog([{"id": "a", "name": "One"}])], folder)
    assert lines(folder) == lines(lived)


def test_a_log_that_is_there_is_not_touched(lived: str, tmp_path: Path) -> None:
    copy = shutil.copytree(lived, str(tmp_path / "copy"))
    with pytest.raises(WorkspaceError) as error:
        restore(lines(lived), copy)
    assert "state.db" in error.value.hint
    assert lines(copy) == lines(lived)


def changed(line: str, **values: Any) -> str:
    return json.dumps({**json.loads(line), **values})


def test_a_line_that_is_wrong_is_named_and_nothing_is_taken_in(lived: str, shop: str, tmp_path: Path) -> None:
    good = lines(lived)
    event = next(n for n, line in enumerate(good) if json.loads(line)["kind"] == "event")
    learned = len(good) - 1
    policy = next(n for n, line in enumerate(good) if json.loads(line).get("name") == "policy")
    wrong = [
        (0, "{", 1), (0, "[]", 1), (0, '"x"', 1), (0, "[" * 100_000, 1), (0, '{"kind": "search"}', 1), (0, '{"kind": "x"}', 1),
        (0, changed(good[0], seq="1"), 1), (0, changed(good[0], vector="zz"), 1), (0, changed(good[0], choice={}), 1),
        (0, changed(good[0], search_id=7), 1), (0, changed(good[0], query=None), 1), (0, changed(good[0], results=7), 1),
        (1, good[0], 2), (event, changed(good[event], search_id="nobody"), event + 1),
        (event, changed(good[event], value=9), event + 1), (event, changed(good[event], after=-1), event + 1),
        (event, changed(good[event], ranks=[1]), event + 1), (event, changed(good[event], ranks={}), event + 1),
        (event, changed(good[event], ranks={"lexical": "x"}), event + 1),
        (event, changed(good[event], time={}), event + 1), (event, changed(good[event], id=["a"]), event + 1),
        (policy, changed(good[policy], body="00"), policy + 1),
        (learned, changed(good[learned], body="00"), learned + 1), (learned, changed(good[learned], version="x"), learned + 1),
    ]  # fmt: skip
    for at, line, number in wrong:
        copy = shutil.copytree(shop, str(tmp_path / "copy"), dirs_exist_ok=True)
        with pytest.raises(LtrrError) as error:
            restore([*good[:at], line, *good[at + 1 :]], copy)
        assert f"line {number}: " in str(error.value), (line[:80], str(error.value))
        assert lines(copy) == []


def test_a_log_that_can_not_be_folded_is_refused(lived: str, shop: str, tmp_path: Path) -> None:
    copy = shutil.copytree(shop, str(tmp_path / "copy"))
    good = lines(lived)
    at = next(n for n, line in enumerate(good) if json.loads(line)["results"])
    with pytest.raises(FeedbackError):
        restore([*good[:at], changed(good[at], results=[{}]), *good[at + 1 :]], copy)
    assert lines(copy) == []
