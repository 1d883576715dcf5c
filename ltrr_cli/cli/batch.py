"""Many queries by one command: answered in groups, by every core where there are many, and printed in the order of asking.

What a group did is on disk, in one write, before any of its answers is printed. A query's answer is the one that it gets alone.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections import deque
from contextlib import redirect_stdout
from io import StringIO

import ltrr_cli
from ltrr_cli.cli.render import writer
from ltrr_cli.errors import QueryError
from ltrr_cli.light import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future, ProcessPoolExecutor
    from io import FileIO

    from ltrr_cli.engine import Engine

    Group = list[tuple[str, str]]  # ids and texts of queries

GROUP = 64  # queries that are answered and logged together, at most
ALONE = 512  # queries after which other processes are started, which takes as long as some hundred queries do
AHEAD = 3  # groups for each process that are handed out before the first of them is printed
CHUNK = 1 << 16  # bytes


class Batch(NamedTuple):
    """How the queries are to be answered."""

    opened: dict[str, Any]  # how the folder is opened, see `Engine`
    options: dict[str, Any]  # of each search, see `Engine.search`
    printed: dict[str, Any]  # how its answer is printed, see `writer`


def answer_all(batch: Batch, groups: Iterable[Group], processes: int) -> bool:
    """Print the answer of every query; tell whether anything was found at all."""
    found, alone, pool = False, 0, None
    waiting: deque[Future[tuple[str, bool]]] = deque()

    def printed(left: int) -> bool:
        """Print what is done, in order, until only *left* groups are waited for."""
        some = False
        while len(waiting) > left or (waiting and waiting[0].done()):
            text, one = waiting.popleft().result()
            sys.stdout.write(text)
            some = some or one
        return some

    with ltrr_cli.open(**batch.opened) as engine:
        try:
            for group in groups:
                if pool is None and processes > 1 and alone >= ALONE and len(group) == GROUP:
                    pool = _started(batch, engine, processes)
                if pool is None or not group:
                    found = printed(0) or answer(engine, batch, group) or found
                    sys.stdout.flush()  # whoever sends a query at a time waits for this
                    alone += len(group)
                else:
                    waiting.append(pool.submit(_answered, group))
                    found = printed(AHEAD * processes) or found
            return printed(0) or found
        finally:
            if pool is not None:
                pool.shutdown(wait=not waiting, cancel_futures=True)


def cores() -> int:
    """Return how many cores there are for this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def answer(engine: Engine, batch: Batch, group: Group) -> bool:
    """Print the answers of one group; tell whether anything was found."""
    write = writer(**batch.printed, batch=True)
    pages = engine.search_all([text for _, text in group], **batch.options)
    for page, (qid, _) in zip(pages, group, strict=True):
        write(page, qid)
    return any(page.results for page in pages)


def read(path: str) -> Iterator[Group]:
    """Yield the queries of *path* ("-" is stdin), in groups as they come; an empty one where more have to be waited for.

    A line is `query` or `qid<TAB>query`; without an id it is the line's number.
    """
    try:
        source = open(sys.stdin.fileno() if path == "-" else path, "rb", buffering=0, closefd=path != "-")
    except OSError as e:
        raise QueryError(f"--queries {path}: {e.strerror}", hint="name a file with a query a line, or - for stdin") from None
    number, rest = 0, b""
    with source:
        while chunk := source.read(CHUNK):
            *lines, rest = (rest + chunk).split(b"\n")
            for at in range(0, len(lines), GROUP):
                group = _queries(lines[at : at + GROUP], number + at)
                if group:
                    yield group
            number += len(lines)
            if not _more(source):
                yield []
    if group := _queries([rest], number):
        yield group


def _queries(lines: Iterable[bytes], before: int) -> Group:
    found = []
    for number, raw in enumerate(lines, before + 1):
        line = raw.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n")
        qid, tab, text = line.partition("\t")
        if line.strip():
            found.append((qid, text) if tab else (str(number), line))
    return found


def _more(source: FileIO) -> bool:
    """Tell whether there is more to read now."""
    from select import select

    try:
        return bool(select([source], [], [], 0)[0])
    except (OSError, ValueError):  # Windows asks sockets only
        return False


def _started(batch: Batch, engine: Engine, processes: int) -> ProcessPoolExecutor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    same = {**batch.opened, "generation": engine.held.name}
    context = get_context("spawn")  # a fork would share open files and threads
    return ProcessPoolExecutor(processes, context, _begin, (batch._replace(opened=same),))


_HERE: dict[str, Any] = {}  # of a process that answers for another


def _begin(batch: Batch) -> None:
    import signal
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who asks is told, and ends this process
    Thread(target=_end_with_parent, daemon=True).start()
    _HERE.update(batch=batch)


def _end_with_parent() -> None:
    """End this process when the one that started it has: it waits for its next group for ever otherwise."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answered(group: Group) -> tuple[str, bool]:
    batch: Batch = _HERE["batch"]
    if "engine" not in _HERE:  # an error here reaches who asks, one in `_begin` would not
        _HERE["engine"] = ltrr_cli.open(**batch.opened)
        atexit.register(_HERE["engine"].close)
    with redirect_stdout(StringIO()) as text:
        found = answer(_HERE["engine"], batch, group)
    return text.getvalue(), found
