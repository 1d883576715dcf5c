"""The same plots as files."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import ltrr_cli
from ltrr_cli.errors import QueryError
from ltrr_cli.report.export import export
from ltrr_cli.report.figures import figures


@pytest.fixture
def numbers(own: str) -> dict[str, object]:
    with ltrr_cli.open(own) as engine:
        for i in range(40):
            found = engine.search(("love", "halo", "rain $5 jacket$")[i % 3], now=1_769_890_500.0 + 60 * i, seed=i)
            engine.feedback(1, search_id=found.search_id, action="like", now=1_769_890_501.0 + 60 * i)
    return ltrr_cli.review(own)


def test_every_plot_is_written_in_both_kinds(numbers: dict[str, object], tmp_path: Path) -> None:
    paths = export(numbers, str(tmp_path / "plots"))
    assert {os.path.basename(path) for path in paths} == {f"{key}.{kind}" for key in figures(numbers) for kind in ("png", "svg")}
    for path in paths:
        data = Path(path).read_bytes()
        assert os.stat(path).st_mode & 0o777 == 0o600
        if path.endswith("png"):
            assert data.startswith(b"\x89PNG\r\n")
        else:
            assert ElementTree.fromstring(data).tag.endswith("svg")


def test_one_search_is_enough_to_plot(own: str, tmp_path: Path) -> None:
    with ltrr_cli.open(own) as engine:
        engine.search("love")
    assert export(ltrr_cli.review(own), str(tmp_path))


def test_without_matplotlib_it_says_what_to_install(
    numbers: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(QueryError) as error:
        export(numbers, str(tmp_path))
    assert error.value.hint == "pip install 'ltrr[plots]'"
