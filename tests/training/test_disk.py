"""Full disks while pictures are packed and checkpoints written, what kills leave, and pruning."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from salviewer.errors import DataError, ModelError
from salviewer.models.card import ModelCard
from salviewer.models.checkpoints import write_model
from salviewer.training import pack_files
from salviewer.training.datasets import open_dataset
from salviewer.training.pack import open_pack
from salviewer.training.run_folder import RunFolder
from tests.disks import small_disk
from tests.training.processes import Process

PACK = 16 * 96 * 128 * 4
"""Bytes of the pictures and maps of `discs` at 96x128."""


def packs(root: Path) -> list[Path]:
    return sorted(folder for folder in root.iterdir() if (folder / "index.json").is_file())


def test_a_disk_without_room_is_refused_before_a_picture_is_decoded(discs: Path, tmp_path: Path) -> None:
    samples = open_dataset(discs).samples
    progress: list[int] = []
    with small_disk(tmp_path / "disk", "512k") as disk:
        with pytest.raises(DataError, match="the disk is full: the decoded pictures need") as caught:
            open_pack(samples, (96, 128), lambda done, total: progress.append(done), disk)
        assert not progress and not list(disk.iterdir()) and str(disk) in str(caught.value)


def test_a_process_on_a_full_disk_says_so_and_leaves_nothing(
    discs: Path, tmp_path: Path, tiny_recipe: Path
) -> None:
    """SIGBUS killed it: it wrote into files of holes through memory maps."""
    with small_disk(tmp_path / "disk", "256k") as disk:
        words = ["train", f"--data={discs}", "--model=live_net", f"--run={tmp_path / 'run'}"]
        process = Process(
            [*words, f"--recipe={tiny_recipe}", "--device=cpu"], tmp_path, {"SALVIEWER_CACHE": str(disk)}
        )
        done = process.end()
        assert done.returncode == 1 and "the disk is full" in done.stderr, done
        assert not list((disk / "packs").iterdir())


def test_reserved_room_cannot_be_taken_by_others(discs: Path, tmp_path: Path) -> None:
    samples = open_dataset(discs).samples
    with small_disk(tmp_path / "disk", "2m") as disk:

        def fill(done: int, total: int) -> None:
            if done == 1:
                with pytest.raises(OSError), (disk / "other").open("wb") as stream:
                    while True:
                        stream.write(bytes(4096))
                        stream.flush()
                (disk / "other").write_bytes(bytes(4096))  # leaves room for the small files alone

        pack = open_pack(samples, (96, 128), fill, disk)
        whole = len(pack.names) == 16 and pack.maps[15].max() == 255
        del pack  # its files are mapped
    assert whole


def test_a_checkpoint_and_a_model_on_a_full_disk_say_so(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "512k") as disk:
        folder = RunFolder(disk / "run")
        with pytest.raises(DataError, match=r"checkpoint\.pt: it could not be written: the disk is full"):
            folder.save_checkpoint({"weights": torch.zeros(300_000)})
        with pytest.raises(ModelError, match="it could not be written: the disk is full"):
            write_model(folder.model, ModelCard("live_net", "x", "logits"), nn.Linear(600, 600))
        assert not [path for path in disk.rglob("*") if path.is_file()]


def test_what_kills_leave_is_cleared_and_what_is_alive_stays(discs: Path, tmp_path: Path) -> None:
    dead, young, run = tmp_path / ".making-dead", tmp_path / ".making-young", RunFolder(tmp_path / "run")
    for folder in (dead, young):
        folder.mkdir()
    (dead / "stimuli.npy").write_bytes(bytes(100))
    os.utime(dead, (0, 0))
    alive: list[Path] = []

    def second(done: int, total: int) -> None:
        if done == 1:
            pack_files.clear_leftovers(tmp_path)
            alive.extend(path for path in tmp_path.glob(".making-*") if (path / "maps.npy").is_file())

    open_pack(open_dataset(discs).samples, (96, 128), second, tmp_path)
    assert len(alive) == 1 and not dead.exists() and young.exists()
    scratch = run.root / f".salviewer-{'0' * 16}.pt"
    scratch.write_bytes(bytes(100))
    run.clear_leftovers()
    assert not scratch.exists()


def test_packs_are_pruned_the_longest_unused_first(
    discs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = open_dataset(discs).samples
    monkeypatch.setenv("SALVIEWER_CACHE_LIMIT", f"{2.5 * PACK / 1e9}")
    made = []
    for number in range(2):
        open_pack(samples[number:], (96, 128), folder=tmp_path)
        made.append(next(folder for folder in packs(tmp_path) if folder not in made))
        os.utime(made[-1] / "index.json", (number, number))
    open_pack(samples, (96, 128), folder=tmp_path)  # the first is used again
    assert (made[0] / "index.json").stat().st_mtime > time.time() - 100
    third = open_pack(samples[2:], (96, 128), folder=tmp_path)
    assert len(packs(tmp_path)) == 2 and made[0].exists() and not made[1].exists()
    monkeypatch.setenv("SALVIEWER_CACHE_LIMIT", "0")
    last = open_pack(samples[3:], (96, 128), folder=tmp_path)
    assert len(packs(tmp_path)) == 1 and len(last.names) == 13
    assert np.asarray(third.stimuli).any()  # what another process has open goes on


def test_old_packs_make_room_on_a_disk_that_is_nearly_full(
    discs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = open_dataset(discs).samples
    with small_disk(tmp_path / "disk", "2560k") as disk:
        monkeypatch.setenv("SALVIEWER_CACHE_LIMIT", "1")
        for number in range(3):
            open_pack(samples[number:], (96, 128), folder=disk)
        made = packs(disk)
        os.utime(made[0] / "index.json", (0, 0))
        assert len(made) == 3
        open_pack(samples[3:], (96, 128), folder=disk)
        assert len(packs(disk)) == 3 and not made[0].exists()
        monkeypatch.delenv("SALVIEWER_CACHE_LIMIT")
        names = open_pack(samples[4:], (96, 128), folder=disk).names
        assert len(packs(disk)) == 2 and len(names) == 12  # those that take half of the disk


def test_packs_are_not_removed_for_one_that_would_not_fit_anyway(discs: Path, tmp_path: Path) -> None:
    samples = open_dataset(discs).samples
    with small_disk(tmp_path / "disk", "2m") as disk:
        open_pack(samples, (96, 128), folder=disk)
        with pytest.raises(DataError, match="the disk is full"):
            open_pack(samples, (240, 320), folder=disk)
        assert len(packs(disk)) == 1


@pytest.mark.parametrize(
    ("text", "most"), [("", 20e9), ("3.5", 3.5e9), ("much", 20e9), ("nan", 20e9), ("-1", 20e9)]
)
def test_the_limit_is_gigabytes(monkeypatch: pytest.MonkeyPatch, text: str, most: float) -> None:
    monkeypatch.setenv("SALVIEWER_CACHE_LIMIT", text)
    assert pack_files.limit() == most and pack_files.limit(1e12) == most
    assert pack_files.limit(4e9) == (3.5e9 if text == "3.5" else 2e9)
