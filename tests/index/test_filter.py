"""A filter lets through what a plain reading of the records says it should: every operator on every kind of field."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from datetime import date
from math import inf, nextafter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ltrr_cli.errors import QueryError
from ltrr_cli.index.build import build, change
from ltrr_cli.index.facts import whole
from ltrr_cli.index.generation import Generation
from ltrr_cli.records import Entity
from ltrr_cli.workspace import Workspace

MAPPING = {
    "creator": ["artist"],
    "date": ["released"],
    "price": ["price"],
    "popularity": ["popularity"],
    "numbers": ["size", "weight.kg"],
    "attributes": ["genres", "live", "odd field"],
    "links": ["album_id"],
    "labels": {"live": "live recording"},
}
NUMBERS = [
    0.0, -0.0, 1.0, -1.0, 3.0, 0.1, -0.1, 0.1 + 0.2, 0.3, 1990.0, 1990.5, 2.0**31, 2.0**53, 2.0**53 + 2, 2.0**63,
    -(2.0**63), 2.0**64, 1e15 + 0.5, 1e19, 1e300, -1e300, 5e-324, 1.7976931348623157e308,
]  # fmt: skip
GENRES = [
    "Pop", "pop", "Hip-Hop", "hip hop", "Drum & Bass", "R&B", "rock", "Rock and Roll",
    "東京", "Beyoncé", "+", "AND", "a:b", "[1 TO 2]",
    "x*", "genres=pop", "pop#2", "true", "no", "quo\"te", "apo'strophe", "back\\slash", "(in)", "a, b", "",
]  # fmt: skip
DATES = ["1969", "1969-07", "1969-07-20", "2000-02-29", "1999-12-31", "2000-01-01", "0001-01-01", "9999-12-31", None]
IDS = ["1", "id 2", "a:b", "AND", "é", '"', "x*", "東"]


def entities() -> list[Entity]:
    found = []
    for i in range(120):
        some = {GENRES[i % len(GENRES)]: 1.0, GENRES[(7 * i + 3) % len(GENRES)]: (0.2, 0.5, 0.9)[i % 3]}
        attributes = {"genres": {genre: weight for genre, weight in some.items() if genre}}
        if i % 4 == 0:
            attributes["live"] = {"live recording": 1.0}
        if i % 5 == 0:
            attributes["odd field"] = {GENRES[i % 24]: 1.0}
        numbers = {"size": NUMBERS[i % len(NUMBERS)]} if i % 3 else {}
        if i % 2:
            numbers["weight.kg"] = -float(i)
        found.append(
            Entity(
                IDS[i] if i < len(IDS) else f"e{i}",
                ("track", "Album", "album")[i % 3],
                GENRES[(5 * i) % 24],
                (GENRES[(3 * i) % 24],) if i % 7 else (),
                "words of a text",
                attributes,
                numbers,
                (("album_id", IDS[i % len(IDS)]),) if i % 2 else (),
                popularity=float(i % 9) if i % 6 else None,
                date=DATES[i % len(DATES)],
                price=NUMBERS[i % 9] if i % 4 else None,
            )
        )
    return found


ENTITIES = entities()
Passing = Callable[[str], set[int]]


def made(folder: str) -> Workspace:
    workspace = Workspace(folder).create()
    with workspace.writing():
        build(workspace, ENTITIES, None, lambda: {"encoder": "static", "mapping": MAPPING, "bad": 0})
    return workspace


def rows(generation: Generation, where: str) -> set[int]:
    """The rows that pass, which two ways of asking agree on."""
    found = set(generation.text.matching([], 10_000, (), where))
    passing = generation.text.filters.passing(where)
    assert found == {row for row in range(generation.rows) if generation.columns.alive(row) and passing(row)}
    return found


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Passing]:
    workspace = made(str(tmp_path_factory.mktemp("filter") / "state"))
    generation = Generation(workspace.generation(workspace.current()))
    yield lambda where: rows(generation, where)


COMPARES = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
NUMBER = {"size": lambda e: e.numbers.get("size"), "weight.kg": lambda e: e.numbers.get("weight.kg"),
          "price": lambda e: e.price, "popularity": lambda e: e.popularity}  # fmt: skip


SPANS = {
    "1969": (date(1969, 1, 1), date(1969, 12, 31)),
    "1969-07": (date(1969, 7, 1), date(1969, 7, 31)),
    "2000-02": (date(2000, 2, 1), date(2000, 2, 29)),
    "1999-12": (date(1999, 12, 1), date(1999, 12, 31)),
    "9999": (date(9999, 1, 1), date(9999, 12, 31)),
    "9999-12": (date(9999, 12, 1), date(9999, 12, 31)),
    **{text: (date.fromisoformat(text),) * 2 for text in DATES if text and len(text) == 10},
}


def born(entity: Entity) -> date | None:
    """A year stands for its first day, a month for its first."""
    return date.fromisoformat((entity.date + "-01-01")[:10]) if entity.date else None


def holds(entity: Entity, field: str, relation: str, value: Any) -> bool:
    """What a condition means, on the record itself."""
    if relation == "!=":
        return not holds(entity, field, "=", value)
    if field in NUMBER:
        number = NUMBER[field](entity)
        return number is not None and bool(COMPARES[relation](number, value))
    if field == "released":
        day, (first, last) = born(entity), SPANS[value]
        if day is None:
            return False
        return {"=": first <= day <= last, "<": day < first, "<=": day <= last, ">": day > last, ">=": day >= first}[relation]
    if field == "type":
        return bool(entity.type == value)
    if field == "id":
        return bool(entity.id == value)
    if field == "album_id":
        return any(linked == value for _, linked in entity.links)
    if field == "live":
        return ("live" in entity.attributes) is (value == "true")
    said = {"artist": entity.creator, "title": (entity.title,)}.get(field, tuple(entity.attributes.get(field, ())))
    return whole(value) in {whole(one) for one in said} - {""}


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def conditions() -> st.SearchStrategy[tuple[str, Callable[[Entity], bool]]]:
    """A condition as it is written, and what it means."""

    def one(field: str, relation: str, value: Any) -> tuple[str, Callable[[Entity], bool]]:
        text = value if isinstance(value, str) else f"{value!r}"
        return f"{quoted(field)} {relation} {quoted(text)}", lambda e: holds(e, field, relation, value)

    def among(field: str, values: list[str], absent: bool) -> tuple[str, Callable[[Entity], bool]]:
        text = f"{quoted(field)} {'not in' if absent else 'in'} ({', '.join(map(quoted, values))})"
        return text, lambda e: any(holds(e, field, "=", value) for value in values) != absent

    equal, every = st.sampled_from(["=", "!="]), st.sampled_from(list(COMPARES))
    numbers = st.sampled_from(NUMBERS) | st.floats(allow_nan=False, allow_infinity=False)
    words, fields = (
        st.sampled_from([g for g in GENRES if g]) | st.text(max_size=8),
        st.sampled_from(["genres", "artist", "title"]),
    )
    near = numbers.map(lambda n: nextafter(n, inf)).filter(lambda n: n < inf)
    return st.one_of(
        st.builds(one, st.sampled_from(list(NUMBER)), every, numbers | near),
        st.builds(one, fields | st.just("odd field"), equal, words),
        st.builds(one, st.just("released"), every, st.sampled_from(list(SPANS))),
        st.builds(one, st.just("type"), equal, st.sampled_from(["track", "Album", "album"])),
        st.builds(one, st.just("id"), equal, st.sampled_from(IDS) | st.text(max_size=3)),
        st.builds(one, st.just("album_id"), equal, st.sampled_from(IDS) | st.text(max_size=3)),
        st.builds(one, st.just("live"), equal, st.sampled_from(["true", "false"])),
        st.builds(among, fields, st.lists(words, min_size=1, max_size=4), st.booleans()),
    )


def filters() -> st.SearchStrategy[tuple[str, Callable[[Entity], bool]]]:
    def both(a: Any, b: Any) -> Any:
        return f"({a[0]}) and ({b[0]})", lambda e: a[1](e) and b[1](e)

    def either(a: Any, b: Any) -> Any:
        return f"({a[0]}) or ({b[0]})", lambda e: a[1](e) or b[1](e)

    def none(a: Any) -> Any:
        return f"not ({a[0]})", lambda e: not a[1](e)

    return st.recursive(
        conditions(),
        lambda inner: st.builds(both, inner, inner) | st.builds(either, inner, inner) | st.builds(none, inner),
        max_leaves=5,
    )


@settings(max_examples=300, deadline=None)
@given(one=filters())
def test_what_passes_is_what_the_records_say(one: tuple[str, Callable[[Entity], bool]], passing: Passing) -> None:
    text, means = one
    assert passing(text) == {row for row, entity in enumerate(ENTITIES) if means(entity)}, text


def ids(passing: Passing, where: str) -> list[str]:
    return [ENTITIES[row].id for row in sorted(passing(where))]


def test_upper_case_accents_and_signs_of_a_value_make_no_difference(passing: Passing) -> None:
    assert passing("genre = hip hop") == passing("GENRES = 'Hip-Hop'") == passing('"genre" = "HIP  HOP"') != set()
    assert passing("genre = beyonce") == passing("genre = BEYONCÉ") != set()


def test_a_weighted_value_passes_whatever_its_weight(passing: Passing) -> None:
    weights = {ENTITIES[row].attributes["genres"].get("rock") for row in passing("genre = rock")}
    assert weights == {1.0, 0.2, 0.5, 0.9} & weights
    assert len(weights) > 1


def test_a_decade_is_written_as_people_write_it(passing: Passing) -> None:
    sixties = ids(passing, "decade = 1960")
    assert sixties == [e.id for e in ENTITIES if (e.date or "").startswith("196")] != []
    for text in ("1960s", "60s", "'60s'", "60"):
        assert ids(passing, f"decade = {text}") == sixties
    assert ids(passing, "decade in (60s, 1990s)") == [e.id for e in ENTITIES if (e.date or "")[:3] in ("196", "199")]


def test_a_type_in_another_case_is_found_where_there_is_none_in_this(passing: Passing) -> None:
    assert passing("type = TRACK") == passing("type = track") != set()
    assert passing("type = album") != passing("type = Album")
    assert passing("type = ALBUM") == passing("type in (album, Album)")


def test_what_is_not_yes_is_no(passing: Passing) -> None:
    assert passing("live = true") == passing("live recording = yes") == passing("live = live recording") != set()
    assert passing("live = false") == passing("not live = true") == passing("live != yes")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("genre > x", "where: 'genre' at character 1 has words: > compares numbers and dates", "use =, != or in: genre = 'x'"),
        ("size = big", "where: 'size' at character 1 is a number, which 'big' is not", "write size = 1990, or -20.5"),
        ("size = nan", "where: 'size' at character 1 is a number, which 'nan' is not", "write size = 1990, or -20.5"),
        ("size < 1e999", "where: 'size' at character 1 is a number, which '1e999' is not", "write size < 1990, or -20.5"),
        ("id=1 and type=trak", "where: no type is called 'trak' at character 10", "did you mean 'track'?"),
        ("id=1 and sice=1", "no field is called 'sice' at character 10 of the filter", "did you mean 'size'?"),
        ("type > x", "where: 'type' at character 1 has words: > compares numbers and dates", "use =, != or in: type = 'x'"),
        *(
            (f"released = {text}", f"where: 'released' at character 1 is a date, which {text!r} is not", "write 2008-05-31, ")
            for text in ("soon", "2008-13", "2008-00", "2008-05-00", "2008-02-30", "2008-1-1-1", "-2008", "20080531", "0", "+8")
        ),
    ],
)  # fmt: skip
def test_what_makes_no_sense_here_is_told_with_its_place(text: str, message: str, hint: str, passing: Passing) -> None:
    with pytest.raises(QueryError) as caught:
        passing(text)
    assert str(caught.value) == message
    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize(
    "text", ["x] OR genres:[a", "*", "] OR *:* OR [", "a^9", "~", "/.*/", "IN [pop rock]", "a\0c", 'pop" OR "rock', "_exists_:a"]
)  # fmt: skip
def test_nothing_typed_becomes_a_query_of_the_index(text: str, passing: Passing) -> None:
    for field in ("genre", "artist", "title", "id", "album_id"):
        assert passing(f"{field} = {quoted(text)}") == set()
        assert passing(f"{field} != {quoted(text)}") == set(range(len(ENTITIES)))
    for field in ("size", "released", "weight.kg"):
        with pytest.raises(QueryError):
            passing(f"{field} = {quoted(text)}")


def test_a_thousand_alternatives_are_one_filter(passing: Passing) -> None:
    assert passing(" or ".join(f"id = e{i}" for i in range(1000))) == {row for row, e in enumerate(ENTITIES) if e.id[0] == "e"}
    assert passing(f"id in ({', '.join(f'e{i}' for i in range(5000))})") == {
        row for row, e in enumerate(ENTITIES) if e.id[0] == "e"
    }


def test_what_is_added_and_deleted_passes_and_passes_no_more(tmp_path: Path) -> None:
    workspace = made(str(tmp_path / "state"))
    new = ENTITIES[0]._replace(
        id="new", attributes={"genres": {"skiffle": 0.1}}, numbers={"size": -7.5}, links=(("album_id", "x"),)
    )
    gone = [entity.id for entity in ENTITIES].index("a:b")
    with workspace.writing():
        change(workspace, [new, ENTITIES[1]._replace(numbers={"size": -8.0})], {"a:b": gone}, None)
    generation = Generation(workspace.generation(workspace.current()))

    def found(where: str) -> set[str]:
        return {generation.columns.id(row) for row in rows(generation, where)}

    assert found("genre = skiffle") == found("size = -7.5") == found("album_id = x") == {"new"}
    assert found("size < -6 and size > -9") == {"new", "id 2"}
    assert found("id in ('a:b', 'id 2')") == {"id 2"}
    assert "a:b" not in found("not genre = skiffle")
