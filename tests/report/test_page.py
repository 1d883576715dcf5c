"""The page: one file that needs nothing, is well formed and safe whatever was typed, and stays small."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

import ltrr_cli
from ltrr_cli.errors import QueryError
from ltrr_cli.feedback.log import body
from ltrr_cli.feedback.store import Store
from ltrr_cli.report.brief import brief
from ltrr_cli.report.figures import figures
from ltrr_cli.report.markup import shown
from ltrr_cli.report.page import page

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\x1b[31m\u202eevil\u2066&amp;\"'\x00 \ufffe"
Process = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def asked(shop: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A state folder in which a few searches were made and acted on, with evil words and a session."""
    own = shutil.copytree(shop, str(tmp_path_factory.mktemp("asked") / "own"))
    with ltrr_cli.open(own) as engine:
        for i in range(60):
            text = ("love", "halo", "trail runing shoe", EVIL, "zzzzqqqq", "")[i % 6]
            found = engine.search(text, now=1_769_890_500.0 + 3600 * i, seed=i, session=f"s{i // 3}")
            if found.results and i % 6 < 3:
                rank = 1 + i % min(2, len(found.results))
                engine.feedback(rank, search_id=found.search_id, action="play", seconds=60, now=1_769_890_560.0 + 3600 * i)
    return own


@pytest.fixture(scope="module")
def html(asked: str) -> str:
    return page(ltrr_cli.review(asked, now=1_770_000_000.0))


def test_it_is_well_formed(html: str) -> None:
    assert html.startswith("<!doctype html>\n<!-- ltrr report -->\n<html lang=")
    root = ElementTree.fromstring(html.split("\n", 1)[1])  # what XML can read, HTML can
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for link in root.iter("a"):
        assert str(link.get("href")).removeprefix("#") in ids
    for svg in root.iter("{http://www.w3.org/2000/svg}svg"):
        assert set(str(svg.get("aria-labelledby")).split()) <= set(ids)
    for table in root.iter("table"):
        assert table.find("caption") is not None
        widths = {len(row) for row in table.iter("tr")}
        assert len(widths) == 1
    for figure in root.iter("figure"):
        assert figure.find("figcaption/h3") is not None
        assert len(figure.findall("{http://www.w3.org/2000/svg}svg")) == 2  # for a wide page and for a phone


def test_it_asks_nothing_of_a_network_and_runs_nothing(html: str) -> None:
    assert "default-src 'none'" in html
    assert "<script" not in html
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:)""", html)
    assert not re.findall(r"@import|url\(", html)
    assert not re.findall(r"<[^>]*\son\w+=", html)
    assert set(re.findall(r"https?://[^\"' %]+", html)) == {"http://www.w3.org/2000/svg"}


def test_what_was_typed_is_shown_and_does_nothing(html: str) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in html
    for risky in "\x1b\u202e\u2066\x00\ufffe":
        assert risky not in html
    assert shown("a\u202eb\nc\u2028d\ud800") == "a\ufffdb c d\ufffd"
    assert shown("نص عربي 🇩🇪 👩\u200d🚀") == "نص عربي 🇩🇪 👩\u200d🚀"
    assert len(shown("x" * 10_000)) == 160


def test_it_is_for_light_dark_paper_and_phones(html: str) -> None:
    for rule in ("prefers-color-scheme:dark", "@media print", "max-width:720px", 'name="viewport"'):
        assert rule in html


def test_it_has_every_part(html: str, asked: str) -> None:
    parts = re.findall(r'<h2 id="(\w+)">', html)
    assert parts == ["earned", "arms", "regret", "chance", "calibration", "items", "drift", "speed", "misses"]
    charts = figures(ltrr_cli.review(asked))
    assert {"reward", "place", "budget", "credit", "propensity", "exploring", "coverage", "mix", "latency"} <= set(charts)
    assert all(f'<figure id="{key}">' in html for key in charts)


def test_its_numbers_are_those_of_the_log(asked: str) -> None:
    found = ltrr_cli.review(asked)
    assert (found["searches"], found["entities"]) == (60, 57)
    assert found["earned"]["with_feedback"] == 30
    assert found["earned"]["mean"] == pytest.approx(0.7 * 30 / 60)
    assert sum(found["earned"]["searches"]) == 60
    budget = found["arms"]["arms"]
    with ltrr_cli.open(asked) as engine:
        for arm in engine.arms():  # two ways to the same numbers
            assert budget[arm.arm]["budget_share"] == pytest.approx(arm.budget_share)
            assert budget[arm.arm]["credit"] == pytest.approx(arm.credit)
            assert (budget[arm.arm]["hits"], budget[arm.arm]["chances"]) == (arm.hits, arm.chances)
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_a_log_of_one_search_makes_a_page(own: str) -> None:
    with pytest.raises(QueryError, match="no search is logged yet"):
        ltrr_cli.review(own)
    with ltrr_cli.open(own) as engine:
        engine.search("love", policy="fixed")
    numbers = ltrr_cli.review(own)
    ElementTree.fromstring(page(numbers).split("\n", 1)[1])
    assert "No search left anything to chance" in page(numbers)
    assert next(iter(brief(numbers))).startswith("1 search, ")


def test_only_what_was_asked_since(asked: str) -> None:
    assert ltrr_cli.review(asked, since=1_769_890_500.0 + 3600 * 50)["searches"] == 10
    with pytest.raises(QueryError, match="since then"):
        ltrr_cli.review(asked, since=2e9)


LONG = """
import resource, sys, time
import ltrr_cli
from ltrr_cli.report.page import page
from ltrr_cli.report import calibration
usage = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
page(ltrr_cli.review(sys.argv[1], since=float(sys.argv[2])))
before = usage()
made = page(ltrr_cli.review(sys.argv[1]))
print(len(made.encode()), usage() - before)
"""


def test_twenty_thousand_searches_are_a_small_page_in_little_memory(asked: str, process: Process, tmp_path: Path) -> None:
    n, start = 20_000, 1_760_000_000.0
    asked = shutil.copytree(asked, str(tmp_path / "long"))
    state = Path(asked) / "state.db"
    with Store(str(state)) as store:
        rows = store.rows("SELECT user, session, vector, body FROM searches ORDER BY seq")
        with store.writing() as db:
            for i in range(n - len(rows)):
                user, session, vector, packed = rows[i % len(rows)]
                line = (f"copy{i}", start + 400 * i, user, f"{session}.{i // 60}", body(packed)["query"]["key"], vector, packed)
                db.execute("INSERT INTO searches (id, time, user, session, key, vector, body) VALUES (?,?,?,?,?,?,?)", line)
    started = process(LONG, asked, str(start + 400 * (n - 2000)))
    out, err = started.communicate(timeout=300)
    assert started.returncode == 0, err
    size, more = map(int, out.split())
    assert size < 3_000_000
    assert more < 30_000  # kB: what 18,000 searches more need
