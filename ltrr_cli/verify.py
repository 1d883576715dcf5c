"""Look a state folder through for damage: every checksum, every reference; and say how each is repaired."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from ltrr_cli import settings as settings_of
from ltrr_cli.errors import LtrrError, WorkspaceError
from ltrr_cli.workspace import FORMAT, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

OURS = {
    "format",
    "lock",
    "current",
    "generations",
    "state.db",
    "state.db-wal",
    "state.db-shm",
    "ltrr.toml",
    "holidays.json",
    "encodings",
}
AGAIN = "ltrr index CATALOG builds the index anew; what was learned stays"
PRIVATE = "chmod -R go= {folder}"


class Finding(NamedTuple):
    """One thing that is not as it should be."""

    part: str  # file, or generation and file
    what: str
    repair: str
    damage: bool = True  # False: nothing is lost or wrong, but it is worth knowing


class Checked(NamedTuple):
    """What was looked at, and what was found."""

    folder: str
    generation: str  # the current one; "" if there is none
    generations: int
    files: int
    bytes: int
    rows: int
    searches: int
    events: int
    findings: tuple[Finding, ...]

    @property
    def damaged(self) -> bool:
        """True if anything is damaged."""
        return any(finding.damage for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        damages, notes = ([f._asdict() for f in self.findings if f.damage is kind] for kind in (True, False))
        for one in (*damages, *notes):
            del one["damage"]
        return {"ok": not self.damaged, **self._asdict(), "findings": damages, "notes": notes}


def check(folder: str = ".ltrr") -> Checked:
    """Verify the state folder: its parts, the checksums of each generation, each row's references, the log and what was learned.

    Nothing is changed. Raises WorkspaceError for a folder that is not ltrr's at all, or of another format.
    """
    workspace = Workspace(folder)
    found: list[Finding] = []
    if os.path.isdir(workspace.path("generations")) and not os.path.exists(workspace.path("format")):
        repair = f"copy the folder again if it is a copy; if all else is whole: echo '{FORMAT}' > {workspace.path('format')}"
        found.append(Finding("format", "missing: the folder is not whole", repair))
    else:
        workspace.open()
    found += _folder(workspace)
    current, names = _current(workspace, found), workspace.names()
    files = size = rows = 0
    for name in names:
        with suppress(WorkspaceError), workspace.hold(name):  # it may be pruned meanwhile
            mine = list(_generation(workspace, name, name == current))
            found += mine
            counted = _counted(workspace.generation(name))
            files, size = files + counted[0], size + counted[1]
            if name == current and not any(finding.damage for finding in mine):
                from ltrr_cli.index.audit import audit

                found += [Finding(f"generation {name}: {part}", what, AGAIN) for part, what in audit(workspace.generation(name))]
                rows = _rows(workspace.generation(name))
    found += _encodings(workspace)
    searches, events = _state(workspace, found)
    return Checked(folder, current, len(names), files, size, rows, searches, events, tuple(found))


def _folder(workspace: Workspace) -> Iterator[Finding]:
    """What lies in the folder itself: settings, strangers, rights."""
    try:
        settings_of.load(workspace.folder)
    except LtrrError as e:
        yield Finding("ltrr.toml", str(e), e.hint)
    strangers = sorted(set(os.listdir(workspace.folder)) - OURS)
    if strangers:
        what = "an interrupted write left it" if all(name.endswith(".new") for name in strangers) else "not ltrr's"
        yield Finding(", ".join(strangers[:9]), what, "delete it, or leave it there", damage=False)
    if any(name.endswith(".building") for name in os.listdir(workspace.path("generations"))):
        yield Finding(
            "generations/*.building",
            "unfinished: it is being made, or was interrupted",
            "the next change removes it",
            damage=False,
        )
    for where, folders, names in os.walk(workspace.folder):
        folders[:] = [name for name in folders if not name.endswith(".building")]
        for path in (where, *(os.path.join(where, name) for name in names)):
            with suppress(OSError):
                if os.stat(path).st_mode & 0o077:
                    yield Finding(
                        os.path.relpath(path, workspace.folder),
                        "others may read it",
                        PRIVATE.format(folder=workspace.folder),
                        damage=False,
                    )
                    return


def _current(workspace: Workspace, found: list[Finding]) -> str:
    """The name of the current generation, or ""."""
    try:
        return workspace.current()
    except WorkspaceError as e:
        names = workspace.names()
        found.append(Finding("current", str(e), f"ltrr rollback --to {names[-1]}" if names else AGAIN))
        return ""


def _generation(workspace: Workspace, name: str, current: bool) -> Iterator[Finding]:
    from ltrr_cli.index import manifest

    others = [other for other in workspace.names() if other != name]
    if not current:
        repair = f"it is not in use: rm -r {workspace.generation(name)}"
    elif others:
        repair = f"ltrr rollback --to {others[-1]} if that one is whole; or {AGAIN}"
    else:
        repair = AGAIN
    for damage in manifest.damages(workspace.generation(name)):
        yield Finding(f"generation {name}: {damage.path}", damage.what, repair)
    with suppress(ValueError):
        known = manifest.read(workspace.generation(name))
        for path in manifest.files(workspace.generation(name)):
            if path not in known:
                repair = "ltrr index CATALOG, to its end" if path == "graph.hnsw" else "delete it, or leave it there"
                what = "made in a run that was interrupted, so that it has no checksum" if path == "graph.hnsw" else "not ltrr's"
                yield Finding(f"generation {name}: {path}", what, repair, damage=False)


def _encodings(workspace: Workspace) -> Iterator[Finding]:
    from ltrr_cli.index.encodings import damages

    for part, what, damage in damages(workspace):
        repair = "ltrr index CATALOG --encoder ... encodes what is missing anew; to be rid of it at once, delete the file"
        yield Finding(part, what, repair, damage)


def _state(workspace: Workspace, found: list[Finding]) -> tuple[int, int]:
    """Look the state file through; return how many searches and events it has."""
    if not os.path.exists(workspace.state):
        found.append(
            Finding(
                "state.db", "there is none: nothing was searched yet, or it was not copied", "nothing to repair", damage=False
            )
        )
        return 0, 0
    from ltrr_cli.feedback.store import Store

    repair = "restore a copy; or `ltrr export > log.jsonl` what can be read, move state.db away, and `ltrr import log.jsonl`"
    try:
        with Store(workspace.state) as store:
            found += [Finding("state.db", what, repair) for what in store.check()]
            ((searches, events),) = store.rows("SELECT (SELECT count(*) FROM searches), (SELECT count(*) FROM events)")
            return searches, events
    except WorkspaceError as e:
        found.append(Finding("state.db", str(e).removeprefix(f"{workspace.state}: "), e.hint))
        return 0, 0


def _counted(folder: str) -> tuple[int, int]:
    from ltrr_cli.index import manifest

    with suppress(ValueError):
        known = manifest.read(folder)
        return len(known), sum(size for size, _ in known.values())
    return 0, 0


def _rows(folder: str) -> int:
    from ltrr_cli.index.generation import read_meta

    return int(read_meta(folder)["rows"])
