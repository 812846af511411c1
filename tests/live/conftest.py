"""A real network with random weights; no thread outlives its test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.checkpoints import write_model
from salviewer.models.loading import load_model
from salviewer.models.predictor import Predictor


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The live network as it is built, untrained: its maps mean nothing, everything else is as shipped."""
    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("models") / "random"
    card = ModelCard(architecture="live_net", title="Random", output=ARCHITECTURES["live_net"].output)
    write_model(folder, card, ARCHITECTURES["live_net"].build())
    return folder


@pytest.fixture(scope="session")
def predictor(model_folder: Path) -> Predictor:
    return load_model(model_folder, "cpu")


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread.name for thread in set(threading.enumerate()) - before]
    assert not left, f"threads left: {left}"
