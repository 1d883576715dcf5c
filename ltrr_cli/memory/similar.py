"""Which remembered queries are like this one, in their characters or in their meaning."""

from __future__ import annotations

from array import array
from math import ceil, sqrt
from operator import mul
from zlib import crc32

from ltrr_cli.light import TYPE_CHECKING
from ltrr_cli.understand.query import likeliest

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from ltrr_cli.feedback.store import Store
    from ltrr_cli.records import Query

LEAST = 0.6  # likeness from which a query counts
MOST = 8  # queries that count
SCANNED = 2000  # newest queries whose meaning is compared
SHORTLIST = 24  # of these, whose vectors are compared exactly
READ = 4000  # entries of the trigram table that one look-up may read, about
SPELT = 64  # of the queries found there, whose letters are compared exactly
_BIT = b"1" * 128 + b"0" * 128  # of a signed byte: is it not negative


def neighbours(store: Store, query: Query, vector: bytes | None = None) -> list[tuple[str, float]]:
    """Return (key, likeness) of the remembered queries that count for *query*, the most alike first, at most MOST.

    The query itself, if it is remembered, comes first with 1. Likeness is the highest of: Dice's coefficient of the
    letter trigrams; the likelihood of the correction that turns one into the other; the cosine of the int8 embeddings.

    References: Dice, "Measures of the amount of ecologic association between species", 1945.
    """
    like: dict[int, float] = {}
    keys: dict[int, str] = {}
    corrected = likeliest(query)
    for number, key, dice in _by_letters(store, query.key):
        keys[number], like[number] = key, dice
    if vector is not None:
        for number, angle in _by_meaning(store, vector):
            like[number] = max(angle, like.get(number, 0.0))
    for number, key in store.rows("SELECT id, key FROM queries WHERE key IN (?, ?)", (query.key, corrected[0])):
        keys[number] = key
        like[number] = 1.0 if key == query.key else max(corrected[1], like.get(number, 0.0))
    near = sorted((-alike, number) for number, alike in like.items() if alike >= LEAST)[:MOST]
    rest = [number for _, number in near if number not in keys]
    keys.update(store.rows(f"SELECT id, key FROM queries WHERE id IN ({','.join(map(str, rest))})"))
    return [(keys[number], -alike) for alike, number in near]


def keep(db: sqlite3.Connection, key: str, vector: bytes | None) -> int:
    """Return the number under which the query *key* is remembered, from now on for queries like it, too."""
    number, size = numbered(db, key)
    if size:
        return number
    pieces = grams(key)
    values = (len(pieces), vector, signs(vector) if vector else None, number)
    db.execute("UPDATE queries SET size=?, vector=?, signs=? WHERE id=?", values)
    db.executemany("INSERT INTO grams VALUES (?,?,?)", [(gram, len(pieces), number) for gram in sorted(pieces)])
    count = "INSERT INTO common VALUES (?, 1) ON CONFLICT DO UPDATE SET queries = queries + 1"
    db.executemany(count, [(gram,) for gram in sorted(pieces)])
    return number


def numbered(db: sqlite3.Connection, key: str) -> tuple[int, int]:
    """Return the number of the query *key*, giving it one if it has none, and its size: 0 until it is kept."""
    db.execute("INSERT INTO queries (key, size) VALUES (?, 0) ON CONFLICT DO NOTHING", (key,))
    number, size = db.execute("SELECT id, size FROM queries WHERE key=?", (key,)).fetchone()
    return int(number), int(size)


def grams(key: str) -> set[int]:
    """Return the letter trigrams of a query, each as a number; words are set off by spaces.

    >>> len(grams("love")), len(grams("love") & grams("glove"))
    (4, 3)
    """
    padded = f" {key} "
    return {crc32(padded[i : i + 3].encode()) for i in range(max(1, len(padded) - 2))}


def signs(vector: bytes) -> bytes:
    """Return one bit a dimension, set where it is not negative.

    Two vectors' bits differ in proportion to their angle (Charikar, STOC 2002), which is cheap to count.

    >>> signs(bytes([1, 255, 0, 128]))
    b'\\xa0'
    """
    number = int(vector.translate(_BIT) or b"0", 2)
    spare = -len(vector) % 8
    return (number << spare).to_bytes((len(vector) + spare) // 8, "big")


def cosine(one: bytes) -> Callable[[bytes], float]:
    """Return what tells the cosine of *one* int8 vector with another; 0 if they differ in length or one is all zeros.

    >>> cosine(bytes([3, 4]))(bytes([4, 3]))
    0.96
    """
    a = array("b", one)
    square = sum(map(mul, a, a))

    def with_other(other: bytes) -> float:
        if len(one) != len(other):
            return 0.0
        b = array("b", other)
        length = sqrt(square * sum(map(mul, b, b)))
        return sum(map(mul, a, b)) / length if length else 0.0

    return with_other


def _by_letters(store: Store, key: str) -> list[tuple[int, str, float]]:
    """The queries whose Dice coefficient with *key* may reach LEAST, with the coefficient.

    A query that is like enough shares at least LEAST/(2 - LEAST) of the trigrams, so one of the rarest others: only those
    are looked up (prefix filtering: Chaudhuri, Ganti and Kaushik, ICDE 2006), and no more than READ entries of them.
    """
    mine = grams(key)
    low = ceil(len(mine) * LEAST / (2 - LEAST) - 1e-9)
    high = len(mine) * (2 - LEAST) / LEAST + 1e-9  # sizes beyond these can't reach it either
    counts = dict(store.rows(f"SELECT gram, queries FROM common WHERE gram IN ({','.join(map(str, mine))})"))
    rare: list[int] = []
    entries = 0
    for gram in sorted(mine, key=lambda gram: (counts.get(gram, 0), gram))[: len(mine) - low + 1]:
        entries += counts.get(gram, 0)
        if rare and entries > READ:
            break
        rare.append(gram)
    found = store.rows(
        f"SELECT query, key FROM (SELECT query, count(*) AS shared FROM grams WHERE gram IN ({','.join(map(str, rare))})"
        " AND size BETWEEN ? AND ? GROUP BY query ORDER BY shared / (size + ?) DESC LIMIT ?) JOIN queries ON id=query",
        (low, high, float(len(mine)), SPELT),
    )
    exact = ((number, other, grams(other)) for number, other in found)
    return [(number, other, 2 * len(mine & theirs) / (len(mine) + len(theirs))) for number, other, theirs in exact]


def _by_meaning(store: Store, vector: bytes) -> list[tuple[int, float]]:
    mine, width = int.from_bytes(signs(vector), "big"), (len(vector) + 7) // 8
    stored = store.rows(
        "SELECT id, signs FROM queries INDEXED BY queries_signs WHERE signs IS NOT NULL ORDER BY id DESC LIMIT ?", (SCANNED,)
    )
    apart = [((mine ^ int.from_bytes(bits, "big")).bit_count(), n) for n, bits in stored if len(bits) == width]
    # a cosine of LEAST is an angle of .295 pi: that share of the bits differs, on average
    near = [number for distance, number in sorted(apart)[:SHORTLIST] if distance <= 0.40 * len(vector)]
    exact = store.rows(f"SELECT id, vector FROM queries WHERE id IN ({','.join(map(str, near))})")
    angle = cosine(vector)
    return [(number, angle(other)) for number, other in exact]
