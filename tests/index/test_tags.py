from collections.abc import Callable
from pathlib import Path

import ltrr_cli
from ltrr_cli.engine import Engine
from ltrr_cli.index.facts import Fact, facts
from ltrr_cli.index.tags import OFTEN, Tags
from ltrr_cli.index.writer_tantivy import field_words
from ltrr_cli.records import Entity

Catalog = Callable[..., str]
WANTED = [("genre", "drum and bass")]


def learned(**values: str) -> Tags:
    tags = Tags()
    for _ in range(OFTEN):
        tags.learn(Fact(field, value, value.title(), 1.0) for field, value in values.items())
    return tags


def tagged(tags: Tags, title: str, text: str = "", **attributes: str) -> set[tuple[str, str]]:
    entity = Entity("1", "product", title, text=text, attributes={field: {value: 1.0} for field, value in attributes.items()})
    return {(fact.field, fact.value) for fact in tags.of(entity, field_words(entity))}


def test_a_value_met_in_a_title_or_text_is_tagged() -> None:
    tags = learned(kind="notebook", colour="black")
    assert tagged(tags, "HP 530 Notebook PC") == {("kind", "notebook")}
    assert tagged(tags, "HP 530", "A small notebook in black.") == {("kind", "notebook"), ("colour", "black")}


def test_the_longest_value_counts() -> None:
    tags = learned(kind="notebook", part="notebook case")
    assert tagged(tags, "Targus notebook case") == {("part", "notebook case")}


def test_what_is_given_is_not_tagged_over() -> None:
    assert tagged(learned(kind="notebook"), "Notebook sleeve", kind="sleeve") == set()


def test_a_value_that_few_have_or_that_says_nothing_is_not_looked_for() -> None:
    tags = Tags()
    tags.learn([Fact("kind", "notebook", "Notebook", 1.0)])
    assert tagged(tags, "A notebook") == set()
    assert tagged(learned(size="17", year="1999", creator="notebook"), "17 notebook 1999") == set()


def test_a_tag_counts_less_than_a_value_given_and_more_than_none(tmp_path: Path, catalog: Catalog) -> None:
    given = [{"id": f"g{i}", "type": "track", "name": f"Quiet {i}", "genre": "drum and bass"} for i in range(OFTEN)]
    met = {"id": "met", "type": "track", "name": "Drum and Bass Anthem"}
    neither = {"id": "neither", "type": "track", "name": "Bass drum solo and more"}
    folder = str(tmp_path / "state")
    ltrr_cli.build([catalog([*given, met, neither])], folder)
    with Engine(folder) as engine:
        text = engine.generation.text
        scores = {
            engine.generation.columns.id(row): score for row, score in text.structured([("genre", "drum and bass")], [], 10)
        }
        assert scores["g0"] > scores["met"] > scores["neither"] > 0
        assert all("#0" not in term for term in engine.generation.columns.said(OFTEN).facts)  # only where it is searched for
    ltrr_cli.add([catalog([{"id": "late", "type": "track", "name": "More Drum and Bass"}])], folder)
    with Engine(folder) as engine:
        text = engine.generation.text
        scores = {
            engine.generation.columns.id(row): score for row, score in text.structured([("genre", "drum and bass")], [], 10)
        }
        assert scores["late"] == scores["met"]


def test_facts_that_are_given_have_their_weight() -> None:
    entity = Entity("1", "track", "x", attributes={"genres": {"pop": 0.2}})
    assert [fact.term for fact in facts(entity)] == ["genres=pop#1"]
    assert Fact("genres", "pop", "Pop", 0.0).term == "genres=pop#0"
