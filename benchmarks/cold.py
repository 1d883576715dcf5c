"""Where the milliseconds of one search in a new process go: as text, and as a picture.

    python benchmarks/cold.py INDEX_DIR [--query "tayler love"] [--rounds 21] [--svg cold.svg] [-- SEARCH OPTIONS]

Each round is a new process; times are processor times, which other work on the machine hardly moves. They belong to the innermost
of what is going on: importing a module (told by whose it is: Python's, Tantivy's, simsimd's, ltrr's), or a stage (`watched.py`).
Watching costs a little itself: the line "unwatched" is the same process without. Shown are medians over the rounds, which do
not quite add up to the median of the whole. Run it by the Python of an environment where ltrr is installed from a wheel.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from ast import literal_eval
from collections.abc import Sequence
from html import escape
from pathlib import Path
from statistics import median

from race import Run, once

END, ALL = "Python ends", "all, watched"
WIDTH, LINE, LABEL = 860, 20, 230  # of the picture, in pixels
HERE = Path(__file__).resolve().parent


def one_round(arguments: Sequence[str]) -> dict[str, float]:
    """Return what one watched process spent on what, in milliseconds of processor time, and on all."""
    with tempfile.NamedTemporaryFile() as into:
        run = once([sys.executable, str(HERE / "watched.py"), into.name, *arguments])
        spent: dict[str, float] = literal_eval(Path(into.name).read_text())
    return {what: 1e3 * s for what, s in (spent | {END: run.cpu - sum(spent.values()), ALL: run.cpu}).items()}


def unwatched(arguments: Sequence[str]) -> Run:
    return once([str(Path(sys.executable).with_name("ltrr")), *arguments])


def picture(rows: Sequence[tuple[str, float]], title: str) -> str:
    """Return bars as SVG, a row each."""
    most, high = max(ms for _, ms in rows), LINE * (len(rows) + 2)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{high}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{high}" fill="white"/><text x="8" y="{LINE}" font-size="14">{escape(title)}</text>',
    ]
    for at, (what, ms) in enumerate(rows, 2):
        y, long = LINE * at, (WIDTH - LABEL - 80) * ms / most
        colour = "#9aa5b1" if what in ("Python starts", END) or what.startswith("import Python") else "#2f6f9f"
        lines.append(f'<text x="{LABEL - 8}" y="{y + 4}" text-anchor="end">{escape(what)}</text>')
        lines.append(f'<rect x="{LABEL}" y="{y - 8}" width="{long:.1f}" height="14" fill="{colour}"/>')
        lines.append(f'<text x="{LABEL + long + 6:.1f}" y="{y + 4}">{ms:.1f} ms</text>')
    return "\n".join([*lines, "</svg>\n"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index")
    parser.add_argument("--query", default="tayler love")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--svg", type=Path)
    parser.add_argument("options", nargs="*", help="of ltrr search, behind --")
    given = parser.parse_intermixed_args()
    arguments = ["search", given.query, "--json", "--index", given.index, *given.options]
    unwatched(arguments)
    rounds, plain = [], []
    for _ in range(given.rounds):
        rounds.append(one_round(arguments))
        plain.append(unwatched(arguments))
    found = {what: median(r.get(what, 0.0) for r in rounds) for what in dict.fromkeys(w for r in rounds for w in r)}
    whole = found.pop(ALL)
    rows = sorted(found.items(), key=lambda row: -row[1])
    for what, ms in rows:
        print(f"{what:<30} {ms:7.2f} ms {ms / whole:6.1%} {'#' * round(60 * ms / whole)}")
    print(
        f"{ALL:<30} {whole:7.2f} ms\n{'unwatched':<30} {1e3 * median(run.cpu for run in plain):7.2f} ms,"
        f" {1e3 * median(run.wall for run in plain):.0f} ms by the clock, {median(run.mib for run in plain):.0f} MiB"
    )
    if given.svg:
        given.svg.write_text(picture(rows, f"ltrr search: {whole:.0f} ms of processor time"), "utf-8")


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main()
