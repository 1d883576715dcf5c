"""What a command can be told: one table a command, read by two parsers.

`parse` understands an ordinary command line without importing anything. What it is not sure of it leaves to Typer
(`typed.py`), whose options are made from the same table: that one knows help, completion and every error, and takes 60 ms longer.
"""

from __future__ import annotations

import os

from ltrr_cli.errors import QueryError
from ltrr_cli.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class Option:
    """One option or, if it has no flags, one argument of a command. A plain class: a named tuple takes .5 ms to make."""

    def __init__(
        self,
        name: str,  # of the parameter of the command's function
        flags: tuple[str, ...],
        help: str,
        kind: type = str,  # str, int, float, or bool for a flag that takes no value
        *,
        default: Any = None,
        many: bool = False,  # may be repeated; the function gets a tuple
        required: bool = False,
        path: bool = False,  # names a file or folder, in whatever bytes the file system has
        least: float | None = None,
        most: float | None = None,
        choices: tuple[str, ...] = (),
        env: str = "",  # the environment variable that is read where the flag is not given
        metavar: str = "",
        complete: str = "",  # what the shell offers for it, a kind that `complete.offered` knows
    ) -> None:
        self.name, self.flags, self.help, self.kind = name, flags, help, kind
        self.default, self.many, self.required, self.path = default, many, required, path
        self.least, self.most, self.choices, self.env, self.metavar = least, most, choices, env, metavar
        self.complete = complete

    def read(self, text: str) -> Any:
        """Return *text* as this option's kind of value; ValueError if it is not one.

        >>> Option("limit", ("-n",), "", int, least=1).read("5")
        5
        """
        value = self.kind(text)
        low = self.least is not None and not value >= self.least  # which "nan" is too
        high = self.most is not None and value > self.most
        if low or high or (self.choices and value not in self.choices):
            raise ValueError(text)
        return value


class Command:
    """A command: the function that does it, and what it can be told. The function's docstring is the help."""

    def __init__(self, body: Callable[..., int | None], options: tuple[Option, ...], interrupted: str = "") -> None:
        self.body, self.options = body, options  # the body returns the exit status, None for 0
        self.interrupted = interrupted  # how things stand after Ctrl-C

    def do(self, values: dict[str, Any]) -> int | None:
        """Run it and return the exit status."""
        try:
            return self.body(**readable(values, self.options))
        except KeyboardInterrupt as e:
            if e.args:  # it says more
                raise
            raise KeyboardInterrupt(f"interrupted{self.interrupted and ': '}{self.interrupted}") from None


INDEX = Option("index", ("--index",), "State folder.", default=".ltrr", path=True, env="LTRR_INDEX", metavar="DIR")
JSON = Option("as_json", ("--json",), "Print one JSON object a line.", bool, default=False)
NOW = Option("now", ("--now",), "Take this ISO 8601 time for the present.", metavar="TIME")


def parse(argv: Sequence[str], options: Sequence[Option]) -> dict[str, Any] | None:
    """Return a value for every option, or None where Typer must decide: help, a mistake, an unusual form.

    >>> query, limit = Option("query", (), "", required=True), Option("limit", ("--limit", "-n"), "", int, default=10)
    >>> parse(["-n", "5", "love"], [query, limit])
    {'query': 'love', 'limit': 5}
    >>> parse(["love", "--limit=2"], [query, limit])
    {'query': 'love', 'limit': 2}
    >>> parse(["love", "-n", "five"], [query, limit]) is parse(["love", "--help"], [query, limit]) is None
    True
    """
    words = _sort(argv, {flag: option for option in options for flag in option.flags})
    if words is None:
        return None
    given, loose = words
    for option in options:
        if not option.flags and loose:
            given[option.name], loose = (loose, []) if option.many else (loose[:1], loose[1:])
    try:
        return None if loose else {option.name: _value(option, given.get(option.name)) for option in options}
    except ValueError:
        return None


def _sort(argv: Sequence[str], flags: dict[str, Option]) -> tuple[dict[str, list[str]], list[str]] | None:
    """Return the words that belong to each option and those that stand alone, or None for a line that is not plain."""
    given: dict[str, list[str]] = {}
    loose: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            loose.extend(words)
        elif word == "-" or not word.startswith("-"):
            loose.append(word)
        else:
            flag, attached, value = word.partition("=") if word.startswith("--") else (word[:2], word[2:], word[2:])
            option = flags.get(flag)
            if option is None or (option.kind is bool and attached):
                return None
            if option.kind is not bool and not attached:
                value = next(words, "--")
                if value.startswith("-") and value != "-":  # a negative number, or the value was forgotten
                    return None
            given.setdefault(option.name, []).append(value)
    return given, loose


def _value(option: Option, texts: list[str] | None) -> Any:
    if texts is None and option.env and os.environ.get(option.env):
        texts = [os.environ[option.env]]
    if texts is None:
        if option.required:
            raise ValueError(option.name)
        return () if option.many else option.default
    if option.kind is bool:
        return True
    values = tuple(option.read(text) for text in texts)
    return values if option.many else values[-1]


def moment(text: str | None, flag: str = "--now") -> float | None:
    """Return the ISO 8601 time of *flag* as seconds since 1970; without an offset it is UTC.

    >>> moment("2026-01-31T20:15:00Z") == moment("2026-01-31T21:15:00+01:00") == moment("2026-01-31 20:15")
    True
    >>> moment("tomorrow")
    Traceback (most recent call last):
    ltrr_cli.errors.QueryError: --now is 'tomorrow', which is no ISO 8601 time
    """
    if text is None:
        return None
    from datetime import UTC, datetime

    try:
        time = datetime.fromisoformat(text)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
    except ValueError:
        raise QueryError(f"{flag} is {text!r}, which is no ISO 8601 time", hint="write it as 2026-01-31T20:15:00Z") from None


def pairs(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return `key=value` texts as pairs.

    >>> pairs(["mood=calm", "device=phone"])
    (('mood', 'calm'), ('device', 'phone'))
    """
    found = []
    for text in texts:
        key, equals, value = text.partition("=")
        if not key or not equals:
            raise QueryError(f"--context is {text!r}", hint="write it as key=value: --context device=phone")
        found.append((key, value))
    return tuple(found)


def readable(values: dict[str, Any], options: Iterable[Option]) -> dict[str, Any]:
    """Return *values* with every byte replaced that is not UTF-8, but for paths: all can be logged and printed then.

    >>> readable({"query": "caf\\udce9"}, [Option("query", (), "")])
    {'query': 'caf�'}
    """

    def mended(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(mended, value))
        if not isinstance(value, str) or value.isascii():
            return value
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    return {option.name: values[option.name] if option.path else mended(values[option.name]) for option in options}
