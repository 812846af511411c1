"""A small bench for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from salviewer.app.workbench import Workbench
from tests.app.features.bench import close_bench, small_bench


@pytest.fixture
def bench(qtbot: QtBot, own_settings: Path, model_folder: Path) -> Iterator[Workbench]:
    """A bench with no feature on it; its workers have ended after the test."""
    made = small_bench(qtbot, own_settings, model_folder)
    yield made
    close_bench(made)
