from collections.abc import Iterator
from random import Random

import pytest

from ltrr_cli.feedback.store import Store
from ltrr_cli.memory.q2e import DAY, Remembered, look, recall, remember
from ltrr_cli.memory.similar import cosine, grams, neighbours
from ltrr_cli.records import Correction, Query

NOW = 1_000_000.0


@pytest.fixture
def store(tmp_path: object) -> Iterator[Store]:
    with Store(f"{tmp_path}/state.db") as store:
        yield store


def asked(text: str, *corrections: Correction) -> Query:
    return Query(text, tuple(text.split()), now=NOW, corrections=corrections)


def act(
    store: Store, key: str, entity: str, s: float, times: int = 1, d: float = 0, when: float = NOW, vector: bytes | None = None
) -> None:
    for _ in range(times):
        with store.writing() as db:
            look(db, key, {entity: 1.0}, when, 180, entity)
            remember(db, key, vector, entity, s=s, d=d, looked=1.0, surely=0, when=when, half_life_days=180)


def scores(found: list[Remembered]) -> dict[str, float]:
    return {r.id: r.score for r in found}


def test_nothing_is_remembered_of_a_query_that_is_like_none(store: Store) -> None:
    act(store, "red shoe", "a", 0.7)
    assert recall(store, asked("blue lamp"), 10, None, NOW) == []
    assert recall(store, asked(""), 10, None, NOW) == []


def test_the_mean_is_prediction_turning_into_evidence(store: Store) -> None:
    act(store, "red shoe", "a", 0.7, times=3)
    (found,) = recall(store, asked("red shoe"), 10, None, NOW)
    assert found.q2e == pytest.approx((3 * 0.1 + 2.1) / (3 + 3))
    assert (found.n, found.via) == (3, "red shoe")
    (found,) = recall(store, asked("red shoe"), 10, None, NOW, predicted={"a": 0.5})
    assert found.q2e == pytest.approx((3 * 0.5 + 2.1) / (3 + 3))


def test_one_click_says_little_three_plays_say_much(store: Store) -> None:
    act(store, "love", "clicked", 0.2)
    act(store, "love", "played", 0.7, times=3)
    found = scores(recall(store, asked("love"), 10, None, NOW))
    assert found["clicked"] < 0.15
    assert 0.65 < found["played"] < 0.8


def test_lucky_is_not_better_than_proved(store: Store) -> None:
    act(store, "love", "lucky", 1.0)
    act(store, "love", "proved", 0.7, times=10)
    assert [r.id for r in recall(store, asked("love"), 2, None, NOW)] == ["proved", "lucky"]


def test_being_looked_at_and_left_lowers_it(store: Store) -> None:
    act(store, "love", "a", 0.7)
    (before,) = recall(store, asked("love"), 1, None, NOW)
    with store.writing() as db:
        look(db, "love", {"a": 0.5, "stranger": 1.0}, NOW, 180)
    after, stranger = recall(store, asked("love"), 2, None, NOW)
    assert after.n == pytest.approx(before.n + 0.5)
    assert stranger.score < 0 < after.score < before.score


def test_what_is_passed_over_gives_way_for_this_query_alone(store: Store) -> None:
    act(store, "red running shoe", "a", 0.7)
    with store.writing() as db:
        for _ in range(4):
            look(db, "red running shoe", {"a": 1.0, "often": 1.0, "seldom": 0.1}, NOW, 180, "a")
    found = recall(store, asked("red running shoe"), 10, None, NOW)
    assert [r.id for r in found] == ["a", "seldom", "often"]
    # of 4 and .4 looks the prediction of .1 is left with 3 / (3 + looks)
    assert [r.score for r in found[1:]] == pytest.approx([-0.5 * 0.4 / 3.4, -0.5 * 4 / 7])
    assert [r.id for r in recall(store, asked("red running shoes"), 10, None, NOW)] == ["a"]


def test_what_was_only_looked_at_in_vain_is_like_no_other_query_until_somebody_acts(store: Store) -> None:
    with store.writing() as db:
        look(db, "red shoe", {"a": 1.0}, NOW, 180)
    assert [r.id for r in recall(store, asked("red shoe"), 10, None, NOW)] == ["a"]
    assert neighbours(store, asked("red shoes")) == []
    act(store, "red shoe", "b", 0.7, vector=bytes(range(16)))
    assert [key for key, _ in neighbours(store, asked("red shoes"))] == ["red shoe"]


def look_in_vain(store: Store, key: str, *entities: str) -> None:
    with store.writing() as db:
        look(db, key, dict.fromkeys(entities, 1.0), NOW, 180, typical=0.7)


