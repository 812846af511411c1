"""A network that is loaded; no thread outlives its test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from salviewer.models.loading import load_model
from salviewer.models.predictor import Predictor


@pytest.fixture(scope="session")
def predictor(model_folder: Path) -> Predictor:
    return load_model(model_folder, "cpu")


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in set(threading.enumerate()) - before]
    assert not left, f"threads left: {left}"
