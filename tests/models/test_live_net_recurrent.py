"""live_net's memory: the engines agree on it, stills and cuts have none, and videos are predicted with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from skimage import data
from torch import nn

from salviewer.core.cues import CueSettings
from salviewer.core.video_state import cell_flow, grey_for_flow, moved
from salviewer.media.video.opening import SourceChoice
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.catalog import find_model
from salviewer.models.checkpoints import read_model
from salviewer.models.devices import Device
from salviewer.models.engines.choice import available_engines, candidates
from salviewer.models.engines.openvino_engine import OpenVinoEngine
from salviewer.models.engines.torch_engine import TorchEngine
from salviewer.models.loading import load_model
from salviewer.models.predictor import Predictor
from salviewer.models.preprocess import resize
from salviewer.streaming.frame_memory import LONGEST, FrameMemory
from salviewer.streaming.video_export import VideoOrder, export_video

ROW = ARCHITECTURES["live_net_recurrent"]
NEAR = 1e-4
"""By how much engines may differ in float32, in parts of a map's peak."""


@pytest.fixture(scope="module")
def network() -> nn.Module:
    """live_net with a memory that keeps much, lets much through and was trained by nobody."""
    torch.manual_seed(3)
    made = ROW.build()
    assert made.load_state_dict(read_model(find_model("live_net"))[1], strict=False).unexpected_keys == []
    for value in made.memory.parameters():
        nn.init.normal_(value, std=0.1)
    return made


@pytest.fixture(scope="module")
def predictor(network: nn.Module) -> Predictor:
    card = ModelCard("live_net_recurrent", "Test", "logits")
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    return Predictor("recurrent", card, candidates(card, weights, "cpu"))


@pytest.fixture(scope="module")
def frames() -> list[NDArray[np.uint8]]:
    """Three frames of a pan at 240x320, then another scene."""
    wide = np.asarray(resize(data.astronaut(), (280, 400)), np.uint8)
    shots = [np.ascontiguousarray(wide[20:260, x : x + 320]) for x in (0, 20, 44)]
    return [*shots, np.asarray(resize(data.chelsea(), (240, 320)), np.uint8)]


def test_engines_agree_from_frame_to_frame(network: nn.Module, frames: list[NDArray[np.uint8]]) -> None:
    if "openvino" not in available_engines(ROW.name):
        pytest.skip("OpenVINO is not installed")
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    engines = (
        OpenVinoEngine(ROW, weights, "logits"),
        TorchEngine(network, "logits", Device("cpu", "CPU, float32", torch.float32)),
    )
    maps, states = [], []
    for engine in engines:
        state = np.zeros(ROW.state_for(ROW.input_size), np.float32)
        seconds = -1.0
        for frame, passed in zip(frames, (0.04, 0.2, 0.0, 1.0), strict=True):
            density, state = engine.step(frame, state, seconds)
            maps.append(density)
            states.append(state)
            seconds = passed
    for ours, theirs in zip(maps[:4], maps[4:], strict=True):
        assert np.abs(ours - theirs).max() < NEAR * theirs.max()
    for ours, theirs in zip(states[:4], states[4:], strict=True):
        assert np.abs(ours - theirs).max() < 1e-3 * np.abs(theirs).max()
    still = engines[0].densities(np.stack(frames[:2]))
    assert np.abs(still[0] - maps[4]).max() < NEAR * still[0].max()
    assert np.abs(still[1] - maps[5]).max() > 0.01 * still[1].max()  # the memory counts


def test_without_a_state_a_frame_has_live_nets_map(
    predictor: Predictor, frames: list[NDArray[np.uint8]]
) -> None:
    still = predictor.predict(frames[0]).density
    first, state = predictor.step(frames[0], None, 0.04)
    assert np.array_equal(first.density, still) and state.shape == ROW.state_for(ROW.input_size)
    plain = load_model("live_net", "cpu").predict(frames[0]).density
    assert np.abs(still - plain).max() < NEAR * plain.max()


def test_memory_is_empty_after_a_cut_a_jump_or_a_pause_and_at_the_start(
    predictor: Predictor, frames: list[NDArray[np.uint8]]
) -> None:
    memory = FrameMemory(predictor)
    stills = [predictor.predict(frame).density for frame in frames]

    def forgot(frame: int, seconds: float) -> bool:
        return np.array_equal(memory.predict(frames[frame], seconds).density, stills[frame])

    assert memory.empty and forgot(0, 1.0)
    assert not forgot(1, 1.04) and not forgot(2, 1.08) and not memory.empty
    assert forgot(3, 1.12)  # another scene
    assert forgot(0, 1.16) and not forgot(1, 1.2)
    assert forgot(1, 0.5)  # back in time
    assert forgot(2, 0.51 + LONGEST)
    small = np.ascontiguousarray(frames[2][::2])
    assert np.array_equal(memory.predict(small, 1.52).density, predictor.predict(small).density)
    memory.reset()
    assert memory.empty and forgot(0, 1.54)


def test_a_state_moves_along_with_the_picture(frames: list[NDArray[np.uint8]]) -> None:
    field = cell_flow(grey_for_flow(frames[1]), grey_for_flow(frames[0]), (30, 40))
    assert np.median(field[..., 0]) == pytest.approx(20 / 8, abs=0.3)  # 20 pixels of 8 a cell
    state = np.arange(40, dtype=np.float32)[None, None].repeat(30, 1)
    assert np.median(moved(state, field)[0] - state[0]) == pytest.approx(2.5, abs=0.3)


def test_a_clip_is_exported_with_the_memory(
    predictor: Predictor, frames: list[NDArray[np.uint8]], tmp_path: Path
) -> None:
    (tmp_path / "clip").mkdir()
    for number, frame in enumerate(frames[:3]):
        Image.fromarray(frame).save(tmp_path / "clip" / f"{number}.png")
    order = VideoOrder(
        SourceChoice(str(tmp_path / "clip")), None, tmp_path / "maps.npz", cues=CueSettings(half_life=0)
    )
    assert export_video(order, predictor).frames == 3
    maps = np.load(tmp_path / "maps.npz")["maps"]
    memory = FrameMemory(predictor)
    seconds = np.load(tmp_path / "maps.npz")["seconds"]
    for found, frame, at in zip(maps, frames, seconds, strict=False):
        wanted = memory.predict(frame, float(at)).density
        assert np.abs(found - wanted).max() < 1e-3 * wanted.max()
    assert np.abs(maps[2] - predictor.predict(frames[2]).density).max() > 0.01 * maps[2].max()
