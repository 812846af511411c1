"""Photographs on disk, and the command line as a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

from salviewer.cli import main


@dataclass(frozen=True)
class Ended:
    """How a run of the command line ended."""

    code: int
    out: list[str]
    err: list[str]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder with three photographs of different sizes."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("astronaut", "chelsea", "coffee"):
        Image.fromarray(getattr(data, name)()).save(folder / f"{name}.jpg", quality=95)
    return folder


@pytest.fixture
def salviewer(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """``salviewer(*arguments)`` in this process."""

    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as ended:
            assert isinstance(ended.code, int)
            code = ended.code
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Ended(code, said.out.splitlines(), said.err.splitlines())

    return run


@pytest.fixture
def predict(salviewer: Callable[..., Ended], model_folder: Path) -> Callable[..., Ended]:
    """``salviewer predict *arguments --model RANDOM --device cpu``."""

    def run(*arguments: object) -> Ended:
        return salviewer("predict", *arguments, "--model", model_folder, "--device", "cpu")

    return run
