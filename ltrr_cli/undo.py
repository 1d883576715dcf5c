"""Go back to an earlier generation of the index, in one step."""

from __future__ import annotations

from typing import NamedTuple

from ltrr_cli import settings as settings_of
from ltrr_cli.errors import WorkspaceError
from ltrr_cli.workspace import Workspace


class Rolled(NamedTuple):
    """Which generation is searched now."""

    left: str  # the generation that was searched before
    generation: str
    entities: int


def rollback(folder: str = ".ltrr", to: str | None = None) -> Rolled:
    """Search the generation before the current one, or the one called *to*, from now on; what was learned stays.

    The one that was left is there until the next change, to come back to. Raises WorkspaceError if there is none, or it is
    damaged.
    """
    from ltrr_cli.index import manifest
    from ltrr_cli.index.generation import read_meta

    workspace = Workspace(folder).open()
    with workspace.writing(settings_of.load(folder).busy_timeout):
        left = workspace.pointer()
        names = workspace.names()
        name = to or workspace.back()
        if name not in names or name == left:
            what = f"no generation {to!r} to go to" if to else "no earlier generation to go back to"
            others = [one for one in names if one != left]
            hint = (
                f"there is {', '.join(others)}: --to {others[-1]}" if others else "two are kept: ltrr index or ltrr add make one"
            )
            raise WorkspaceError(f"{folder}: {what}", hint=hint)
        inside = workspace.generation(name)
        for damage in manifest.damages(inside):
            raise WorkspaceError(f"generation {name}: {damage.path}: {damage.what}", hint="ltrr index CATALOG builds it anew")
        entities = read_meta(inside)["live"]
        workspace.point(name)
    return Rolled(left, name, entities)
