"""Batches of sequences: features of the frames, motion, and targets."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from research.recurrent.sequences import CELLS, Sequence, made
from research.recurrent.stills import Stills
from research.recurrent.teacher import Teacher
from salviewer.core.video_state import cell_flow, grey_for_flow
from salviewer.models.tables import live_net_recurrent_state

KNOWN = 3
"""Clean frames of a shot without moving objects whose maps are warped to all the others."""

OWN = 0.5
"""Share of a frame's own clean map in its target; the rest is the mean of the warped ones. With less the
memory is steadier, but later."""


@dataclass
class Batch:
    """Sequences side by side.

    Attributes:
        features: float32 (t, n, 64, 60, 80), of the damaged frames.
        seconds: (t, n), since the frame before; -1 for an empty state.
        flows: (t, n, 30, 40, 2), where each cell of the state was in the frame before, in cells.
        targets: (t, n, 60, 80), densities.
    """

    features: Tensor
    seconds: Tensor
    flows: Tensor
    targets: Tensor


def batch(stills: Stills, teacher: Teacher, seed: int, step: int, count: int, length: int) -> Batch:
    """Return a batch that depends on seed and step alone, so that a run can be resumed."""
    made_ones = [made(stills, np.random.default_rng([seed, step, i]), length) for i in range(count)]
    features = np.stack([teacher.features(each.seen) for each in made_ones], 1)
    return Batch(
        torch.from_numpy(features),
        torch.from_numpy(np.stack([each.seconds for each in made_ones], 1)),
        torch.from_numpy(np.stack([flows_of(each) for each in made_ones], 1)),
        torch.from_numpy(np.stack([targets_of(each, teacher) for each in made_ones], 1)),
    )


def flows_of(sequence: Sequence) -> np.ndarray:
    """Return float32 (t, 30, 40, 2): `cell_flow` between the damaged frames, 0 for the first."""
    size = live_net_recurrent_state(sequence.seen.shape[1:3])[1:]
    greys = [grey_for_flow(frame) for frame in sequence.seen]
    flows = np.zeros((len(greys), *size, 2), np.float32)
    for frame in range(1, len(greys)):
        if sequence.seconds[frame] >= 0:
            flows[frame] = cell_flow(greys[frame], greys[frame - 1], size)
    return flows


def targets_of(sequence: Sequence, teacher: Teacher) -> np.ndarray:
    """Return float32 (t, 60, 80): live_net's maps of the clean frames, steadied and raised by the rule.

    Without moving objects, the maps of a few frames of the shot are warped to each other frame with the known
    motion and averaged, the nearer the heavier, and then mixed with the frame's own map (`OWN`). With moving
    objects each frame has its own map, and the density under the objects is raised by their ``boost``.
    """
    targets = np.empty((len(sequence.clean), *CELLS), np.float32)
    own = teacher.maps(sequence.clean)
    for shot in np.unique(sequence.shots):
        frames = np.where(sequence.shots == shot)[0]
        if sequence.masks[frames].any():
            raised = 1 + sequence.boost[frames, None, None] * sequence.masks[frames]
            targets[frames] = own[frames] * raised
        else:
            known = np.unique(frames[np.linspace(0, len(frames) - 1, KNOWN).round().astype(int)])
            for frame in frames:
                steady = _steadied(sequence.views, known, own[known], frame)
                targets[frame] = OWN * own[frame] + (1 - OWN) * steady / steady.sum()
    targets /= targets.sum((1, 2), keepdims=True)
    return targets


def _steadied(views: np.ndarray, known: np.ndarray, maps: np.ndarray, frame: int) -> np.ndarray:
    total, weight = np.full(CELLS, 1e-12, np.float32), np.full(CELLS, 1e-12, np.float32)
    for place, density in zip(known, maps, strict=True):
        back = _cells(
            _inverse(views[place]) @ _square(views[frame])
        )  # from this frame's pixels to the other's
        share = 1 / (1 + abs(int(place) - frame))
        total += share * cv2.warpAffine(
            density.astype(np.float32), back, CELLS[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        weight += share * cv2.warpAffine(
            np.ones(CELLS, np.float32), back, CELLS[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
    return np.asarray(total / np.maximum(weight, 0.05), np.float32)


def _square(view: np.ndarray) -> np.ndarray:
    return np.vstack([view.astype(np.float64), [0, 0, 1]])


def _inverse(view: np.ndarray) -> np.ndarray:
    inverse: np.ndarray = np.linalg.inv(_square(view))
    return inverse


def _cells(pixels: np.ndarray) -> np.ndarray:
    """Convert a transform of pixels to one of cells of 4x4 pixels."""
    to_pixels = np.array([[4, 0, 1.5], [0, 4, 1.5], [0, 0, 1]])
    cells: np.ndarray = (np.linalg.inv(to_pixels) @ pixels @ to_pixels)[:2]
    return cells
