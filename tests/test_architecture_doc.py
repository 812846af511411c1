"""docs/architecture.md and CONTRIBUTING.md name only files, modules, classes and functions that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md"]
CODE = ("salviewer", "tests", "scripts", "benchmarks", "research")
PLACES = ("", "salviewer", "salviewer/app", "docs")
"""A file or folder may be named from each of these."""

NOT_OURS = {"numpy", "torch", "Qt", "PySide6", "QtWidgets", "openvino", "ruff", "mypy", "pytest"}
NOT_OURS |= {
    "import-linter",
    "lint-imports",
    "events.jsonl",
    "feature.py",
    "weights.safetensors",
    "card.json",
    "Ctrl+K",
}
if not all(page.is_file() for page in PAGES):
    pytest.skip("the documentation is not packed with the tests", allow_module_level=True)


@cache
def defined() -> frozenset[str]:
    """Names of modules, classes, functions, constants, fields and menu commands in the code."""
    names: set[str] = set()
    for path in (path for folder in CODE for path in (ROOT / folder).rglob("*.py")):
        names |= {path.stem, path.parent.name}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                    names.add(name)
                case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                    names.add(name)
    return frozenset(names)


def exists(word: str) -> bool:
    """Whether what stands in backticks is there: a path, a dotted name, a call, a command of the shell."""
    if word in NOT_OURS:
        return True
    if word.startswith(("-", "docs/")) or " " in word or "=" in word or word.isupper():
        return (ROOT / word).exists() if word.startswith("docs/") else True
    if "/" in word or re.search(r"\.(py|md|toml|sh|yml|txt|spec|json)$", word):
        return any(list((ROOT / place).glob(word.rstrip("/"))) for place in PLACES)
    name = re.sub(r"\(.*\)$", "", word)
    return all(part in defined() for part in name.split("."))


def named(page: str) -> list[str]:
    """What stands in backticks, outside blocks of code."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", page, flags=re.M | re.S))


def tree(page: str) -> list[str]:
    """The paths of the tree that an indented or fenced block draws, by its indentation."""
    paths, above = [], {0: ""}
    for line in re.findall(r"^ {4}( *)([\w./*-]+(?:/|\.py|\.spec))(?: |$)", page, re.M):
        depth = len(line[0])
        parent = above[max(key for key in above if key <= depth)]
        paths.append(parent + line[1])
        above = {key: value for key, value in above.items() if key <= depth}
        if line[1].endswith("/"):
            above[depth + 2] = parent + line[1]
    return paths


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_what_is_named_exists(page: Path) -> None:
    assert not [word for word in named(page.read_text(encoding="utf-8")) if not exists(word)]


def test_the_tree_is_there() -> None:
    paths = tree(PAGES[0].read_text(encoding="utf-8"))
    assert len(paths) > 15
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_every_room_is_described() -> None:
    """Each package of salviewer, and each of app, has its place in the page."""
    page = PAGES[0].read_text(encoding="utf-8")
    files = [*(ROOT / "salviewer").glob("*/__init__.py"), *(ROOT / "salviewer/app").glob("*/__init__.py")]
    packages = {path.parent.name for path in files}
    assert not [name for name in packages if f"{name}/" not in page]


def test_a_name_that_does_not_exist_is_found() -> None:
    page = "`SaliencyMap` and `core/gone.py`, `Wndow`, `core.postprocess.smoth`, `core/*.py`, `postprocess()`"
    assert [word for word in named(page) if not exists(word)] == [
        "core/gone.py",
        "Wndow",
        "core.postprocess.smoth",
    ]
    assert tree("    salviewer/\n      core/   numbers\n      api.py\n    docs/\n") == [
        "salviewer/",
        "salviewer/core/",
        "salviewer/api.py",
        "docs/",
    ]
