"""Fixtures for the tests of several packages."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import platformdirs
import pytest

# Before numpy and torch are imported, and for the processes that tests start: threads that wait for each
# other take longer than one does for what is small here, and many times as long when others compute.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Not the user's: tests compile networks that nobody uses, and the oldest are dropped at a gigabyte.
os.environ.setdefault("SALVIEWER_CACHE", platformdirs.user_cache_dir("salviewer-tests"))

# An example that takes longer on a busy machine is no failure.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


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
