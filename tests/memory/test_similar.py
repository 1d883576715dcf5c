from collections.abc import Iterator
from random import Random

import pytest

from ltrr_cli.feedback.store import Store
from ltrr_cli.memory import similar
from ltrr_cli.memory.similar import LEAST, MOST, cosine, grams, keep, neighbours, signs
from ltrr_cli.records import Query

PARTS = ["red", "blue", "shoe", "light", "running", "run", "ing", "man", "woman", "zz", "jacket", "é"]


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    with Store(f"{tmp_path}/state.db") as store:
        yield store


def made_up(random: Random) -> str:
    return " ".join("".join(random.choices(PARTS, k=random.randint(1, 2))) for _ in range(random.randint(1, 3)))


def dice(one: str, other: str) -> float:
    a, b = grams(one), grams(other)
    return 2 * len(a & b) / (len(a) + len(b))


def test_looking_at_the_rarest_trigrams_finds_the_same_as_looking_at_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "SPELT", 400)
    random = Random(1)
    keys = sorted({made_up(random) for _ in range(400)})
    with store.writing() as db:
        for key in keys:
            keep(db, key, None)
    for _ in range(60):
        key = made_up(random)
        # a query that is remembered is like itself: 1
        best = sorted((dice(key, other) for other in keys if dice(key, other) >= LEAST), reverse=True)[:MOST]
        found = neighbours(store, Query(key, tuple(key.split())))
        assert [like for _, like in found] == pytest.approx(best)
        monkeypatch.setattr(similar, "SPELT", 64)
        assert neighbours(store, Query(key, tuple(key.split())))[:1] == found[:1]  # the short list has the nearest
        monkeypatch.setattr(similar, "SPELT", 400)
        assert all(like == pytest.approx(dice(key, other)) for other, like in found)


def test_a_crowd_of_common_letters_is_not_read_to_the_end(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.writing() as db:
        for i in range(300):
            keep(db, f"running shoe {i}", None)
    monkeypatch.setattr(similar, "READ", 50)
    found = neighbours(store, Query("running shoe 77x", ("running", "shoe", "77x")))
    assert found[0][0] == "running shoe 77"


def test_a_query_is_kept_once(store: Store) -> None:
    with store.writing() as db:
        assert keep(db, "red shoe", None) == keep(db, "red shoe", b"\1")
    assert store.rows("SELECT max(queries) FROM common") == [(1,)]


def test_the_angle_between_vectors_shows_in_their_signs() -> None:
    random = Random(2)
    for _ in range(50):
        one = [random.randint(-90, 90) for _ in range(256)]
        other = [max(-127, min(127, v + random.randint(-60, 60))) for v in one]
        a, b = (bytes(v & 255 for v in vector) for vector in (one, other))
        apart = (int.from_bytes(signs(a), "big") ^ int.from_bytes(signs(b), "big")).bit_count()
        assert cosine(a)(b) > LEAST
        assert apart <= 0.40 * 256  # none that is like enough is overlooked
