"""Two parsers read a command line; where both do, they agree."""

from __future__ import annotations

import pytest

from ltrr_cli.cli.app import COMMANDS, load
from ltrr_cli.cli.options import moment, pairs, parse
from ltrr_cli.cli.typed import Asked, read
from ltrr_cli.errors import QueryError

PLAIN = [
    "search love",
    "search love -n 5",
    "search love -n5 --json",
    "search love --limit=5 --arm lexical --arm=fuzzy --type track",
    "search --user u1 love --context mood=calm --context device=phone",
    "search --queries - --format trec",
    "search --budget 60 --policy uniform --seed 7 --no-explore --no-log --explain -- -love",
    "search a b=c",
    "search --now 2026-01-31T20:15:00Z ''",
    "pick love -n 5 --action play --no-log",
    "index a.jsonl b.csv --strict --no-graph",
    "index - --mapping m.toml --encoder minilm --index there",
    "add a.jsonl",
    "delete 1 2 3",
    "feedback 3",
    "feedback s1 3 --action play --seconds 42.5 --fraction .5",
    "feedback --id 7 --event-id e1",
    "feedback --from - --rejects bad.jsonl",
    "explain",
    "explain s1 --json",
    "arms",
    "status --index there",
    "suggest tay -n 3",
    "export",
    "check --json",
    "rollback --to 00000001",
    "forget --user ann --index there",
    "import - --index there",
]


@pytest.mark.parametrize("line", PLAIN)
def test_the_quick_parser_and_typer_agree(line: str) -> None:
    name, *words = [word.strip("'") for word in line.split(" ")]
    if line == "search a b=c":  # one argument too many: both refuse it
        assert parse(words, load(name).options) is None
        assert read([name, *words]) == 2
        return
    quick, asked = parse(words, load(name).options), read([name, *words])
    assert quick is not None, "an ordinary line needs the quick parser"
    assert isinstance(asked, Asked)
    assert asked.command is load(name)
    assert quick == asked.values


def test_both_read_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, expected in [("there", "there"), ("", ".ltrr")]:
        monkeypatch.setenv("LTRR_INDEX", given)
        quick, asked = parse(["love"], load("search").options), read(["search", "love"])
        assert quick is not None
        assert isinstance(asked, Asked)
        assert quick["index"] == asked.values["index"] == expected


@pytest.mark.parametrize(
    "line",
    ["search --help", "search love -n", "search love -n five", "search love -n 0", "search love --seed -1", "search love --nope",
     "search love --format xml", "search love --json=yes", "index", "search love --user --json", "search -jn 5", "suggest"],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_typer(line: str) -> None:
    name, *words = line.split()
    assert parse(words, load(name).options) is None


@pytest.mark.parametrize("name", COMMANDS)
def test_a_table_names_the_parameters_of_its_function(name: str) -> None:
    body, options = load(name).body, load(name).options
    code = body.__code__
    assert sorted(option.name for option in options) == sorted(code.co_varnames[: code.co_argcount])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1970-01-01", 0), ("1970-01-01T00:01Z", 60), ("1970-01-01T01:00+01:00", 0), ("19700101T000002", 2), (None, None)],
)
def test_a_moment_is_read_as_utc_unless_it_says_otherwise(text: str | None, seconds: float | None) -> None:
    assert moment(text) == seconds


@pytest.mark.parametrize("text", ["", "now", "2026-13-01", "1e9"])
def test_a_bad_moment_says_how_to_write_one(text: str) -> None:
    with pytest.raises(QueryError) as e:
        moment(text)
    assert "2026-01-31T20:15:00Z" in e.value.hint


@pytest.mark.parametrize("text", ["mood", "=calm", ""])
def test_a_context_needs_a_key_and_a_value(text: str) -> None:
    with pytest.raises(QueryError):
        pairs([text])
