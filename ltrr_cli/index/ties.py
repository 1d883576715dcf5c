"""Where each entity stands among the others: vectors made of links and shared values alone, whatever the words mean.

ties.i8   DIM signed bytes a row; all 0 for one that is tied to nothing

Two entities are near if the same ids and values lead to both: songs of one artist, artists on the same lists. Each id or value
has a direction of its own, that of its hash; an entity is the sum of those it has, rare ones first, and of what the others that
have them are. That is a random walk of STEPS steps, projected at random, which keeps distances (Johnson and Lindenstrauss).

Reference: Chen et al., "Fast and accurate network embeddings via very sparse random projection", CIKM 2019, arXiv 1908.11512.
"""

from __future__ import annotations

import os
from array import array
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from ltrr_cli.index.columns import continued, says
from ltrr_cli.index.facts import CREATOR, DECADE, YEAR, parted, term

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

    from ltrr_cli.index.columns import Columns, Said
    from ltrr_cli.index.generation import Generation
    from ltrr_cli.records import Entity

    Codes = np.ndarray[Any, np.dtype[np.int8]]
    Ints = np.ndarray[Any, np.dtype[np.int64]]
    Shorts = np.ndarray[Any, np.dtype[np.int32]]
    Keys = np.ndarray[Any, np.dtype[np.uint64]]
    Floats = np.ndarray[Any, np.dtype[np.float32]]

FILE = "ties.i8"
DIM = 64  # one for each bit of a hash
STEPS = 2  # from an entity through what it has to others that have it
ONWARD = 2.0  # what a step counts beside those before it
MOST = 64  # ids and values of one entity that count
SEEN = 16  # entities that stand for all that have a value, where one entity is added
CHUNK = 1 << 12  # pairs of an entity and a value that are summed up at once
PART = 1 << 18  # pairs whose value is looked up at once


class Gathered:
    """Gathers what may lead from each row to others, some 60 bytes a row; `write` makes vectors of it once all rows are there."""

    def __init__(self) -> None:
        self._keys, self._shares, self._ends = array("Q"), array("f"), array("q", [0])

    def add(self, entity: Entity, terms: Sequence[str]) -> None:
        """Add the next row: an entity, whose facts have these *terms*."""
        for name, share in _tied(entity.id, entity.type, says(entity, terms)):
            self._keys.append(_key(name))
            self._shares.append(share)
        self._ends.append(len(self._keys))

    def write(self, folder: str) -> None:
        """Write the ties of a new generation, and forget what was gathered for them."""
        import numpy as np

        links = _linked(
            np.frombuffer(self._keys, np.uint64) if self._keys else np.zeros(0, np.uint64),
            np.frombuffer(self._shares, np.float32) if self._shares else np.zeros(0, np.float32),
            np.frombuffer(self._ends, np.int64),
        )
        # of a million rows it is a tenth of all the memory in use
        self._keys, self._shares, self._ends = array("Q"), array("f"), array("q", [0])
        with open(os.path.join(folder, FILE), "wb") as file:
            file.write(_walked(links).data)


def append(folder: str, columns: Columns, old: Generation) -> None:
    """Append the ties of the rows of *columns* that the *old* generation, if it has ties, has not: each beside its old rows."""
    import numpy as np

    if old.ties is None:
        return
    means: dict[str, tuple[float, Floats]] = {}

    def mean(name: str) -> tuple[float, Floats]:
        """How rare an id or a value is among the old rows, and where those that have it stand."""
        if name not in means:
            rows = [row for row in _having(old, name) if row < old.rows]
            codes = b"".join(old.ties.code(row) for row in rows) if old.ties else b""
            total = np.frombuffer(codes, np.int8).reshape(-1, DIM).sum(axis=0, keepdims=True, dtype=np.float32)
            means[name] = (log(1 + old.rows / len(rows)) if 0 < len(rows) < SEEN else 1.0, _unit(total)[0] if rows else total[0])
        return means[name]

    with continued(os.path.join(folder, FILE), old.rows * DIM) as file:
        for row in range(old.rows, columns.rows):
            tied = _tied(columns.id(row), columns.type(row), columns.said(row))
            parts = [(share * rare, where) for name, share in tied for rare, where in (mean(name),)]
            total = np.zeros((1, DIM), np.float32)
            for weight, where in parts:
                total += weight * where
            file.write(_coded(total).tobytes())


def _tied(entity_id: str, kind: str, said: Said) -> Iterator[tuple[str, float]]:
    """Yield what may lead from a row to others, as a fact's term or the sign @ and an id, with what it counts."""
    yield "@" + entity_id, 1.0
    if said.name:
        yield term(kind, said.name), 1.0  # as others name it, if they do: an album, a brand
        yield term(CREATOR, said.name), 1.0
    for linked in said.links[:MOST]:
        yield "@" + linked, 1.0
    yield from filter(None, map(_shared, said.facts[:MOST]))


