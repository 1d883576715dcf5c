"""Write the sample catalog and its judged queries from the compact text in `source/`.

    python sample_catalog/expand.py           # write *.jsonl and judgments/
    python sample_catalog/expand.py --check   # exit 1 if what is committed differs from what the source says

The source is meant to be read and edited by hand; each file opens with its own format. Standard library only,
and the same source always gives the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

Entity = dict[str, Any]

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "source"
KINDS = {
    "track": "tracks",
    "artist": "artists",
    "album": "albums",
    "playlist": "playlists",
    "station": "stations",
    "podcast": "podcasts",
}
LETTERS = str.maketrans({"æ": "ae", "ø": "o", "ð": "d", "þ": "th", "ß": "ss", "ł": "l", "ı": "i", "œ": "oe"})
STAR_POPULARITY = (-34, -15, -2)  # a track against its artist: no star, one, two


def main() -> int:
    entities = catalog()
    files = {f"{KINDS[kind]}.jsonl": jsonl(e for e in entities if e["type"] == kind) for kind in KINDS}
    files["judgments/queries.tsv"], files["judgments/qrels.txt"] = judgments(entities)
    if "--check" in sys.argv[1:]:
        stale = [name for name, text in files.items() if not (HERE / name).exists() or read(HERE / name) != text]
        print("\n".join(f"differs from the source: {name}" for name in stale) or "up to date", file=sys.stderr)
        return 1 if stale else 0
    for name, text in files.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")
    print(", ".join(f"{n} {KINDS[kind]}" for kind, n in Counter(e["type"] for e in entities).items()))
    return 0


def catalog() -> list[Entity]:
    """Every entity: music first, then what refers to it."""
    tags = Tags()
    entities: list[Entity] = []
    for path in sorted((SOURCE / "music").glob("*.txt")):
        entities += music(path, tags)
    tracks = [e for e in entities if e["type"] == "track"]
    for title, popularity, words, rule, description in rows(SOURCE / "playlists.txt"):
        size, selector = rule.split(":", 1)
        chosen = take(tracks, selector, *map(int, size.split("/")))
        entities.append(
            entity("playlist", title, description=description, **tags.fields(words), popularity=int(popularity), tracks=chosen)
        )
    for title, popularity, genres, words, description in rows(SOURCE / "stations.txt"):
        entities.append(
            entity(
                "station",
                title,
                description=description,
                genres=weights(genres),
                **tags.fields(words),
                popularity=int(popularity),
            )
        )
    for title, popularity, host, topics, description in rows(SOURCE / "podcasts.txt"):
        entities.append(
            entity("podcast", title, description=description, host=host, topics=topics.split(", "), popularity=int(popularity))
        )
    twice = [i for i, n in Counter(e["id"] for e in entities).items() if n > 1]
    if twice:
        raise SystemExit(f"ids used twice: {', '.join(twice)}")
    return entities


def music(path: Path, tags: Tags) -> list[Entity]:
    """The artists of one file, each followed by its albums and tracks."""
    entities: list[Entity] = []
    artist: Entity = {}
    language = ""
    usual: list[str] = []
    used: set[str] = set()
    for columns in rows(path):
        if columns[0].startswith("@ "):
            name, country, since, genres, popularity, mood_words, description = columns
            country, _, language = country.removesuffix(")").partition(" (")
            usual = tags.fields(mood_words)["moods"]
            artist = entity(
                "artist",
                name[2:],
                country=country,
                active_from=int(since),
                genres=weights(genres),
                description=description,
                popularity=int(popularity),
            )
            entities.append(artist)
            continue
        title, year = columns[0], int(columns[1])
        genres_here = weights(columns[2]) if len(columns) == 4 else artist["genres"]
        album: Entity | None = None
        if title != "-":
            album = entity("album", title, artist, artist=artist["title"], year=year, genres=genres_here)
            if album["id"] in used:
                album["id"] += f"-{year}"
            used.add(album["id"])
        tracks = [
            track(text, artist, album, year, genres_here, usual, language, place, tags)
            for place, text in enumerate(columns[-1].split("; "))
        ]
        if album is not None:
            album["popularity"] = max(t["popularity"] for t in tracks) - 5
            album["tracks"] = [t["id"] for t in tracks]
            entities.append(album)
        entities += tracks
    return entities


def track(
    text: str,
    artist: Entity,
    album: Entity | None,
    year: int,
    genres: dict[str, float],
    usual: list[str],
    language: str,
    place: int,
    tags: Tags,
) -> Entity:
    """One track from `title = other title ~guest, guest** {tags} <genres> (m:ss)`; all but the title may be absent."""
    found = {}
    for name, pattern in (("length", r"\((\d+:\d\d)\)"), ("genres", r"<(.*?)>"), ("tags", r"\{(.*?)\}")):
        if match := re.search(rf"\s*{pattern}\s*$", text):
            found[name], text = match[1], text[: match.start()]
    title = text.rstrip("* ")
    stars = text.rstrip().count("*") - title.count("*")
    title, _, guests = title.partition(" ~")
    guests, _, other = guests.partition(" = ")
    fields = tags.fields(found.get("tags", ""))
    minutes, _, seconds = found.get("length", "").partition(":")
    return entity(
        "track",
        f"{title} = {other}" if other else title,
        artist,
        artist=artist["title"],
        featuring=guests.split(", ") if guests else [],
        album=album["title"] if album else "",
        album_id=album["id"] if album else "",
        year=year,
        genres=weights(found["genres"]) if "genres" in found else genres,
        moods=fields["moods"] or usual,
        topics=fields["topics"],
        language=fields["language"] or language,
        duration_s=int(minutes) * 60 + int(seconds) if minutes else None,
        popularity=max(1, artist["popularity"] + STAR_POPULARITY[stars] - min(place, 5)),
    )


class Tags:
    """The short words of `source/tags.txt`, turned into moods, topics and languages."""

    def __init__(self) -> None:
        self.words = {word: (kind, label) for kind, word, label in rows(SOURCE / "tags.txt")}

    def fields(self, text: str) -> dict[str, Any]:
        given = [self.words[word] for word in text.split()]
        return {
            "moods": [label for kind, label in given if kind == "mood"],
            "topics": [label for kind, label in given if kind == "topic"],
            "language": next((label for kind, label in given if kind == "language"), ""),
        }


def entity(kind: str, name: str, owner: Entity | None = None, **fields: Any) -> Entity:
    """An entity with a readable id; *name* is `title` or `title = other title`, and empty fields are left out."""
    title, *aliases = name.split(" = ")
    slugs = [slug(owner["title"])] if owner else []
    made: Entity = {"id": ":".join([kind, *slugs, slug(title) or slug(aliases[0])]), "type": kind, "title": title}
    return made | {k: v for k, v in {"aliases": aliases, **fields}.items() if v not in ("", [], None)}


@cache
def slug(text: str) -> str:
    """Lower case, no accents, words joined by hyphens; other alphabets stay as they are.

    >>> slug("Déjà Vu (Acoustic)"), slug("夜に駆ける")
    ('deja-vu-acoustic', '夜に駆ける')
    """
    plain = unicodedata.normalize("NFKD", text.lower().translate(LETTERS).replace("'", "").replace("’", ""))
    plain = unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", plain))
    return "-".join(re.findall(r"\w+", plain))


def weights(text: str) -> dict[str, float]:
    """`pop .9, country .5` as {"pop": 0.9, "country": 0.5}."""
    return {name: float(weight) for name, _, weight in (part.rpartition(" ") for part in text.split(", "))}


def take(tracks: list[Entity], selector: str, size: int, per_artist: int) -> list[str]:
    """The *size* most popular tracks that match, at most *per_artist* of one artist."""
    chosen: list[str] = []
    used: Counter[str] = Counter()
    for e in sorted(tracks, key=lambda e: (-e["popularity"], e["id"])):
        if len(chosen) < size and used[e["artist"]] < per_artist and matches(e, selector):
            used[e["artist"]] += 1
            chosen.append(e["id"])
    return chosen


def matches(e: Entity, selector: str) -> bool:
    """Whether all terms hold: `field=value`, `field=a, b` (either), `title~word`, `year=1990-1999`, `!term` (not).

    A genre counts from weight 0.5 up. `artist=` also finds the artist, and a track on which they are the guest.

    >>> matches({"title": "Lover", "topics": ["love songs"]}, "topics=love songs, summer; !title~this")
    True
    """
    return all(holds(e, field, operator, values) != denied for denied, field, operator, values in terms(selector))


@cache
def terms(selector: str) -> list[tuple[bool, str, str, list[str]]]:
    """Each term as (denied, field, operator, values)."""
    parts = [re.split("([=~])", term.strip(), maxsplit=1) for term in selector.split(";")]
    return [(field.startswith("!"), field.lstrip("!"), operator, value.split(", ")) for field, operator, value in parts]


def holds(e: Entity, field: str, operator: str, values: list[str]) -> bool:
    if operator == "~":
        words = slug(" ".join([str(e.get(field, "")), *e.get("aliases", [])])).split("-")
        return all(word in words for word in slug(values[0]).split("-"))
    if field == "year":
        first, _, last = values[0].partition("-")
        return int(first) <= int(e.get("year", 0)) <= int(last or first)
    if field == "genres":
        has = [genre for genre, weight in e.get("genres", {}).items() if weight >= 0.5]
    elif field == "artist":
        has = [e.get("artist"), *e.get("featuring", []), e["title"] if e["type"] == "artist" else None]
    else:
        has = e.get(field, "")
        has = has if isinstance(has, list) else [has]
    return any(value in has for value in values)


def judgments(entities: list[Entity]) -> tuple[str, str]:
    """The queries, and the best grade that any rule of a query gives each entity."""
    queries, qrels = "", ""
    by_id = {e["id"]: [e] for e in entities}
    for block in read(SOURCE / "judgments.txt").strip().split("\n\n"):
        lines = [line for line in block.split("\n") if not line.startswith("#")]
        if not lines:
            continue
        qid, query = lines[0].split(" | ")
        queries += f"{qid}\t{query}\n"
        grades: dict[str, int] = {}
        for rule in lines[1:]:
            pool = by_id.get(rule.removeprefix(f"{rule[0]} id="), entities)
            found = [e["id"] for e in pool if matches(e, rule[2:])]
            if not found:
                raise SystemExit(f"{qid}: nothing matches {rule!r}")
            grades |= {i: max(int(rule[0]), grades.get(i, 0)) for i in found}
        ordered = sorted(grades.items(), key=lambda pair: (-pair[1], pair[0]))
        qrels += "".join(f"{qid} 0 {i} {grade}\n" for i, grade in ordered)
    return queries, qrels


def rows(path: Path) -> Iterator[list[str]]:
    """The columns of each line, without blank lines and comments."""
    for line in read(path).splitlines():
        if line.strip() and not line.startswith("#"):
            yield [column.strip() for column in line.split(" | ")]


def jsonl(entities: Iterator[Entity]) -> str:
    return "".join(json.dumps(e, ensure_ascii=False) + "\n" for e in entities)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
