"""What a process did to files, as strace tells it: each call a name, the paths it was about, and what it wrote."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from disk import Disk, File, Folder

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,ftruncate,truncate,lseek,close,rename,renameat,renameat2,link,linkat,symlink,"
    "unlink,unlinkat,rmdir,mkdir,mkdirat,fsync,fdatasync,sendfile,copy_file_range,splice"
)
STRACE = ["strace", "-f", "--seccomp-bpf", "-y", "-xx", "-s", str(1 << 26), "-e", f"trace={CALLS}"]
STDOUT = 1

_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)", re.DOTALL)
_HALF = re.compile(r"(\d+) +(.*) <unfinished \.\.\.>$")
_REST = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})*)>")
_PATH = re.compile(r'(?:(?:AT_FDCWD|\d+)<((?:\\x[0-9a-f]{2})*)>, )?"((?:\\x[0-9a-f]{2})*)"')


class Call(NamedTuple):
    """One system call that did not fail."""

    name: str
    words: str
    result: int

    @property
    def paths(self) -> list[str]:
        """The paths that it names."""
        return [os.path.join(_text(where), _text(path)) for where, path in _PATH.findall(self.words)]

    @property
    def fd(self) -> tuple[int, str]:
        """The file descriptor it is about, and where that leads to."""
        found = _FD.match(self.words)
        return (int(found[1]), _text(found[2])) if found else (-1, "")

    @property
    def data(self) -> bytes:
        """What it wrote."""
        return b"".join(map(_bytes, _STRING.findall(self.words)))[: self.result]


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _text(text: str) -> str:
    return os.fsdecode(_bytes(text))


def calls(path: str) -> Iterator[Call]:
    """Yield the calls in a trace that did not fail, in the order in which they ended."""
    begun: dict[str, str] = {}
    with open(path, encoding="ascii") as lines:
        for line in lines:
            if half := _HALF.match(line.rstrip("\n")):
                begun[half[1]] = half[2]
                continue
            if rest := _REST.match(line):
                line = f"{rest[1]} {begun.pop(rest[1])}{rest[2]}"
            if (found := _LINE.match(line)) and int(found[4]) >= 0:
                yield Call(found[2], found[3], int(found[4]))


class Replay:
    """Does to a Disk what a process did to files."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._at: dict[int, int] = {}  # file descriptor -> where the next write goes; -1: to the end

    def do(self, call: Call) -> bool:
        """Do one call; return whether it changed anything or made it safe."""
        name, disk = call.name, self._disk
        if name in ("open", "openat", "creat"):
            return self._open(call)
        if name in ("mkdir", "mkdirat"):
            disk.put(call.paths[0], Folder())
        elif name in ("rename", "renameat", "renameat2"):
            disk.rename(*call.paths)
        elif name in ("link", "linkat"):
            disk.put(call.paths[1], disk.find(call.paths[0]))
        elif name in ("unlink", "unlinkat", "rmdir"):
            disk.put(call.paths[0], None)
        elif name == "truncate" and isinstance(found := disk.find(call.paths[0]), File):
            found.truncate(int(call.words.rpartition(",")[2]))
        else:
            return self._on(call, disk.find(call.fd[1]))
        return any(disk.find(os.path.dirname(path)) for path in call.paths)

    def _open(self, call: Call) -> bool:
        path = call.paths[0]
        found, fd = self._disk.find(path), call.result
        self._at[fd] = -1 if "O_APPEND" in call.words else 0
        if found is None and ("O_CREAT" in call.words or call.name == "creat"):
            self._disk.put(path, File())
        elif isinstance(found, File) and found.data and ("O_TRUNC" in call.words or call.name == "creat"):
            found.truncate(0)
        else:
            return False
        return True

    def _on(self, call: Call, found: File | Folder | None) -> bool:
        fd, name = call.fd[0], call.name
        if name == "lseek":
            self._at[fd] = call.result if self._at.get(fd) != -1 else -1
        elif name in ("fsync", "fdatasync") and found is not None:
            found.sync()
            return True
        elif isinstance(found, File) and name in ("write", "writev"):
            at = len(found.data) if self._at.get(fd, 0) < 0 else self._at.get(fd, 0)
            found.write(at, call.data)
            self._at[fd] = -1 if self._at.get(fd, 0) < 0 else at + call.result
            return True
        elif isinstance(found, File) and name in ("pwrite64", "pwritev"):
            found.write(int(call.words.rpartition(",")[2]), call.data)
            return True
        elif isinstance(found, File) and name == "ftruncate":
            found.truncate(int(call.words.rpartition(",")[2]))
            return True
        elif isinstance(found, File) and name not in ("close", "fcntl"):
            raise NotImplementedError(f"{name} on a file of the folder")
        return False