@lru_cache(maxsize=8192)  # values repeat from entity to entity
def _shared(fact: str) -> tuple[str, float] | None:
    """Return what a fact's term is whatever its weight, with the weight; None for what ties nobody."""
    field, value, share = parted(fact)
    details = "." in field  # what is nested deeper
    return None if details or field in (YEAR, DECADE) else (term(field, value), share)


def _having(generation: Generation, name: str) -> list[int]:
    """Return SEEN rows that have an id or a value, or are what it names."""
    text = generation.text
    if name.startswith("@"):
        return [*text.rows_of([name[1:]]).values(), *text.linking(name[1:], SEEN)]
    field, value, _ = parted(name)
    return [*text.having([name], SEEN), *(text.called(value, SEEN) if field == CREATOR else ())]


class _Links(NamedTuple):
    """What leads from row to row: pairs of a row and an id or a value that it shares with others, the pairs of a row together."""

    starts: Ints  # of each row's pairs, and the end of the last one's
    of: Shorts  # which of the keys
    weights: Floats
    keys: Keys  # hashes of what is shared, in order


def _linked(keys: Keys, shares: Floats, ends: Ints) -> _Links:
    """Return the links of rows whose ids and values have hashes *keys*; row i has those up to *ends*[i + 1].

    A million rows have ten million pairs: but for the result, whatever has a number for each of them is soon let go.
    """
    import numpy as np

    rows = len(ends) - 1
    ordered = np.sort(keys)
    first = np.append(0, np.flatnonzero(ordered[1:] != ordered[:-1]) + 1)
    held = np.diff(first, append=len(ordered))
    known, held = ordered[first[held > 1]], held[held > 1]  # the others lead to no other row
    del ordered, first
    rare = np.log(1 + rows / held)
    leads, size = np.zeros(len(keys), bool), 0
    of, weights = np.empty(len(keys), np.int32), np.empty(len(keys), np.float32)
    for start in range(0, len(keys), PART) if len(known) else ():
        part = slice(start, start + PART)
        place = np.minimum(np.searchsorted(known, keys[part]), len(known) - 1)
        leads[part] = shared = known[place] == keys[part]
        place = place[shared]
        there = slice(size, size := size + len(place))
        of[there], weights[there] = place, shares[part][shared] * rare[place]
    starts = np.concatenate([np.zeros(1, np.int32), np.cumsum(leads, dtype=np.int32)])[ends]
    return _Links(starts.astype(np.int64), of[:size], weights[:size], known)


def _walked(links: _Links) -> Codes:
    """Return the codes of all rows after STEPS steps from row to row."""
    import numpy as np

    starts, of, weights, known = links
    rows = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
    having = rows[np.argsort(of, kind="stable")]  # the rows that have the first key, then those that have the second
    del rows
    key_starts = np.append(0, np.cumsum(np.bincount(of, minlength=len(known))))
    alike = np.broadcast_to(np.float32(1), len(of))
    codes = _summed(starts, of, weights, _directions(known))
    for _ in range(STEPS):
        through = _summed(key_starts, having, alike, codes)
        codes = _summed(starts, of, weights, through, codes)
    return codes


def _summed(starts: Ints, members: Shorts, weights: Floats, codes: Codes, beside: Codes | None = None) -> Codes:
    """Return for each group, of the members from its start up to the next one's, the weighted sum of their codes.

    With *beside* the sums count ONWARD, and the codes beside them 1; what is returned stands in their place.
    """
    import numpy as np

    groups = len(starts) - 1
    found = np.zeros((groups, DIM), np.int8) if beside is None else beside
    first = 0
    while first < groups:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + CHUNK, "right")) - 1)
        low, high = int(starts[first]), int(starts[last])
        sums = np.zeros((last - first, DIM), np.float32)
        full = np.flatnonzero(np.diff(starts[first : last + 1]))
        if len(full):
            parts = codes[members[low:high]].astype(np.float32) * weights[low:high, None]
            sums[full] = np.add.reduceat(parts, starts[first:last][full] - low, axis=0)
        if beside is not None:
            sums = ONWARD * _unit(sums) + _unit(beside[first:last].astype(np.float32))
        found[first:last] = _coded(sums)
        first = last
    return found


def _unit(vectors: Floats) -> Floats:
    import numpy as np

    lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
    lengths[lengths == 0] = 1.0
    found: Floats = vectors / lengths
    return found


def _coded(vectors: Floats) -> Codes:
    import numpy as np

    top = np.abs(vectors).max(axis=1, keepdims=True)
    top[top == 0] = 1.0
    found: Codes = np.rint(vectors * (127 / top)).astype(np.int8)
    return found


def _directions(keys: Keys) -> Codes:
    """Return 1 or -1 in each dimension, as the bits of the key are once they are mixed (splitmix64)."""
    import numpy as np

    mixed = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    codes: Codes = np.unpackbits(mixed.view(np.uint8).reshape(-1, 8), axis=1).view(np.int8)
    codes *= 2
    codes -= 1
    return codes


@lru_cache(maxsize=8192)
def _key(name: str) -> int:
    text = name.encode("utf-8", "surrogatepass")
    return crc32(text) << 32 | crc32(text[::-1])
