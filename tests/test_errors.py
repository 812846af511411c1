"""Errors for users reach them from other processes, too."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from salviewer import errors


@pytest.mark.parametrize("kind", [*errors.InputError.__subclasses__(), errors.LockedImageError])
def test_errors_travel(kind: Any) -> None:
    given = kind("a.jpg", "it is empty")
    found = pickle.loads(pickle.dumps(given))
    assert (type(found), str(found), found.path) == (kind, "a.jpg: it is empty", "a.jpg")
