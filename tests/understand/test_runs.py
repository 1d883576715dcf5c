"""How likely words are a value: by what else the catalog uses them for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import ltrr_cli
from ltrr_cli.engine import Engine


def likelihoods(rows: list[dict[str, Any]], folder: Path, text: str) -> dict[tuple[str, str], float]:
    """Each reading of *text* as one value -> its likelihood, in a catalog of these pieces."""
    path = folder / "pieces.json"
    path.write_text(json.dumps([{"id": f"s{i}", "type": "piece", "title": f"Tune {i}"} | row for i, row in enumerate(rows)]))
    ltrr_cli.build([str(path)], str(folder / "state"), graph=False)
    with Engine(str(folder / "state")) as engine:
        found = engine.asked.query(text).interpretations
    return {one.slots[0][1:3]: one.likelihood for one in found if len(one.slots) == 1}


@pytest.mark.parametrize(("apart", "likeliest"), [(2, ("theme", "sad songs")), (1, ("mood", "sad"))])
def test_words_that_meet_by_chance_are_no_use_of_a_value_that_is_made_of_them(
    tmp_path: Path, apart: int, likeliest: tuple[str, str]
) -> None:
    # Of 101 pieces one is about sad songs; half of the others are sad, and half are called songs. By chance 101 * 51/101 * 51/101
    # = 25.8 are both, 5.1 more or less. 26 are, where the one has nothing to do with the other: none is another use of the words.
    # 51 are, where whatever is sad is called songs: 51 - 30.8 - 1 = 19.2 are another use, half of which counts: 1 / (1 + 9.6).
    pieces = [
        {"mood": "sad" if i % 2 else "gay", "title": f"{'Songs' if i // apart % 2 else 'Tune'} {i}"} for i in range(100)
    ] + [{"theme": "sad songs"}]
    found = likelihoods(pieces, tmp_path, "sad songs")
    assert max(found, key=lambda one: found[one]) == likeliest


def test_a_whole_title_may_be_meant_however_common_its_words_are(tmp_path: Path) -> None:
    # "love" is in 61 titles of which it is one: 1 / (1 + 30), but never less than .3
    pieces = [{"title": f"Love {i}"} for i in range(60)] + [{"title": "Love"}]
    assert likelihoods(pieces, tmp_path, "love") == {("title", "love"): 0.3}
