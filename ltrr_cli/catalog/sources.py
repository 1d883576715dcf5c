"""Where the records come from: files, folders and the standard input become blocks of UTF-8 bytes."""

from __future__ import annotations

import codecs
import os
import sys
import zlib
from typing import TYPE_CHECKING

from ltrr_cli.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from ltrr_cli.catalog.report import Report

BLOCK = 1 << 20  # bytes read at a time
STDIN = "-"
LINES, TABLE, DOCUMENT = "lines", "table", "document"
FORMATS = {".jsonl": LINES, ".ndjson": LINES, ".csv": TABLE, ".tsv": TABLE, ".json": DOCUMENT}
BOMS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class FileError(Exception):
    """A file's bytes can't be read any further: it is damaged or in an unknown encoding."""

    def __init__(self, kind: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.kind = kind
        self.line = line  # 0: after the last record read


def format_of(path: str) -> str:
    """Return what a file's name says about its format, "" if nothing.

    >>> format_of("songs.JSONL.gz"), format_of("notes.txt")
    ('lines', '')
    """
    name = path.lower().removesuffix(".gz")
    return FORMATS.get(os.path.splitext(name)[1], "")


def files(sources: Sequence[str], report: Report) -> Iterator[str]:
    """Yield the files that *sources* name, a folder's catalogs by name; its other files go to `report.skipped`."""
    for source in sources:
        if source != STDIN and not os.path.exists(source):
            raise CatalogError(f"no file or folder {source!r}", hint="name a JSON, JSONL, CSV or TSV file, or a folder of them")
    for source in sources:
        if os.path.isdir(source):
            yield from _folder(source, report)
        else:
            yield source


def _folder(folder: str, report: Report) -> Iterator[str]:
    try:
        names = sorted(os.listdir(folder))
    except OSError as e:
        raise CatalogError(f"{folder}: {e.strerror}", hint="is it yours to read?") from None
    paths = [path for name in names if os.path.isfile(path := os.path.join(folder, name))]
    catalogs = [path for path in paths if format_of(path) and not os.path.basename(path).startswith(".")]
    if not catalogs:
        raise CatalogError(f"the folder {folder!r} holds no catalog", hint="catalogs end in .json, .jsonl, .csv or .tsv")
    report.skipped += [path for path in paths if path not in catalogs]
    yield from catalogs


def blocks(path: str) -> Iterator[bytes]:
    """Yield a file's content as UTF-8, decompressed and without byte order mark; FileError where that ends.

    That the content is valid UTF-8 is for its readers to see: they know which record it is in.
    """
    try:
        file = sys.stdin.buffer if path == STDIN else open(path, "rb")
    except OSError as e:
        raise CatalogError(f"{path}: {e.strerror}", hint="is it yours to read?") from None
    try:
        yield from filter(None, _as_utf8(_unpacked(_read(file))))
    except OSError as e:
        raise FileError("unreadable", str(e.strerror)) from None
    finally:
        if path != STDIN:
            file.close()


def _read(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block


def _at_least(n: int, stream: Iterator[bytes]) -> bytes:
    """Take the first *n* bytes or more; fewer if there are no more."""
    head = b""
    while len(head) < n and (block := next(stream, b"")):
        head += block
    return head


def _unpacked(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress gzip, which its first two bytes tell; a small file that unpacks to a huge one comes block by block."""
    head = _at_least(2, stream)
    if not head.startswith(b"\x1f\x8b"):
        yield head
        yield from stream
        return
    member = zlib.decompressobj(wbits=31)
    while head:
        try:
            data = member.decompress(head, BLOCK)
        except zlib.error as e:
            raise FileError("damaged", f"the compressed file is damaged ({e})") from None
        if data:
            yield data
        head = member.unconsumed_tail
        if member.eof:
            head = member.unused_data.lstrip(b"\0") or next(stream, b"")
            if head:
                member = zlib.decompressobj(wbits=31)
        head = head or next(stream, b"")
    if not member.eof:
        raise FileError("damaged", "the compressed file ends too early")


def _as_utf8(stream: Iterator[bytes]) -> Iterator[bytes]:
    head = _at_least(3, stream)
    encoding = BOMS.get(head[:2])
    if encoding is None:
        if b"\0" in head[:2]:
            raise FileError("encoding", "neither UTF-8 nor UTF-16 with a byte order mark")
        yield head.removeprefix(codecs.BOM_UTF8)
        yield from stream
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    head = head[2:]
    try:
        while head:
            yield decoder.decode(head).encode()
            head = next(stream, b"")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise FileError("encoding", "not valid UTF-16") from None
