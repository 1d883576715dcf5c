"""Whole processes side by side: every command once a round, in shuffled turn, so that ratios hold while the machine drifts.

The clock is around posix_spawn and wait4: it holds exec, imports, work and exit. Processor time and peak memory are the
kernel's account of that child. The process that races others must stay small: a child's peak begins at its parent's.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple


class Run(NamedTuple):
    """One process, from start to end."""

    wall: float  # seconds
    cpu: float  # seconds, user and system, all threads
    mib: float  # peak


Runs = Mapping[str, Sequence[Run]]


def once(argv: list[str], stdout: Path | None = None) -> Run:
    """Run *argv* with its output thrown away, or in *stdout*; RuntimeError if it fails."""
    null = os.open(os.devnull, os.O_RDWR)
    sink = os.open(stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) if stdout else null
    moves = [(os.POSIX_SPAWN_DUP2, a, b) for a, b in ((null, 0), (sink, 1), (null, 2))]
    started = perf_counter()
    pid = os.posix_spawn(argv[0], argv, os.environ, file_actions=moves)
    _, status, used = os.wait4(pid, 0)
    wall = perf_counter() - started
    for fd in {null, sink}:
        os.close(fd)
    if code := os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"exit status {code}: {' '.join(argv)}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def race(commands: Mapping[str, list[str]], rounds: int) -> dict[str, list[Run]]:
    """Return the runs of each command, one a round, after one that does not count."""
    rng, names = Random(1), list(commands)
    runs: dict[str, list[Run]] = {name: [] for name in names}
    for name in names:
        once(commands[name])
    for _ in range(rounds):
        rng.shuffle(names)
        for name in names:
            runs[name].append(once(commands[name]))
    return runs


def ratio(runs: Runs, name: str, base: str, of: str = "wall") -> float:
    """Return the median over the rounds of *name* against *base* in the same round."""
    pairs = zip(runs[name], runs[base], strict=True)
    return float(median(getattr(one, of) / getattr(other, of) for one, other in pairs))


def figures(runs: Sequence[Run]) -> dict[str, Any]:
    """Return medians in milliseconds and MiB."""
    walls = sorted(1e3 * run.wall for run in runs)
    return {
        "ms": round(median(walls), 1),
        "q1": round(walls[len(walls) // 4], 1),
        "q3": round(walls[3 * len(walls) // 4], 1),
        "cpu_ms": round(median(1e3 * run.cpu for run in runs), 1),
        "mib": round(median(run.mib for run in runs), 1),
    }
