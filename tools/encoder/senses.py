"""Reads WordNet."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

ARTIFACT, FEELING, FOOD, PERSON, PLACE = ("06",), ("07", "12", "10", "22"), ("13",), ("18",), ("15",)  # its files' numbers


class Sense(NamedTuple):
    """One meaning."""

    kind: str  # number of WordNet's file: "06" is noun.artifact
    words: tuple[str, ...]
    meaning: str
    examples: tuple[str, ...]


def senses(folder: Path) -> list[Sense]:
    """Read WordNet's data files, as Debian's wordnet-base lays them out in *folder*."""
    found = []
    for part in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{part}").read_text("latin-1").splitlines():
            if line.startswith("  "):  # the licence
                continue
            data, _, gloss = line.partition(" | ")
            fields = data.split()
            names = [fields[4 + 2 * i].split("(")[0].replace("_", " ") for i in range(int(fields[3], 16))]
            first, *quoted = gloss.split('"')
            examples = tuple(q.strip() for q in quoted[::2] if len(q.split()) > 1)
            found.append(Sense(fields[1], tuple(names), first.strip(" ;"), examples))
    return found


def named(known: list[Sense], kinds: tuple[str, ...]) -> list[str]:
    """Return the words of all senses of *kinds*, sorted."""
    return sorted({word for sense in known if sense.kind in kinds for word in sense.words})
