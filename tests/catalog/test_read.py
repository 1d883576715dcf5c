"""Every format gives the same records, each with its file and its line; what can't be read is named."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.catalog.read import Raw, records
from ltrr_cli.catalog.report import Report
from ltrr_cli.errors import CatalogError

LAMP, DESK = {"id": "l1", "name": "Lamp"}, {"id": "d1", "name": "Desk", "tags": ["oak", {"a": "}],{"}]}


def read(path: Path | str, report: Report | None = None) -> list[tuple[int, dict[str, Any]]]:
    return [(raw.line, raw.record) for raw in records([str(path)], report or Report(strict=True))]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems(report: Report) -> list[tuple[int, str]]:
    return [(problem.line, problem.kind) for problem in report.problems]


@pytest.mark.parametrize(
    ("name", "content", "lines"),
    [
        ("a.jsonl", f"{json.dumps(LAMP)}\n\n{json.dumps(DESK)}\n", [1, 3]),
        ("a.ndjson", f"{json.dumps(LAMP)}\r\n{json.dumps(DESK)}", [1, 2]),
        ("a.json", f"{json.dumps(LAMP)}\n{json.dumps(DESK)}\n", [1, 2]),
        ("a.json", f"\n\n{json.dumps(LAMP)}\n{json.dumps(DESK)}\n", [3, 4]),
        ("a.json", json.dumps([LAMP, DESK]), [1, 1]),
        ("a.json", json.dumps([LAMP, DESK], indent=2), [2, 6]),
        ("a.json", f"\n[\n\n{json.dumps(LAMP)}\n,\n\n{json.dumps(DESK)},\n]\n", [4, 7]),
        ("a.json", json.dumps({"items": [LAMP, DESK]}, indent=1), [3, 7]),
        ("a.json", json.dumps({"n": 2, "by": {"a": [1]}, "items": [LAMP, DESK], "next": None}), [1, 1]),
        ("a.json", json.dumps({"lamps": [LAMP], "note": "}", "desks": [DESK]}), [1, 1]),
        ("a.json", json.dumps({"meta": {"n": 2}, "data": {"of": {"lamps": [LAMP]}, "desks": [DESK]}, "end": {"a": {}}}), [1, 1]),
        ("a.json", json.dumps(LAMP, indent=2) + "\n" + json.dumps(DESK, indent=2), [1, 5]),
        ("a.txt", json.dumps([LAMP, DESK]), [1, 1]),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_of_any_form(tmp_path: Path, name: str, content: str, lines: list[int], packed: bool, encoding: str) -> None:
    data = content.encode(encoding)
    path = write(tmp_path / (name + ".gz" * packed), gzip.compress(data) if packed else data)
    assert read(path) == list(zip(lines, [LAMP, DESK], strict=True))


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_with_any_mark_between_cells(tmp_path: Path, mark: str) -> None:
    text = mark.join(["id", "name", "note", ""]) + "\n" + mark.join(["7", '"a\nb"', "", "x"]) + "\n" + mark.join("8cde") + "\n"
    assert read(write(tmp_path / "a.csv", text)) == [
        (2, {"id": 7, "name": "a\nb", "column 4": "x"}),
        (4, {"id": 8, "name": "c", "note": "d", "column 4": "e"}),
    ]


def test_tsv_knows_its_mark_by_name(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.tsv", "id,x\tname\n7\ta,b\n")) == [(2, {"id,x": 7, "name": "a,b"})]


def test_one_object_is_one_record(tmp_path: Path) -> None:
    album = {"id": 1, "title": "Blue", "tracks": [{"n": 1}, {"n": 2}]}
    assert read(write(tmp_path / "a.json", json.dumps(album, indent=1))) == [(1, album)]


def test_the_key_that_wraps_records_is_kept(tmp_path: Path) -> None:
    path = str(write(tmp_path / "a.json", json.dumps({"lamps": [LAMP], "desks": [DESK]})))
    assert list(records([path], Report())) == [Raw(path, 1, LAMP, "lamps"), Raw(path, 1, DESK, "desks")]


def test_a_folder_is_its_catalogs_by_name(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", json.dumps(DESK))
    write(tmp_path / "a.json.gz", gzip.compress(json.dumps([LAMP]).encode()))
    write(tmp_path / "README.md", "# about")
    (tmp_path / "deeper").mkdir()
    report = Report()
    assert [record for _, record in read(tmp_path, report)] == [LAMP, DESK]
    assert report.skipped == [str(tmp_path / "README.md")]


@pytest.mark.parametrize(
    "data", [b'[{"id": 1}]', b'{"id": 1}\n', b"id\n1\n", gzip.compress(b'{"id": 1}'), '[{"id": 1}]'.encode("utf-16")]
)
def test_standard_input_is_known_by_its_content(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    report = Report(strict=True)
    assert [raw.record for raw in records(["-"], report)] == [{"id": 1}]


@pytest.mark.parametrize(
    ("name", "content", "good", "expected"),
    [
        ("a.jsonl", '{"id": 1}\n{"id": 2\n{"id": 3}\n', [1, 3], [(2, "broken")]),
        ("a.jsonl", b'{"id": 1}\n{"id": "\xe9"}\n', [1], [(2, "encoding")]),
        ("a.jsonl", '{"id": 1}\n[2]\n"3"\nnull\n4\n', [1], [(n, "not an object") for n in (2, 3, 4, 5)]),
        ("a.jsonl", '{"id": 1}\n{"id": "\\ud800"}\n', [1], [(2, "broken")]),
        ("a.jsonl", '{"id": 1}\n{"n": NaN, "id": "\\ud800"}\n', [1], [(2, "broken")]),
        ("a.jsonl", '{"id": 1}\n{"n": 1e999}\n', [1], [(2, "broken")]),
        ("a.jsonl", '{"id": 1}\n{"n": ' + "[" * 200 + "]" * 200 + "}\n", [1], [(2, "too deep")]),
        ("a.jsonl", '{"id": 1}\n{"n": ' + "[" * 5000 + "]" * 5000 + "}\n", [1], [(2, "too deep")]),
        ("a.json", '[\n{"id": 1},\n{"id": tru},\n{"id": 3}\n]', [1, 3], [(3, "broken")]),
        ("a.json", '[{"id": 1}, {"id": tru}, 5, {"id": 3}]', [1, 3], [(1, "broken"), (1, "not an object")]),
        ("a.json", '[\n {"id": 1},\n {"id": "open},\n {"id": 3}\n]', [1, 3], [(3, "broken")]),
        ("a.json", '[\n {"id": 1},\n {"id": [2},\n {"id": 3}\n]', [1, 3], [(3, "broken")]),
        ("a.json", '[\n {"id": 1}\n {"id": 2},\n {"id": 3}\n]', [2, 3], [(2, "broken")]),
        ("a.json", '[{"id": 1}, {"id": "open}]', [1], [(1, "truncated")]),
        ("a.json", '[\n{"id": 1},\n{"id"', [1], [(3, "truncated")]),
        ("a.json", '[\n{"id": 1}\n', [], [(2, "truncated")]),
        ("a.json", '[{"id": 1}]\n\n[{"id": 2}]', [1], [(3, "broken")]),
        ("a.json", '{"items": [{"id": 1}]\n"x": 3}', [1], []),
        ("a.json", '{"items": [{"id": 1}],\n x: 3}', [1], [(2, "broken")]),
        ("a.json", "nothing", [], [(1, "broken")]),
        ("a.json", "", [], [(0, "empty")]),
        ("a.json", "[]", [], [(0, "empty")]),
        ("a.json", '{"items": []}', [], [(1, "empty")]),
        ("a.csv", "", [], [(1, "header")]),
        ("a.csv", "id,name\n", [], [(0, "empty")]),
        ("a.csv", "id,id\n1,2\n", [], [(1, "header")]),
        ("a.csv", "id,name\n1,a\n2\n3,b,c\n4,d\n", [1, 4], [(3, "row"), (4, "row")]),
        ("a.csv", 'id,name\n1,a\n2,"b"c\n3,d\n', [1, 3], [(3, "row")]),
        ("a.csv", b"id,name\n1,a\n2,\xe9\n3,d\n", [1, 3], [(3, "encoding")]),
        ("a.csv", 'id,name\n1,a\n2,"open\n3,d\n', [1], [(3, "row")]),
        ("a.json", b'{"a": [{"id": 1}],\n "b\xff": [{"id": 2}]}', [1], [(2, "encoding")]),
        ("a.jsonl", '{"id": 1}\n'.encode("utf-16-le"), [], [(0, "encoding")]),
        ("a.jsonl", '{"id": 1}\n'.encode("utf-16") + b"x", [1], [(1, "encoding")]),
    ],
)
def test_what_is_broken_costs_no_more_than_itself(
    tmp_path: Path, name: str, content: str | bytes, good: list[int], expected: list[tuple[int, str]]
) -> None:
    report = Report()
    assert [record["id"] for _, record in read(write(tmp_path / name, content), report)] == good
    assert problems(report) == expected
    assert report.read == len(good) + report.lost.total()


@pytest.mark.parametrize("cut", [3, 20, 400, 900])
def test_a_compressed_file_that_ends_too_early_gives_what_it_has(tmp_path: Path, cut: int) -> None:
    lines = "".join(f'{{"id": {i}, "x": "{hash((i, cut)):x}"}}\n' for i in range(100))
    report = Report()
    found = read(write(tmp_path / "a.jsonl.gz", gzip.compress(lines.encode())[:cut]), report)
    assert [record["id"] for _, record in found] == list(range(len(found)))
    assert report.stopped == {"damaged": 1}
    assert "the rest was not read" in report.problems[-1].message


def test_a_damaged_compressed_file_is_named(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(b'{"id": 1}\n' * 100))
    data[-6] ^= 1
    report = Report()
    read(write(tmp_path / "a.jsonl.gz", bytes(data)), report)
    assert report.stopped == {"damaged": 1}


def test_joined_compressed_files_are_one(tmp_path: Path) -> None:
    data = gzip.compress(b'{"id": 1}\n') + gzip.compress(b'{"id": 2}\n')
    assert [record["id"] for _, record in read(write(tmp_path / "a.jsonl.gz", data))] == [1, 2]


def test_a_record_over_the_limit_is_one_bad_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("parse", "read", "split"):
        monkeypatch.setattr(f"ltrr_cli.catalog.{module}.LIMIT", 1000)
    long = '{"id": 2, "x": "' + "y" * 3000 + '"}'
    for name, content in (("a.jsonl", f'{{"id": 1}}\n{long}\n{{"id": 3}}'), ("a.json", f'[{{"id": 1}},\n{long},\n{{"id": 3}}]')):
        report = Report()
        assert [record["id"] for _, record in read(write(tmp_path / name, content), report)] == [1, 3]
        assert problems(report) == [(2, "too large")]


def test_sources_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="no file or folder"):
        read(tmp_path / "missing.json")
    write(tmp_path / "notes.md", "x")
    with pytest.raises(CatalogError, match="holds no catalog"):
        read(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIRST = {"n": 0}
RECORDS = st.lists(st.dictionaries(st.text(), JSON, max_size=5), min_size=1, max_size=8)


@given(
    RECORDS,
    st.sampled_from([None, 0, 1, "\t", "\r\n "]),
    st.booleans(),
    st.sampled_from(["list", "wrapped", "lines", "sequence"]),
    st.integers(1, 50),
)
def test_what_is_written_is_read(some: list[dict[str, Any]], indent: Any, ascii_only: bool, form: str, block: int) -> None:
    """Whatever the white space, the escapes and the places where blocks of bytes end."""
    if form == "list":
        text = json.dumps(some, indent=indent, ensure_ascii=ascii_only)
    elif form == "wrapped":
        text = json.dumps({"x\\": {"[": "]"}, "data": [FIRST, *some], "y": [1, "\\"]}, indent=indent, ensure_ascii=ascii_only)
    else:
        text = "\n".join(
            json.dumps(r, indent=indent if form == "sequence" else None, ensure_ascii=ascii_only) for r in [FIRST, *some]
        )
    expected = some if form == "list" else [FIRST, *some]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ltrr_cli.catalog.sources.BLOCK", block)
        if form == "list":
            patch.setattr("ltrr_cli.catalog.split.BLOCK", block)
        try:
            data = text.encode()
            orjson.loads(data if form in ("list", "wrapped") else b"0")
        except (UnicodeEncodeError, orjson.JSONDecodeError):  # half characters are no text
            return
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        report = Report(strict=True)
        found = list(records(["-"], report))
    assert [raw.record for raw in found] == expected


@given(RECORDS, st.integers(1, 3))
def test_lines_are_those_of_an_editor(some: list[dict[str, Any]], indent: int) -> None:
    text = json.dumps([{"n": i, **record} for i, record in enumerate(some)], indent=indent)
    starts = [number for number, line in enumerate(text.split("\n"), 1) if line == " " * indent + "{"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert [raw.line for raw in records(["-"], Report())] == starts


def test_a_large_list_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    import tracemalloc

    class Endless(io.RawIOBase):
        """A list of 50 MB, made while it is read."""

        item = b'{"id": 12345, "text": "' + b"some words " * 80 + b'"},\n'

        def __init__(self) -> None:
            self.left = 50_000_000 // len(self.item)
            self.begun = False

        def read(self, size: int = -1) -> bytes:
            if not self.begun:
                self.begun = True
                return b"["
            count = min(self.left, 1 + (1 << 20) // len(self.item))
            self.left -= count
            return self.item * count if count else (b'{"id": 0}]' if self.end() else b"")

        def end(self) -> bool:
            last, self.last = getattr(self, "last", True), False
            return bool(last)

    class Stdin:
        buffer = Endless()

    monkeypatch.setattr(sys, "stdin", Stdin())
    tracemalloc.start()
    try:
        count = sum(1 for _ in records(["-"], Report(strict=True)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 50_000_000 // len(Endless.item) + 1
    assert peak < 40_000_000
