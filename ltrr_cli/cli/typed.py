"""The command line read by Typer, from the same tables: help, completion, and a good word for every mistake."""

import inspect
import warnings
from collections.abc import Callable, Iterable, Sequence
from shutil import get_terminal_size
from typing import Annotated, Any, NamedTuple

import click

from ltrr_cli.cli.app import COMMANDS, complain, load
from ltrr_cli.cli.complete import offered
from ltrr_cli.cli.options import INDEX, Command, Option

with warnings.catch_warnings():  # Typer 0.24 imports what Click 8.5 means to drop
    warnings.simplefilter("ignore", DeprecationWarning)
    import typer

METAVARS = {int: "N", float: "X"}


class Asked(NamedTuple):
    """A command line, understood: what to run, with a value for every option."""

    command: Command
    values: dict[str, Any]


def read(argv: Sequence[str]) -> Asked | int:
    """Return what *argv* asks for, or the exit status if Typer has answered it already (help, a mistake)."""
    group = make_group()
    try:
        asked: Asked | int = group.main(list(argv) or ["--help"], prog_name="ltrr", standalone_mode=False)
    except click.ClickException as e:
        where = e.ctx.command_path if isinstance(e, click.UsageError) and e.ctx else "ltrr"
        near = getattr(e, "possibilities", None)
        message = (
            (e.message if near else e.format_message())
            .rstrip(".")
            .replace("a valid integer", "a whole number")
            .removesuffix(" range")
        )
        if message.startswith("Got unexpected extra argument") and argv and argv[0] in ("search", "pick", "suggest"):
            return complain("several words are one query only within quotes", f'{where} "tayler love"')
        return complain(message[:1].lower() + message[1:], f"did you mean {near[0]!r}?" if near else f"{where} --help")
    return asked


def make_group() -> click.Group:
    """Return the Click group that Typer makes of every command of the table."""
    app = typer.Typer(
        cls=_Group, rich_markup_mode=None, suggest_commands=False, context_settings={"help_option_names": ["--help", "-h"]}
    )
    asked = typer.Option("--version", is_eager=True, callback=_say_version, help="Show the version and exit.")

    @app.callback()
    def ltrr(version: Annotated[bool, asked] = False) -> None:
        """Search your own catalogs; ltrr learns which way of searching works.

        Example: ltrr index CATALOG && ltrr search "tayler love"
        """

    for name in COMMANDS:
        app.command(name, cls=_Listed)(_signed(load(name)))
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group)
    for name in COMMANDS:
        helps = {option.name: option.help for option in load(name).options}
        for made in group.commands[name].params:
            made.help = helps.get(made.name or "", getattr(made, "help", ""))  # Click 8.5 makes Typer 0.24 lose an argument's
    return group


class _Formatter(click.HelpFormatter):
    """Help that fits the terminal: Click's own has at least 50 columns."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(width=max(20, min(get_terminal_size().columns, 80) - 2))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        super().write_dl(rows, col_max=min(col_max, self.width // 3), col_spacing=col_spacing)


class _Context(click.Context):
    formatter_class = _Formatter


class _Group(typer.core.TyperGroup):
    """All the commands; their list says the whole first sentence about each."""

    context_class = _Context

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, (command.help or "").partition("\n")[0]) for name, command in self.commands.items()])


class _Listed(typer.core.TyperCommand):
    """A command whose help lists its arguments once: Typer does, and Click from 8.5 on does again."""

    context_class = _Context

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pass


def _signed(command: Command) -> Any:
    """Return a function with the signature from which Typer reads *command*; it only gathers the values."""
    many = {option.name for option in command.options if option.many}
    parameters = [_parameter(option) for option in command.options]

    def gather(**values: Any) -> Asked:
        return Asked(command, {name: tuple(value or ()) if name in many else value for name, value in values.items()})

    gather.__doc__ = command.body.__doc__
    gather.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    gather.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return gather


def _parameter(option: Option) -> inspect.Parameter:
    kind: Any = list[option.kind] if option.many else option.kind  # type: ignore[name-defined]
    if not option.required and option.default is None:
        kind = kind | None
    extra: dict[str, Any] = {
        "help": option.help,
        "envvar": option.env or None,
        "metavar": option.metavar or METAVARS.get(option.kind),
    }
    if option.least is not None:
        extra["min"] = option.least
    if option.most is not None:
        extra["max"] = option.most
    if option.choices:
        extra["click_type"] = click.Choice(option.choices)
    if option.complete:
        extra["autocompletion"] = _offers(option.complete)
    info = typer.Option(*option.flags, **extra) if option.flags else typer.Argument(**extra)
    default = inspect.Parameter.empty if option.required else option.default
    return inspect.Parameter(option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, info])


def _offers(kind: str) -> Callable[[typer.Context, str], list[str]]:
    """Return what Typer asks for the values of *kind*; it goes by the names and types of the parameters."""

    def offers(ctx: typer.Context, incomplete: str) -> list[str]:
        return offered(kind, ctx.params.get("index") or INDEX.default, incomplete)

    return offers


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"ltrr {version('ltrr')}")
        except PackageNotFoundError:
            typer.echo("ltrr, run from its source without being installed")
        raise typer.Exit
