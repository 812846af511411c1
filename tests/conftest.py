"""Fixtures for the tests of several packages."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The live network as it is built, untrained: its maps mean nothing, everything else is as shipped."""
    import torch

    from salviewer.models.architectures import ARCHITECTURES
    from salviewer.models.card import ModelCard
    from salviewer.models.checkpoints import write_model

    torch.manual_seed(1)
    architecture = ARCHITECTURES["live_net"]
    folder = tmp_path_factory.mktemp("models") / "random"
    card = ModelCard(architecture="live_net", title="Random", output=architecture.output)
    write_model(folder, card, architecture.build())
    return folder
