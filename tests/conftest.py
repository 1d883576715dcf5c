"""Small catalogs and their indexes, built once a run; a test that changes one asks for a copy of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import ltrr_cli
from ltrr_cli.encode.base import Encoder, load
from ltrr_cli.index.build import build
from ltrr_cli.index.generation import Generation
from ltrr_cli.records import Entity
from ltrr_cli.workspace import Workspace

settings.register_profile("ltrr", deadline=None)  # how long a machine takes is no property of the code
settings.load_profile("ltrr")
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it, and so would all they start

ROOT = os.path.dirname(os.path.dirname(ltrr_cli.__file__))

BANDS = {
    "Soundgarden": ["Black Hole Sun", "Spoonman", "Fell on Black Days", "Rusty Cage"],
    "Sigur Rós": ["Hoppípolla", "Sæglópur", "Glósóli"],
    "東京事変": ["群青日和", "能動的三分間", "閃光少女"],
    "Taylor Swift": ["Love Story", "Blank Space", "Lover", "Shake It Off", "Cruel Summer", "Style"],
    "The Beatles": ["Love Me Do", "All You Need Is Love", "Let It Be", "Yesterday", "Help!"],
    "Ed Sheeran": ["÷", "Perfect", "Shape of You", "Castle on the Hill"],
    "AC/DC": ["Thunderstruck", "Back in Black", "Highway to Hell"],
    "Beyoncé": ["Halo", "Don't Hurt Yourself", "Crazy in Love"],
    "Guns N' Roses": ["Sweet Child O' Mine", "November Rain", "Paradise City"],
    "Kraftwerk": ["Autobahn", "Das Model", "Die Roboter"],
}
GOODS = [
    ("Trail running shoe", "Solstice", "shoes", 89.0, "A light shoe for running on stony trails in the rain."),
    ("Road running shoe", "Solstice", "shoes", 99.0, "Cushioned shoes for runners on asphalt."),
    ("Winter hiking boot", "Norrland", "shoes", 189.0, "Warm boots for snow."),
    ("Wireless headphones", "Auralis", "audio", 149.0, "Over the ear, with noise cancelling and thirty hours of battery."),
    ("USB-C charging cable", "Volta", "cables", 12.0, "Two metres, braided, sixty watts."),
    ("MicroSD card 128 GB", "Volta", "storage", 19.0, "A memory card for cameras and phones."),
    ("Espresso machine", "Barista", "kitchen", 399.0, "Makes coffee with nine bars of pressure."),
    ("Coffee grinder", "Barista", "kitchen", 129.0, "Grinds beans from coarse to fine."),
    ("Rain jacket", "Norrland", "clothing", 159.0, "Keeps the rain and the wind out."),
    ("Desk lamp", "Lumen", "home", 49.0, "Warm light for reading at night."),
]


def music() -> list[dict[str, Any]]:
    """Artists and their tracks; the popularity falls from track to track."""
    rows: list[dict[str, Any]] = []
    for b, (band, tracks) in enumerate(BANDS.items()):
        rows.append({"id": f"artist-{b}", "type": "artist", "name": band, "popularity": 100 - b})
        for t, title in enumerate(tracks):
            year = 1970 + (7 * b + 3 * t) % 50
            popularity = 90 - 3 * b - 10 * t
            row = {"id": f"track-{b}-{t}", "type": "track", "name": title, "artist": band, "year": year, "popularity": popularity}
            rows.append(row)
    return rows


def goods() -> list[dict[str, Any]]:
    """Products of a shop."""
    names = ("name", "brand", "category", "price", "description")
    rows = (dict(zip(names, product, strict=True)) for product in GOODS)
    return [{"id": f"product-{i}", "type": "product", "popularity": 50 - i, **row} for i, row in enumerate(rows)]


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> Iterator[None]:
    """No setting of whoever runs the tests takes part."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("LTRR_")]:
            patch.delenv(name)
        yield


Catalog = Callable[..., str]  # rows -> path of a catalog file


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """Write rows to a catalog file and return its path."""

    def write(rows: Sequence[dict[str, Any]], name: str = "catalog.jsonl") -> str:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The state folder of an index over the music and the products; not to be changed."""
    home = tmp_path_factory.mktemp("shop")
    path = home / "catalog.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in music() + goods()), encoding="utf-8")
    ltrr_cli.build([str(path)], str(home / "state"))
    return str(home / "state")


@pytest.fixture
def own(shop: str, tmp_path: Path) -> str:
    """A copy of that folder, to be changed at will."""
    return shutil.copytree(shop, str(tmp_path / "own"))


Indexed = Callable[..., Generation]


@pytest.fixture
def indexed(tmp_path: Path) -> Indexed:
    """Index entities, without vectors unless asked for, and return the generation."""

    def index(*entities: Entity, vectors: bool = False) -> Generation:
        workspace = Workspace(str(tmp_path / "state")).create()
        encoder: Encoder | None = load("static") if vectors else None
        with workspace.writing():
            build(workspace, entities, encoder, lambda: {"encoder": "static", "mapping": {}, "bad": 0})
        return Generation(workspace.generation(workspace.current()))

    return index


Process = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def process() -> Iterator[Process]:
    """Start Python processes that run a script with arguments; those still running at the end are ended."""
    started: list[subprocess.Popen[str]] = []

    def start(script: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", script, *arguments]
        environment = {**os.environ, "PYTHONPATH": ROOT}
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        started.append(subprocess.Popen(command, env=environment, text=True, **pipes))
        return started[-1]

    yield start
    for one in started:
        if one.poll() is None:
            one.kill()
        one.communicate()
