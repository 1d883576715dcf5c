from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.cli.snippet import WIDTH, marks, snippet

RECORD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=200)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=9), inner, max_size=4)),
)


def test_the_text_with_most_of_the_words_is_shown() -> None:
    record = {"name": "Halo", "about": "a song", "notes": ["a bright song of light", "light"], "id": "track:halo-light"}
    assert snippet(record, "Halo", {"light", "song"}) == "a bright song of light"
    assert snippet(record, "Halo", {"dark"}) == ""


def test_a_long_text_is_cut_around_the_word_at_whole_words() -> None:
    text = f"{'some words before it ' * 20}the lighthouse {'and more after it ' * 20}"
    found = snippet({"about": text}, "", {"lighthouse"})
    assert "lighthouse" in found
    assert found.startswith("…") and found.endswith("…")
    assert all(word in text.split() for word in found.strip("…").split())


def test_plurals_are_marked_and_other_words_are_not() -> None:
    text = "Lovers love loves and glove"
    assert [text[a:b] for a, b in marks(text, {"love"})] == ["love", "loves"]


@given(RECORD, st.sets(st.text(max_size=5), max_size=4))
def test_any_record_gives_one_short_line(record: object, wanted: set[str]) -> None:
    found = snippet(record, "", wanted)
    assert len(found) <= WIDTH + 2
    assert "\n" not in found and "\x1b" not in found
