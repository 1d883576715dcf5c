"""What a person asks the sample catalog, how it reads and what comes out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ltrr_cli

SAMPLE = str(Path(ltrr_cli.__file__).parents[1] / "sample_catalog")
MAIN = "from ltrr_cli.__main__ import main; raise SystemExit(main())"
ROUNDED = 5 * 0.00005  # likelihoods have four places
Ask = Callable[[str], tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("sample"))
    ltrr_cli.build([SAMPLE], folder, graph=False)
    return folder


@pytest.fixture
def ask(process: Callable[..., Any], folder: str) -> Ask:
    """Run `ltrr search TEXT --json`; return its exit status and answer."""

    def run(text: str) -> tuple[int, dict[str, Any]]:
        one = process(MAIN, "search", text, "--json", "--index", folder, "--no-log", "--no-explore", "--seed", "1")
        out, err = one.communicate(timeout=60)
        assert "Traceback" not in err
        return one.returncode, json.loads(out)

    return run


def readings(answer: dict[str, Any]) -> list[set[tuple[str, str]]]:
    """The (field, value) pairs of each interpretation."""
    found = answer["understood"]["interpretations"]
    assert sum(one["likelihood"] for one in found) <= 1 + ROUNDED
    return [{(slot["field"], slot["value"]) for slot in one["slots"]} for one in found]


def test_a_misspelt_artist_and_a_word_of_a_title(ask: Ask) -> None:
    status, answer = ask("tayler love")
    read = readings(answer)
    assert status == 0
    artist, genre, title = ("creator", "Taylor Swift"), ("topics", "love songs"), ("title", "Love")
    assert any(artist in one for one in read)
    assert any(genre in one for one in read)
    assert {artist, genre} in read
    assert {artist, title} in read
    assert {"from": "tayler", "to": "taylor"}.items() <= answer["understood"]["corrections"][0].items()
    first, *_ = results = answer["results"]
    assert first["title"] == "Love Story"
    hers = [r["entity"].get("artist") == "Taylor Swift" or "Taylor Swift" in r["title"] for r in results]
    assert all(hers[:4])
    assert any("love" in (r["title"] + json.dumps(r["entity"])).lower() for r in results[4:])


@pytest.mark.parametrize(
    ("text", "wanted", "kinds", "says"),
    [
        ("love songs", {("topics", "love songs")}, {"playlist"}, "love"),
        ("90s grunge", {("decade", "1990s"), ("genres", "grunge")}, {"playlist", "album"}, "grunge"),
        ("sad songs by adele", {("topics", "sad songs"), ("creator", "Adele")}, {"track"}, "adele"),
        ("chill playlists", {("moods", "chill"), ("type", "playlist")}, {"playlist"}, "chill"),
        ("podcast about film scores", {("type", "podcast"), ("topics", "film scores")}, {"podcast"}, "film"),
    ],
)
def test_words_act_as_what_they_name(ask: Ask, text: str, wanted: set[tuple[str, str]], kinds: set[str], says: str) -> None:
    status, answer = ask(text)
    assert status == 0
    assert readings(answer)[0] == wanted
    assert {r["type"] for r in answer["results"][:2]} <= kinds | {"playlist"}
    assert answer["results"][0]["type"] in kinds
    assert all(says in json.dumps(r["entity"]).lower() for r in answer["results"][:3])


def test_what_is_not_there_is_not_found(ask: Ask) -> None:
    status, answer = ask("zzqx")
    assert status == 1
    assert answer["results"] == []
    assert readings(answer) == []