def test_once_another_thing_is_wanted_the_old_one_gives_way_in_a_few_looks_however_long_it_was_right(store: Store) -> None:
    act(store, "jacket", "some", 0.7, times=5)
    act(store, "jacket", "many", 0.7, times=100)
    for _ in range(3):
        look_in_vain(store, "jacket", "some", "many")
    doubtless = scores(recall(store, asked("jacket"), 10, None, NOW))
    assert doubtless["some"] > 0.5
    assert doubtless["many"] > 0.8
    for _ in range(7):
        look_in_vain(store, "jacket", "some", "many")
    assert max(scores(recall(store, asked("jacket"), 10, None, NOW)).values()) < 0.3
    act(store, "jacket", "some", 0.7)
    look_in_vain(store, "jacket", "some")
    known = scores(recall(store, asked("jacket"), 10, None, NOW))
    assert known["some"] > known["many"]


def test_what_satisfies_every_third_time_is_not_doubted_for_the_two_between(store: Store) -> None:
    for _ in range(20):
        act(store, "jacket", "a", 0.7)
        look_in_vain(store, "jacket", "a")
        look_in_vain(store, "jacket", "a")
    (found,) = recall(store, asked("jacket"), 10, None, NOW)
    assert found.n == 60
    assert found.q2e == pytest.approx((3 * 0.1 + 14) / 63)


def test_a_dislike_pushes_below_everything_else(store: Store) -> None:
    act(store, "love", "good", 0.7)
    act(store, "love", "bad", 0.0, d=1)
    found = recall(store, asked("love"), 10, None, NOW)
    assert [r.id for r in found] == ["good", "bad"]
    assert found[1].score < -0.4


def test_evidence_fades_by_half_in_a_half_life_and_late_news_counts_as_old(store: Store) -> None:
    act(store, "love", "a", 1.0, when=NOW)
    (later,) = recall(store, asked("love"), 1, None, NOW + 180 * DAY)
    assert later.n == pytest.approx(0.5)
    assert later.q2e == pytest.approx((0.3 + 0.5) / 3.5)
    with store.writing() as db:  # something that happened half a life before arrives now
        remember(db, "love", None, "a", s=1.0, d=0, looked=0, surely=0, when=NOW - 180 * DAY, half_life_days=180)
    (found,) = recall(store, asked("love"), 1, None, NOW)
    assert found.n == pytest.approx(1.5)


def test_a_query_in_other_words_gets_part_of_it(store: Store) -> None:
    act(store, "red running shoe", "a", 0.7, times=3)
    (own,) = recall(store, asked("red running shoe"), 1, None, NOW)
    (like,) = recall(store, asked("red running shoes"), 1, None, NOW)
    assert 0.25 < like.score < own.score
    assert like.via == "red running shoe"


def test_a_correction_leads_to_what_was_meant(store: Store) -> None:
    act(store, "taylor", "a", 0.7, times=3)
    query = asked("tyalor", Correction("tyalor", "taylor", 0.9))
    assert neighbours(store, asked("tyalor")) == []
    assert neighbours(store, query) == [("taylor", 0.9)]
    assert recall(store, query, 1, None, NOW)[0].id == "a"


def test_dice_by_hand(store: Store) -> None:
    act(store, "night", "a", 0.7)
    # " night " and " nights ": 5 and 6 trigrams, " ni nig igh ght" shared: 2*4/11
    ((key, like),) = neighbours(store, asked("nights"))
    assert key == "night"
    assert like == pytest.approx(8 / 11)
    assert [len(grams(word)) for word in ("night", "nights")] == [5, 6]


def test_meaning_finds_what_letters_do_not(store: Store) -> None:
    random = Random(3)
    base = [random.randint(-100, 100) for _ in range(128)]

    def vector(noise: int) -> bytes:
        return bytes((max(-127, min(127, v + random.randint(-noise, noise)))) & 255 for v in base)

    for i in range(300):
        other = bytes(random.randrange(256) for _ in range(128))
        act(store, f"filler {i * 7919}", "b", 0.2, vector=other)
    act(store, "sofa", "a", 0.7, times=3, vector=vector(0))
    near = neighbours(store, asked("couch"), vector(30))
    assert near[0][0] == "sofa"
    assert near[0][1] > 0.9
    assert cosine(b"\1\2")(b"\1") == 0
    assert cosine(b"\0\0")(b"\1\2") == 0


def test_the_query_itself_comes_first_and_counts_in_full(store: Store) -> None:
    for i in range(20):
        act(store, f"red shoe{'s' * (i % 3)} {i}", "b", 0.7)
    act(store, "red shoe", "a", 0.7)
    near = neighbours(store, asked("red shoe"))
    assert near[0] == ("red shoe", 1.0)
    assert 1 < len(near) <= 8
    assert all(0.6 <= like <= 1 for _, like in near)


def test_however_often_a_thing_was_right_for_a_like_query_it_was_right_for_another(store: Store) -> None:
    act(store, "red running shoe", "a", 1.0)
    (once,) = recall(store, asked("red running shoes"), 1, None, NOW)
    act(store, "red running shoe", "a", 1.0, times=19)
    (often,) = recall(store, asked("red running shoes"), 1, None, NOW)
    assert often.score == pytest.approx(once.score)
