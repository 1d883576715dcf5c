"""Read a filter, such as `year >= 1990 and genre in (rock, "drum and bass")`, as a tree of conditions.

    filter     = every { "or" every }
    every      = one { "and" one }
    one        = "not" one | "(" filter ")" | condition
    condition  = field ("=" | "!=" | "<" | "<=" | ">" | ">=") value | field ["not"] "in" "(" value { "," value } ")"

A field or value is some words, or anything between quotes, in which a backslash makes the next character an ordinary one.
What the fields are and what their values mean is not known here, see `names` and `filter_tantivy`.
"""

from __future__ import annotations

import re

from ltrr_cli.errors import QueryError
from ltrr_cli.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import NoReturn


class Condition(NamedTuple):
    """A field compares so with one of the values."""

    field: str
    relation: str  # = < <= > >=
    values: tuple[str, ...]  # one, or several for "="
    at: int  # where it begins, counted from 1


class Every(NamedTuple):
    """All of these hold."""

    parts: tuple[Tree, ...]


class Some(NamedTuple):
    """One of these holds, or more."""

    parts: tuple[Tree, ...]


class Not(NamedTuple):
    """This does not hold."""

    part: Tree


Tree = Condition | Every | Some | Not

LONGEST = 50_000  # characters of a filter
DEEPEST = 40  # parentheses in parentheses
EXAMPLE = "for example: year >= 1990 and genre in (rock, 'drum and bass')"
PARTS = "write FIELD = VALUE (or != < <= > >=), in quotes what holds signs or and/or; several values: genre in (rock, pop)"

_TOKEN = re.compile(
    r"""\s*(?: (?P<quoted> "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' )
             | (?P<sign> <= | >= | != | <> | == | [=<>(),] )
             | (?P<word> (?:[^\s=<>(),"'!]|!(?!=)) (?:[^\s=<>(),"!]|!(?!=))* ) )""",
    re.X | re.S,
)
_SIGNS = {"==": "=", "<>": "!="}
_COMPARES = ("=", "!=", "<", "<=", ">", ">=")


def parse(text: str) -> Tree:
    """Return *text* as a tree; QueryError says at which character it stops making sense.

    >>> parse("year >= 1990")
    Condition(field='year', relation='>=', values=('1990',), at=1)
    >>> parse("genre != rock and artist = Taylor Swift").parts[1].values
    ('Taylor Swift',)
    >>> parse("year >=")
    Traceback (most recent call last):
    ltrr_cli.errors.QueryError: where: a value is missing at character 8
    """
    if len(text) > LONGEST:
        raise QueryError(f"where: longer than {LONGEST} characters", hint="ask for less at once")
    reader = _Reader(text)
    tree = reader.some()
    if reader.kind:
        reader.fail(f"{reader.token!r} is unexpected", PARTS)
    return tree


class _Reader:
    """Walks over the tokens, always looking at one: its kind is "word", "quoted", "sign", or "" at the end."""

    def __init__(self, text: str) -> None:
        self._text, self._end, self._depth = text, 0, 0
        self.next()

    def next(self) -> str:
        """Step over the token looked at and return it."""
        before = getattr(self, "token", "")
        found = _TOKEN.match(self._text, self._end)
        rest = self._text[self._end :]
        self.at = self._end + len(rest) - len(rest.lstrip()) + 1
        self.kind, self.token = "", ""
        if found:
            self._end = found.end()
            self.kind = found.lastgroup or ""
            token = found[self.kind]
            self.token = re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.S) if self.kind == "quoted" else _SIGNS.get(token, token)
        elif rest.strip():
            self.fail("a quote is not closed" if rest.strip()[0] in "\"'" else f"{rest.strip()[0]!r} is unexpected")
        return before

    def fail(self, what: str, hint: str = EXAMPLE, at: int = 0) -> NoReturn:
        raise QueryError(f"where: {what} at character {at or self.at}", hint=hint)

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.token.lower() in words

    def is_sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.token in signs

    def expect(self, sign: str) -> None:
        if not self.is_sign(sign):
            self.fail(f"{sign!r} is missing")
        self.next()

    def some(self) -> Tree:
        parts = [self.every()]
        while self.is_word("or"):
            self.next()
            parts.append(self.every())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def every(self) -> Tree:
        parts = [self.one()]
        while self.is_word("and"):
            self.next()
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def one(self) -> Tree:
        if not (self.is_word("not") or self.is_sign("(")):
            return self.condition()
        self._depth += 1
        if self._depth > DEEPEST:
            self.fail("too much in parentheses")
        if self.next() == "(":
            tree = self.some()
            self.expect(")")
        else:
            tree = Not(self.one())
        self._depth -= 1
        return tree

    def condition(self) -> Tree:
        at, field = self.at, self.words("a field", "and", "or", "not", "in")
        if self.is_word("not", "in"):
            absent = self.is_word("not")
            if absent:
                self.next()
            if not self.is_word("in"):
                self.fail("'in' is missing")
            self.next()
            self.expect("(")
            values = [self.value()]
            while self.is_sign(","):
                self.next()
                values.append(self.value())
            self.expect(")")
            among = Condition(field, "=", tuple(values), at)
            return Not(among) if absent else among
        if not self.is_sign(*_COMPARES):
            self.fail(f"{field!r} is compared with nothing", PARTS, at)
        relation = self.next()
        value = self.value()
        if relation == "!=":
            return Not(Condition(field, "=", (value,), at))
        return Condition(field, relation, (value,), at)

    def value(self) -> str:
        return self.words("a value", "and", "or")

    def words(self, what: str, *ends: str) -> str:
        """Return what is quoted here, or the words up to the next sign or one of *ends*."""
        if self.kind == "quoted":
            return self.next()
        found = []
        while self.kind == "word" and not self.is_word(*ends):
            found.append(self.next())
        if not found:
            self.fail(f"{what} is missing")
        return " ".join(found)
