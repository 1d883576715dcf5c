"""A filter as text becomes a tree: precedence, quotes, and where it stops making sense."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ltrr_cli.errors import QueryError
from ltrr_cli.index.where import DEEPEST, LONGEST, Condition, Every, Not, Some, Tree, parse


def shape(tree: Tree) -> str:
    """A tree with every parenthesis that it means."""
    if isinstance(tree, Condition):
        return f"{tree.field}{tree.relation}{'|'.join(tree.values)}"
    if isinstance(tree, Not):
        return f"!{shape(tree.part)}"
    sign = {Every: "&", Some: "+"}[type(tree)]
    return f"({sign.join(map(shape, tree.parts))})"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("year>=1990", "year>=1990"),
        ("year >= 1990", "year>=1990"),
        ("a=1 or b=2 and c=3", "(a=1+(b=2&c=3))"),
        ("a=1 and b=2 or c=3", "((a=1&b=2)+c=3)"),
        ("(a=1 or b=2) and c=3", "((a=1+b=2)&c=3)"),
        ("not a=1 and b=2", "(!a=1&b=2)"),
        ("not (a=1 and b=2)", "!(a=1&b=2)"),
        ("not not a=1", "!!a=1"),
        ("a!=1", "!a=1"),
        ("a<>1", "!a=1"),
        ("a==1", "a=1"),
        ("a in (1, 2,3)", "a=1|2|3"),
        ("a not in (1, 2)", "!a=1|2"),
        ("A=1 AND b=2 Or c IN (3)", "((A=1&b=2)+c=3)"),
        ("((a=1))", "a=1"),
        ("artist = Taylor Swift and year < 2010", "(artist=Taylor Swift&year<2010)"),
        ("running time > 90", "running time>90"),
        ("genre = drum   bass", "genre=drum bass"),
        ("x = -5", "x=-5"),
        ("x = not here", "x=not here"),
        ("title = Don't", "title=Don't"),
        ("title = Help!", "title=Help!"),
        ("title = in", "title=in"),
    ],
)
def test_and_binds_closer_than_or_and_not_closest(text: str, wanted: str) -> None:
    assert shape(parse(text)) == wanted


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('a = "rock and roll"', "rock and roll"),
        ("a = 'rock or (pop)'", "rock or (pop)"),
        ('a = "say \\"hi\\""', 'say "hi"'),
        ("a = 'it\\'s'", "it's"),
        ('a = "a\\\\b"', "a\\b"),
        ('a = ""', ""),
        ('a = "two\nlines"', "two\nlines"),
    ],
)
def test_what_is_quoted_is_taken_as_it_is(text: str, value: str) -> None:
    tree = parse(text)
    assert isinstance(tree, Condition)
    assert tree.values == (value,)


def test_a_field_may_be_quoted_too() -> None:
    assert parse("'made in' = China") == Condition("made in", "=", ("China",), 1)


def test_a_condition_knows_where_it_begins() -> None:
    tree = parse("a=1 and  b=2")
    assert isinstance(tree, Every)
    assert [part.at for part in tree.parts if isinstance(part, Condition)] == [1, 10]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a field is missing at character 1"),
        ("year >=", "a value is missing at character 8"),
        ("year >= 1990 and", "a field is missing at character 17"),
        ("(year = 1", "')' is missing at character 10"),
        ("year = 1)", "')' is unexpected at character 9"),
        ("year = 1 genre = pop", "'=' is unexpected at character 16"),
        ("artist = Tyler, the Creator", "',' is unexpected at character 15"),
        ("genre = pop or rock", "'rock' is compared with nothing at character 16"),
        ("year is 2000", "'year is 2000' is compared with nothing at character 1"),
        ("genre:pop", "'genre:pop' is compared with nothing at character 1"),
        ("genre in rock", "'(' is missing at character 10"),
        ("genre in (rock", "')' is missing at character 15"),
        ("genre in ()", "a value is missing at character 11"),
        ("genre in (rock,)", "a value is missing at character 16"),
        ("genre not rock", "'in' is missing at character 11"),
        ("title = 'Love", "a quote is not closed at character 9"),
        ('title = "Love\\"', "a quote is not closed at character 9"),
        ("= 3", "a field is missing at character 1"),
        ("year !", "'year !' is compared with nothing at character 1"),
        ("a >> 1", "a value is missing at character 4"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_to_write(text: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert str(caught.value) == f"where: {message}"
    assert "genre in (rock, " in caught.value.hint


def test_a_filter_has_bounds() -> None:
    assert parse("(" * DEEPEST + "a=1" + ")" * DEEPEST)
    for deep in ("(" * (DEEPEST + 1) + "a=1" + ")" * (DEEPEST + 1), "not " * (DEEPEST + 1) + "a=1", "(" * LONGEST):
        with pytest.raises(QueryError, match="too much in parentheses"):
            parse(deep)
    with pytest.raises(QueryError, match="longer than 50000 characters"):
        parse("a" * (LONGEST + 1))
    many = " or ".join(["a=1"] * 6000)
    assert len(parse(many).parts) == 6000  # type: ignore[union-attr]


@given(st.text(alphabet="ab=<>!(),'\" \\ndori", max_size=40))
def test_any_text_is_a_tree_or_a_mistake(text: str) -> None:
    try:
        assert shape(parse(text))
    except QueryError as mistake:
        assert mistake.hint


@given(st.text(max_size=30))
def test_any_value_can_be_quoted(value: str) -> None:
    quoted = value.replace("\\", "\\\\").replace("'", "\\'")
    assert parse(f"a = '{quoted}'") == Condition("a", "=", (value,), 1)
