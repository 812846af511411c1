"""The words that the glossary avoids do not occur in the code's names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "salviewer").rglob("*.py"))


def avoided_words() -> set[str]:
    """Return the words of the last column without a remark in brackets, in lower case."""
    words = set()
    for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and cells[2] not in ("avoid", "---", ""):
            words |= {word.strip().lower() for word in cells[2].split(",") if "(" not in word}
    return words


def names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the names that a module defines or uses, with their lines."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name, node.lineno
            case ast.keyword(arg=str(name)) | ast.alias(asname=str(name)):
                yield name, node.lineno


def words_of(name: str) -> list[str]:
    """Split a name in snake_case or CamelCase into words in lower case."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


def uses_of(avoided: set[str], tree: ast.AST) -> list[tuple[str, int]]:
    """Return the names with an avoided word, or two that stand side by side, or a plural."""
    found = []
    for name, line in names(tree):
        words = words_of(name)
        pairs = [" ".join(pair) for pair in pairwise(words)]
        if avoided & {word.removesuffix("s") for word in [*words, *pairs]} | avoided & {*words, *pairs}:
            found.append((name, line))
    return found


def test_the_glossary_has_words_to_avoid() -> None:
    assert {"desk", "wish", "untie", "story", "seat", "gaze point"} <= avoided_words()
    assert not {"slot", "tie", "action", "region", "session"} & avoided_words()  # avoided in one meaning only


@pytest.mark.parametrize("name", ["wish", "Desk", "open_desks", "LatestLane", "gazePoint", "_PACE"])
def test_an_avoided_word_is_found(name: str) -> None:
    assert uses_of(avoided_words(), ast.parse(f"{name} = 1"))


def test_no_name_in_the_code_has_an_avoided_word() -> None:
    avoided = avoided_words()
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in SOURCES
        for name, line in uses_of(avoided, ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not found, "\n".join(found)
