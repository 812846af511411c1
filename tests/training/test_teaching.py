"""Soft targets of one teacher and of several."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from salviewer.errors import SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.checkpoints import write_model
from salviewer.models.preprocess import resize
from salviewer.training.datasets import open_dataset
from salviewer.training.distillation import load_teachers, teach
from salviewer.training.pack import open_pack
from salviewer.training.recipe import load_recipe
from salviewer.training.targets import sources_of

SIZE = (48, 64)


@pytest.fixture
def two(tmp_path: Path) -> list[str]:
    """Folders of two networks, of different encoders."""
    for seed, name in enumerate(("live_net", "live_net_large")):
        torch.manual_seed(seed)
        network = ARCHITECTURES[name].build()
        with torch.no_grad():  # something of a mirrored map's likeness, and something of its own
            network.prior.normal_().add_(3 * torch.hann_window(16))
        write_model(tmp_path / name, ModelCard(name, name, "logits"), network)
    return [str(tmp_path / "live_net"), str(tmp_path / "live_net_large")]


def test_the_maps_of_two_teachers_are_the_mean_of_theirs(discs: Path, two: list[str]) -> None:
    recipe = replace(load_recipe("modern", "live_net"), teacher=" + ".join(two))
    assert recipe.teachers == tuple(two)
    teachers = load_teachers(recipe, "cpu")
    assert [each.card.architecture for each in teachers] == ["live_net", "live_net_large"]
    pack, rows = open_pack(open_dataset(discs).samples, SIZE), np.array([1, 4])
    maps, confidence = teach(teachers, pack, rows)
    assert maps.shape == (len(pack.names), *SIZE) and maps[rows].max((1, 2)).tolist() == [1, 1]
    assert not maps[[0, 2, 3]].any() and not confidence[[0, 2, 3]].any()
    assert ((confidence[rows] > 0) & (confidence[rows] < 1)).all()
    for row in rows:
        shown = np.asarray(pack.stimuli[[row]])
        total = np.zeros(SIZE)
        for teacher in teachers:
            for turned in (False, True):
                density = teacher.densities(shown[:, :, ::-1].copy() if turned else shown)[0]
                full = np.asarray(resize(density, SIZE), np.float64)
                total += (full[:, ::-1] if turned else full) / full.sum()
        assert np.abs(maps[row] - total / total.max()).max() < 2e-3  # half precision
        alone = teach(teachers[:1], pack, rows)[0][row]
        assert np.abs(alone.astype(float) - maps[row]).max() > 0.02


def test_a_teacher_that_is_missing_is_named(two: list[str]) -> None:
    recipe = replace(load_recipe("modern", "live_net"), teacher=f"{two[0]} + nobody")
    with pytest.raises(SalviewerError, match="nobody"):
        load_teachers(recipe, "cpu")
    assert load_teachers(load_recipe("modern", "live_net"), "cpu") == ()


class _Heard:
    def __init__(self) -> None:
        self.notes: list[str] = []

    def tell(self, kind: str, **details: Any) -> None:
        if kind == "note":
            self.notes.append(details["message"])


def test_photographs_that_are_left_out_are_reported(discs: Path, two: list[str], tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    shutil.copytree(discs / "trainSet" / "Stimuli" / "Indoor", photos)
    (photos / "broken.jpg").write_bytes(b"no picture")
    (photos / "loop.jpg").symlink_to("loop.jpg")
    recipe = replace(
        load_recipe("modern", "live_net"), teacher=two[0], photos=str(photos), confidence=0.0, input_size=SIZE
    )
    heard = _Heard()
    sources, _ = sources_of(
        recipe,
        open_pack(open_dataset(discs).samples, SIZE),
        np.arange(2),
        load_teachers(recipe, "cpu"),
        lambda samples: open_pack(samples, SIZE),
        heard,
        lambda done, total: None,
    )
    assert len(sources[1].rows) == 8
    assert heard.notes[0] == "skipped loop.jpg: it is a link that leads back to itself"
    assert heard.notes[1].startswith("skipped broken.jpg: ") and len(heard.notes) == 2
