"""The state folder: where every file lives, its format version, index generations, the swap, the one-writer lock.

    .ltrr/
      format            the format version, "ltrr 1"
      lock              held (flock) by whoever changes the index
      current           the name of the generation that searches use, and of the one to go back to; replaced atomically
      generations/NAME/ one complete index each; unchanged files are hard links to the one before
      state.db          the log, the events and everything learned (SQLite)
      encodings/        what slow encoders made of texts, whatever the generation
      ltrr.toml         settings, if the user wants any

Folders are made 0700 and files 0600, whatever the umask.
"""

from __future__ import annotations

import os
import time
from errno import EDQUOT, EFBIG, ENOSPC

from ltrr_cli.errors import ROOM, BusyError, WorkspaceError, of_the_disk
from ltrr_cli.light import TYPE_CHECKING, contextmanager

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = "ltrr 1"
FULL = (ENOSPC, EDQUOT, EFBIG)
KEPT = 2  # generations kept: the current one and the one to go back to


class Workspace:
    """One state folder. Making the object touches nothing; `create` and `open` check the folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def path(self, *parts: str) -> str:
        return os.path.join(self.folder, *parts)

    @property
    def state(self) -> str:
        """The SQLite file of the log and of what was learned."""
        return self.path("state.db")

    @property
    def _first(self) -> str:
        """What to do where there is no index."""
        return "ltrr index CATALOG" + ("" if self.folder == ".ltrr" else f" --index {self.folder}")

    def open(self) -> Workspace:
        """Check that the folder is a state folder with an index; raise WorkspaceError if not."""
        try:
            with open(self.path("format"), encoding="utf-8", errors="replace") as f:
                found = f.read(100).strip()
        except FileNotFoundError:
            if os.path.exists(self.folder) and not os.path.isdir(self.folder):
                raise WorkspaceError(f"{self.folder} is not a folder", hint="name another with --index DIR") from None
            raise WorkspaceError(f"no index at {self.folder}", hint=self._first) from None
        except OSError as e:
            raise WorkspaceError(f"{self.folder}: {e.strerror}", hint="is it yours to read?") from None
        if found != FORMAT:
            raise WorkspaceError(
                f"{self.folder} has format {found!r}, this ltrr reads {FORMAT!r}",
                hint="index the catalog anew in another folder (--index DIR)",
            )
        return self

    def create(self) -> Workspace:
        """Make the folder if there is none; refuse one that holds something else."""
        if os.path.isdir(self.folder) and not os.path.exists(self.path("format")) and not self._just_begun():
            raise WorkspaceError(f"{self.folder} holds files that are not ltrr's", hint="name another folder with --index DIR")
        try:
            above = [os.path.dirname(os.path.abspath(self.folder))]
            while not os.path.isdir(above[-1]):
                above.append(os.path.dirname(above[-1]))
            os.makedirs(above[0], exist_ok=True)
            for folder in (self.folder, self.path("generations")):  # private from the first moment on
                os.makedirs(folder, mode=0o700, exist_ok=True)
                os.chmod(folder, 0o700)
            for folder in above:
                sync(folder)
            if not os.path.exists(self.path("format")):
                write_atomically(self.path("format"), FORMAT + "\n")
        except OSError as e:
            hint = "name a folder you may write with --index DIR" if e.errno not in FULL else ROOM
            raise WorkspaceError(f"{self.folder}: {e.strerror}", hint=hint) from None
        return self.open()

    def _just_begun(self) -> bool:
        """Return True if nothing is in the folder but the user's settings, and what is left if making it was interrupted."""
        names = {name for name in os.listdir(self.folder) if not (name.startswith("format.") and name.endswith(".new"))}
        return names <= {"generations", "ltrr.toml"} and not self.names()

    def current(self) -> str:
        """The name of the generation that searches use; WorkspaceError if there is none."""
        name = self.pointer()
        if not os.path.isdir(self.generation(name)) or not name.isalnum():
            raise WorkspaceError(f"{self.folder}: generation {name!r} is gone", hint="ltrr index CATALOG builds it anew")
        return name

    def pointer(self) -> str:
        """What the file `current` says, whether that generation is there or not; WorkspaceError if there is no such file."""
        return self._pointers()[0]

    def _pointers(self) -> tuple[str, str]:
        try:
            with open(self.path("current"), encoding="utf-8", errors="replace") as f:
                name, _, back = f.read(100).strip().partition(" ")
                return name, back
        except FileNotFoundError:
            raise WorkspaceError(f"no index at {self.folder}", hint=self._first) from None

    def back(self) -> str:
        """The name of the generation to go back to; "" if there is none."""
        (name, back), names = self._pointers(), self.names()
        return back if back in names else max((n for n in names if n < name), default="")

    def point(self, name: str, back: str = "") -> None:
        """Let searches use generation *name* from now on, and *back* be the one to go back to; "" for the one before it."""
        write_atomically(self.path("current"), f"{name} {back}".strip() + "\n")

    def generation(self, name: str) -> str:
        """The folder of one generation."""
        return self.path("generations", name)

    @contextmanager
    def writing(self, timeout: float = 60.0) -> Iterator[None]:
        """Hold the one-writer lock; BusyError if one other process keeps it longer than *timeout* seconds.

        Who gets it dates the file, so that those who wait in a long queue see that it moves, and go on waiting.
        """
        import fcntl

        fd = os.open(self.path("lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            end, holder = time.monotonic() + timeout, os.fstat(fd).st_mtime_ns
            while True:
                try:
                    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.utime(fd)
                    break
                except BlockingIOError:
                    now = os.fstat(fd).st_mtime_ns
                    if now != holder:
                        end, holder = time.monotonic() + timeout, now
                    if time.monotonic() >= end:
                        raise BusyError(
                            f"{self.folder}: another process is changing the index", hint="try again when it is done"
                        ) from None
                    time.sleep(0.02)
            yield
        finally:
            os.close(fd)

    def hold(self, name: str | None = None) -> Hold:
        """Keep one generation (the current one if None) from being pruned until the Hold is closed; no writer waits for it.

        Raises WorkspaceError if there is no such generation.
        """
        for _ in range(50):  # it may be pruned between being named and being held, but then there is a newer one
            wanted = name or self.current()
            try:
                return Hold(self.generation(wanted), wanted)
            except OSError:
                continue
        raise WorkspaceError(f"{self.folder}: generation {wanted!r} is gone", hint="ltrr index CATALOG builds it anew")

    def names(self) -> list[str]:
        """The names of the generations there are, oldest first."""
        try:
            return sorted(name for name in os.listdir(self.path("generations")) if name.isdigit())
        except OSError:
            return []

    @contextmanager
    def new_generation(self, *, replacing: bool = False) -> Iterator[str]:
        """Yield an empty folder; if the block ends well, its files are synced and it becomes current.

        The one that was current is kept, to go back to; unless the new one is the same index made better (*replacing*): then
        the one before it is. The writer lock must be held. A block that raises leaves the current generation as it was.
        """
        from contextlib import suppress
        from shutil import rmtree

        names = self.names()
        name = f"{max(map(int, names), default=0) + 1:08d}"
        building = self.path("generations", f"{name}.building")
        self._tidy()
        back = names[-1] if names else ""
        with suppress(WorkspaceError):  # a folder whose current generation is gone can be mended by building anew
            current = self.current()
            back = self.back() if replacing else current
        try:
            os.mkdir(building, mode=0o700)
            yield building
            seal(building)
            os.rename(building, self.generation(name))
            sync(self.path("generations"))
            self.point(name, back)
        except BaseException as e:
            rmtree(building, ignore_errors=True)
            if failure := of_the_disk(e):
                what = f"{self.folder}: {failure}; searches use the index that was complete last"
                raise WorkspaceError(what, hint=ROOM) from None
            raise
        self._prune({name, back})

    def _tidy(self) -> None:
        """Remove what changes left behind that did not come to their end; the writer lock must be held."""
        from shutil import rmtree

        for leftover in os.listdir(self.path("generations")):
            if leftover.endswith(".building"):
                rmtree(self.path("generations", leftover), ignore_errors=True)
        for leftover in os.listdir(self.folder):
            if leftover.endswith(".new") and leftover.startswith(("current.", "format.")):
                os.unlink(self.path(leftover))

    def _prune(self, kept: set[str]) -> None:
        """Remove the other generations, but for those that a reader holds: their turn comes with the next change."""
        from contextlib import suppress
        from shutil import rmtree

        for name in self.names():
            if name not in kept:
                with suppress(OSError), Hold(self.generation(name), name, alone=True):
                    leaving = self.generation(f"{name}.building")  # half of it must not pass for the whole after a crash
                    os.rename(self.generation(name), leaving)
                    sync(self.path("generations"))  # nor after a power loss
                    rmtree(leaving, ignore_errors=True)


class Hold:
    """A lock on a generation's folder: shared by its readers, or *alone* to remove it; OSError if it is gone or not to be had."""

    def __init__(self, folder: str, name: str, *, alone: bool = False) -> None:
        import fcntl

        self.name = name
        self._fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._fd, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            if not os.fstat(self._fd).st_nlink or not os.path.isdir(folder):  # it went before it was locked
                raise FileNotFoundError(folder)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Hold:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Let the generation go."""
        fd, self._fd = getattr(self, "_fd", -1), -1
        if fd >= 0:
            os.close(fd)


def write_atomically(path: str, text: str) -> None:
    """Replace *path* by *text*, so that a reader or a crash sees all of the old or all of the new."""
    temporary = f"{path}.{os.getpid()}.new"
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as f:
            f.write(text)
            f.flush()
            os.fsync(f.fileno())
        os.replace(temporary, path)
    except BaseException:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise
    sync(os.path.dirname(path) or ".")


def seal(folder: str) -> None:
    """Make every file below *folder* private and durable."""
    for where, _, files in os.walk(folder):
        os.chmod(where, 0o700)
        for name in files:
            path = os.path.join(where, name)
            os.chmod(path, 0o600)
            sync(path)
        sync(where)


def sync(path: str) -> None:
    """Flush a file or a folder's entries to the disk."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
