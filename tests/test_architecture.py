"""The house keeps its shape: who may import whom, who may print, and a map that is true."""

from __future__ import annotations

import ast
import os
import re
from functools import cache

import pytest

import ltrr_cli

HOUSE = os.path.dirname(ltrr_cli.__file__)
ROOT = os.path.dirname(HOUSE)

# A module imports only from its own group's earlier groups, or from its own room.
ORDER = [
    {"errors", "light", "records", "registry", "settings", "workspace"},
    {"catalog", "encode", "index", "memory", "understand"},
    {"arms", "policy", "candidates", "rank"},
    {"feedback", "learn"},
    {"asked", "desk", "engine", "library", "status", "verify", "undo", "privacy"},
    {"evaluate", "simulate", "report"},
    {"cli"},
    {"__main__"},
]
ORPHANS = os.path.join("ltrr_cli", "simulate", "run.py")  # a process whose parent was killed ends itself: whom should it tell?
STRANGERS = {("policy", "arms"), ("arms", "policy")}  # a policy sees names of arms, so it can be judged without an index

# library -> the files that may import it
ONLY = {
    "tantivy": r"index/\w+_tantivy\.py",
    "hnswlib": r"index/vector_hnsw\.py",
    "simsimd": r"index/\w+\.py",
    "onnxruntime": r"encode/onnx\.py",
    "tokenizers": r"encode/\w+\.py",
    "sqlite3": r"(feedback|memory|learn|workspace|engine)\b.*",
    "typer": r"cli/\w+\.py",
    "click": r"cli/\w+\.py",
    "rich": r"cli/(table|chooser)\.py",
    "matplotlib": r"report/export\.py",
}
LONGER = {"tests/test_commands.py"}  # files that may have more than 300 lines
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "core", "base_utils"}


def python_files(folder: str) -> list[str]:
    found = [os.path.join(where, name) for where, _, names in os.walk(folder) for name in names if name.endswith(".py")]
    return sorted(os.path.relpath(path, ROOT) for path in found)


OURS = python_files(HOUSE)
EVERY = OURS + [path for folder in ("tests", "benchmarks", "tools") for path in python_files(os.path.join(ROOT, folder))]


@cache
def tree(path: str) -> ast.Module:
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return ast.parse(f.read(), path)


def imported(path: str) -> set[str]:
    """Every module that a file imports, wherever in it; what only a type checker reads is left out."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            skipped.update(inner for statement in node.body for inner in ast.walk(statement))
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute here"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def room(path: str) -> str:
    """The part of the house that a file of the package is in: a folder's or a top module's name."""
    return path.split(os.sep)[1].removesuffix(".py")


def rooms_used(path: str) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("ltrr_cli.")} & set().union(*ORDER)


def tables(path: str) -> set[str]:
    """The rooms that a file's tables of `"module:Class"` texts lead to."""
    texts = [n.value for n in ast.walk(tree(path)) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return {text.split(".")[1].partition(":")[0] for text in texts if re.fullmatch(r"ltrr_cli(\.\w+)+(:\w+)?", text)}


@pytest.mark.parametrize("path", [p for p in OURS if room(p) != "__init__"])
def test_a_module_imports_only_from_rooms_before_its_own(path: str) -> None:
    own = room(path)
    stage = next((i for i, group in enumerate(ORDER) if own in group), None)
    assert stage is not None, f"{own} has no place in the order"
    allowed = set().union(*ORDER[: stage + 1])
    used = rooms_used(path) | (tables(path) & set().union(*ORDER))
    assert used <= allowed
    assert not {(own, other) for other in used} & STRANGERS


def test_the_package_itself_loads_nothing_when_it_is_imported() -> None:
    top = [n for n in tree("ltrr_cli/__init__.py").body if isinstance(n, ast.Import | ast.ImportFrom)]
    modules = {name for n in top for name in ([n.module] if isinstance(n, ast.ImportFrom) else [a.name for a in n.names])}
    assert modules <= {"__future__", "typing"}


@pytest.mark.parametrize("path", OURS)
def test_a_library_is_imported_only_where_it_lives(path: str) -> None:
    within = path.removeprefix("ltrr_cli" + os.sep)
    for library in {name.split(".")[0] for name in imported(path)} & set(ONLY):
        assert re.fullmatch(ONLY[library], within), f"{path} imports {library}"


@pytest.mark.parametrize("path", [p for p in OURS if room(p) not in ("cli", "__main__")])
def test_nothing_below_the_command_line_prints_or_exits(path: str) -> None:
    ends = "os._exit" if path == ORPHANS else ""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            found = {called} & {"print", "exit", "quit", "input", "sys.exit", "os._exit"} - {ends}
            assert not found, f"{path}:{node.lineno}"
            assert not called.startswith(("sys.stdout.", "sys.stderr.")), f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", [p for p in OURS if room(p) == "policy" and not p.endswith("base.py")])
def test_only_one_place_samples_a_plan(path: str) -> None:
    assert not {"random", "secrets"} & imported(path)
    calls = {ast.unparse(n.func).rpartition(".")[2] for n in ast.walk(tree(path)) if isinstance(n, ast.Call)}
    assert not calls & {"choice", "choices", "random", "shuffle", "sample", "randrange", "randint"}


def test_the_map_the_folders_and_the_docstrings_agree() -> None:
    mapped = dict(re.findall(r"^    (\w+) {2,}(\S.*?) {2,}\S", ltrr_cli.__doc__ or "", re.M))
    folders = {name for name in os.listdir(HOUSE) if os.path.exists(os.path.join(HOUSE, name, "__init__.py"))}
    assert set(mapped) == folders
    with open(os.path.join(ROOT, "CONTRIBUTING.md"), encoding="utf-8") as f:
        guide = f.read()
    for folder in folders:
        assert f"`{folder}/`" in guide, f"CONTRIBUTING.md does not show {folder}/"


@pytest.mark.parametrize("path", [p for p in OURS if p.endswith("__init__.py") and p.count(os.sep) == 2])
def test_a_room_says_the_question_it_answers(path: str) -> None:
    first = (ast.get_docstring(tree(path)) or "").split("\n")[0]
    assert "?" in first


@pytest.mark.parametrize("path", OURS)
def test_a_module_says_what_it_is_for(path: str) -> None:
    assert ast.get_docstring(tree(path))
    assert os.path.basename(path).removesuffix(".py") not in VAGUE


@pytest.mark.parametrize("path", EVERY)
def test_a_file_fits_in_a_head(path: str) -> None:
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        lines = sum(1 for _ in f)
    assert lines <= 300 or path in LONGER
