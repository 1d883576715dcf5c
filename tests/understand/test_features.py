import math
import string

from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.records import Correction, Interpretation, Query, Slot
from ltrr_cli.understand.calendar import Moment
from ltrr_cli.understand.context import Acted, Around
from ltrr_cli.understand.features import CLASSES, FEATURES, NAMES, NOTHING, features, query_class, settled, whole

SUNDAY_NOON = 1_769_947_200.0  # 2026-02-01T12:00:00Z
CHANCE = st.floats(0, 1)
READING = st.builds(
    lambda chance, n: Interpretation(chance, (Slot("a", "type", "track", "Track"),) * n), CHANCE, st.integers(0, 9)
)
QUERY = st.builds(
    Query,
    text=st.text(max_size=300),
    words=st.lists(st.text(min_size=1, max_size=9), max_size=40).map(tuple),
    types=st.sampled_from([(), ("track",)]),
    user=st.one_of(st.none(), st.text(max_size=3)),
    context=st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=9).map(tuple),
    now=st.floats(),
    language=st.sampled_from(["", "en", "xx"]),
    corrections=st.lists(st.builds(Correction, st.text(max_size=3), st.text(max_size=3), CHANCE), max_size=4).map(tuple),
    interpretations=st.lists(READING, max_size=5).map(tuple),
    intent=st.lists(st.tuples(st.sampled_from(["known_item", "topic", "browse", "?"]), st.floats(-1, 2)), max_size=4).map(tuple),
)
AROUND = st.builds(
    Around,
    st.sampled_from([(), ("en", "de")]),
    st.one_of(st.none(), st.builds(Moment, st.floats(0, 24), st.integers(0, 6), st.booleans())),
    st.lists(st.builds(Acted, st.floats(0, 1e9), st.sampled_from(["track", "album"]), st.just({"type=a"})), max_size=9),
)


@given(QUERY, st.lists(st.one_of(st.just(-1.0), st.floats(0, 40)), max_size=40), st.booleans(), st.floats(0, 1e6), AROUND)
def test_every_feature_stays_within_its_bounds_whatever_is_asked(
    query: Query, idfs: list[float], title: bool, n: float, around: Around
) -> None:
    x = features(query, idfs, title, n, around)
    assert len(x) == len(FEATURES)
    for value, (name, low, high, _) in zip(x, FEATURES, strict=True):
        assert low <= value <= high, name
    assert query_class(x) in CLASSES
    assert x == features(query, idfs, title, n, around)


def test_every_feature_has_a_name_of_its_own_and_says_what_it_is() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for name, low, high, what in FEATURES:
        assert set(name) <= set(string.ascii_lowercase + string.digits + "_")
        assert low <= high
        assert what


def test_logged_features_keep_their_places() -> None:
    first = "bias words characters digit quoted unknown idf_max idf_mean unfinished question exact_title memory hour_sin hour_cos"
    assert NAMES[:15] == (*first.split(), "weekend")
    x = list(features(Query("a", ("a",), now=SUNDAY_NOON), (1.0,), False, 0))
    assert whole(x) == whole([*x, 0.5, 0.5]) == x
    assert whole(x[:15]) == x[:15] + [0.0] * (len(FEATURES) - 15)


def named(query: Query, around: Around = NOTHING) -> dict[str, float]:
    return dict(zip(NAMES, features(query, (1.0,), False, 0, around), strict=True))


def test_the_clock_is_read_as_a_circle_and_as_parts_of_the_day() -> None:
    x = named(Query("a", ("a",), now=SUNDAY_NOON))
    assert (round(x["hour_sin"], 9), round(x["hour_cos"], 9), x["weekend"], x["afternoon"], x["holiday"]) == (0, -1, 1, 1, 0)
    assert named(Query("a", ("a",), now=SUNDAY_NOON + 86400))["weekend"] == 0
    x = named(Query("a", ("a",), now=SUNDAY_NOON), Around(moment=Moment(6.0, 4, True)))
    assert (round(x["hour_sin"], 9), x["weekend"], x["holiday"]) == (1, 0, 1)
    parts = [
        [named(Query("a", ("a",)), Around(moment=Moment(h, 0)))[p] for p in ("morning", "afternoon", "evening")]
        for h in (5, 6, 12, 18)
    ]
    assert parts == [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_what_is_known_around_a_query_has_its_numbers() -> None:
    pop = Interpretation(0.5, (Slot("pop", "genres", "pop", "Pop"), Slot("songs", "type", "track", "track")))
    intent = (("known_item", 0.2), ("topic", 0.7), ("browse", 0.1))
    query = Query("pop songs", ("pop", "songs"), user="ann", language="de", interpretations=(pop,), intent=intent)
    x = named(query, Around(("en",), None, [Acted(3.0, "track", {"genres=pop"}), Acted(1.0, "album")]))
    assert (x["language"], x["foreign"], x["known_item"], x["topic"], x["browse"]) == (1, 1, 0.2, 0.7, 0.1)
    assert x["slots"] == math.log(2) / math.log(5)  # half of two
    assert (x["user"], x["actions"]) == (1, math.log(5) / math.log(21))
    assert (x["acted_type"], x["acted_slot"]) == (0.375, 0.375)  # half of 3/4
    nobody = named(Query("pop songs", ("pop", "songs")))
    assert not any(nobody[name] for name in ("language", "foreign", "slots", "user", "actions", "acted_type", "acted_slot"))
    assert not any(nobody[f"context_{i}"] for i in (1, 2, 3, 4))
    assert any(named(query._replace(context=(("device", "phone"),)))[f"context_{i}"] for i in (1, 2, 3, 4))
    tokyo = query._replace(context=(("timezone", "Asia/Tokyo"),))
    assert named(tokyo) == named(query._replace(context=()))  # it says what time it is, and nothing else


def classed(text: str, *idfs: float, title: bool = False) -> str:
    return query_class(features(Query(text, tuple(text.split())), idfs or [2.0] * len(text.split()), title, 0))


def test_classes_go_by_the_surest_sign_first() -> None:
    assert classed("lovr", -1.0, title=True) == "title"
    assert classed("tayler love", -1.0, 2.0) == "typo"
    assert classed("love") == "word"
    assert classed("red running shoe men") == "few"
    assert classed("a light shoe for running") == "long"


def test_only_a_title_that_memory_knows_well_is_settled() -> None:
    lover = Query("lover", ("lover",))
    assert settled(features(lover, (6.0,), True, 5))
    assert not settled(features(lover, (6.0,), True, 4.9))
    assert not settled(features(lover, (6.0,), False, 50))
