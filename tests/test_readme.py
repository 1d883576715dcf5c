"""The README tells the truth: its session is run, its examples are run, its set-up commands are the ones that CI runs.

Where its outputs have changed for a good reason, `python tests/test_readme.py` writes them anew.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import pytest

import ltrr_cli

ROOT = os.path.dirname(os.path.dirname(ltrr_cli.__file__))


def read(path: str) -> str:
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return f.read()


README = read("README.md")


def blocks(kind: str) -> list[str]:
    """The fenced blocks of one kind in the README."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, re.M | re.S)


def normalised(text: str) -> str:
    """What may differ between two runs, replaced: search ids and durations."""
    text = re.sub(r"\b[0-9][0-9a-z]{16}\b", "SEARCH", text)
    text = re.sub(r'"took_ms": [\d.]+', '"took_ms": 0', text)
    text = re.sub(r"\b\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)
    return re.sub(r"\b[\d.]+ (ms|s)\b", r"0 \1", text)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty folder with the sample catalog in it, as a person would have it after cloning."""
    folder = str(tmp_path_factory.mktemp("home"))
    shutil.copytree(os.path.join(ROOT, "sample_catalog"), os.path.join(folder, "sample_catalog"))
    return folder


def shell(command: str, folder: str) -> str:
    """Run one line of the README's session and return what it shows."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LTRR_")}
    environment["PYTHONPATH"] = ROOT
    script = f'ltrr() {{ "{sys.executable}" -m ltrr_cli "$@"; }}\n{command}'
    done = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    return done.stderr + done.stdout


def replayed(home: str) -> str:
    """The README with what its commands show now."""

    def session(block: re.Match[str]) -> str:
        shown = re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block[1], re.M)
        return "```console\n" + "".join(f"$ {command}\n{kept(old, shell(command, home))}" for command, old in shown) + "```"

    text = re.sub(r"^```console\n(.*?)^```$", session, README, flags=re.M | re.S)
    shell("ltrr index sample_catalog --index other", home)
    page = json.loads(shell('ltrr search "tayler love" -n 1 --seed 1 --json --index other', home))
    return text.replace(blocks("json")[0], kept(blocks("json")[0], folded(page)), 1)


def kept(old: str, new: str) -> str:
    """What is shown already where only times and search ids differ, else the new: what is written anew is what has changed."""
    return old if normalised(old).split() == normalised(new).split() else new


def folded(page: object) -> str:
    """JSON in lines of about 120 characters, broken between fields."""
    lines = [""]
    for part in re.split(r'(?<=,) (?=")', json.dumps(page, ensure_ascii=False)):
        if len(lines[-1]) + len(part) > 120:
            lines.append("")
        lines[-1] += f" {part}" if lines[-1] or len(lines) > 1 else part
    return "\n".join(lines) + "\n"


def test_what_it_shows_is_what_happens(home: str) -> None:
    assert len(re.findall(r"^\$ ltrr", README, re.M)) >= 5
    assert normalised(replayed(home)).split() == normalised(README).split()


def test_the_library_example_runs(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    shutil.rmtree(".ltrr", ignore_errors=True)
    (example,) = blocks("pycon")
    test = doctest.DocTestParser().get_doctest(example, {}, "README", "README.md", 0)
    assert test.examples
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test).failed == 0


def test_two_commands_set_it_up() -> None:
    setup = [block.strip() for block in blocks("sh")]
    assert len(setup) == 2
    assert not any("\n" in command for command in setup)
    assert 'ltrr search "tayler love"' in setup[0]
    assert setup[1].endswith("pytest")


def test_ci_takes_its_commands_from_the_readme() -> None:
    script = read(".ci/run")
    extract = next(line for line in script.splitlines() if line.startswith("readme()"))
    for n, block in enumerate(blocks("sh"), 1):
        done = subprocess.run(["bash", "-c", f"{extract}\nreadme {n}"], cwd=ROOT, capture_output=True, text=True, check=True)
        assert done.stdout == block
        assert f'eval "$(readme {n})"' in script


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README + read("CONTRIBUTING.md")):
        assert target.startswith("https://") or os.path.exists(os.path.join(ROOT, target)), target


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(os.path.join(ROOT, "sample_catalog"), os.path.join(folder, "sample_catalog"))
        text = replayed(folder)
    with open(os.path.join(ROOT, "README.md"), "w", encoding="utf-8") as f:
        f.write(text)
