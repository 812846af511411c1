"""Sequences of frames made from stills: paths of a camera, moving objects, cuts, dropped frames."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from research.recurrent.damage import Damage
from research.recurrent.stills import Stills
from research.recurrent.teacher import SIZE

RATES = (60, 50, 30, 30, 25, 25, 24, 15, 10, 5)
"""Frames a second, drawn at random."""

CELLS = (SIZE[0] // 4, SIZE[1] // 4)


@dataclass
class Sequence:
    """Frames with what is known about them.

    Attributes:
        clean, seen: uint8 (t, 240, 320, 3), before and after damage.
        seconds: (t,), time since the frame before; -1 where a shot begins.
        shots: (t,), number of the shot.
        views: (t, 2, 3), from a frame's pixels to its still's.
        masks: float32 (t, 60, 80), coverage by moving objects.
        boost: (t,), extra weight of what is under the masks.
        damage: the kind of damage.
    """

    clean: np.ndarray
    seen: np.ndarray
    seconds: np.ndarray
    shots: np.ndarray
    views: np.ndarray
    masks: np.ndarray
    boost: np.ndarray
    damage: str


def made(
    stills: Stills, random: np.random.Generator, length: int, camera: str = "", damage: str = "",
    objects: int | None = None, cuts: bool = True, rate: float = 0.0, moving: bool = True,
) -> Sequence:  # fmt: skip
    """Return a sequence.

    Args:
        stills: the pictures.
        random: decides everything that is not given.
        length: number of frames.
        camera: ``rest``, ``pan``, ``zoom``, ``shake`` or ``roam``.
        damage: a kind of `Damage`.
        objects: number of moving objects.
        cuts: whether there may be one.
        rate: frames a second.
        moving: whether objects move.
    """
    rate = rate or float(random.choice(RATES))
    steps = np.full(length, 1 / rate)
    if random.random() < 0.25:  # dropped frames
        steps *= random.choice([1, 1, 1, 2, 3, 5], length)
    cut = int(random.integers(2, length - 1)) if cuts and random.random() < 0.35 else length
    steps[0] = -1
    clean = np.empty((length, *SIZE, 3), np.uint8)
    views = np.empty((length, 2, 3), np.float32)
    masks, boost = np.zeros((length, *CELLS), np.float32), np.zeros(length, np.float32)
    for start, end in ((0, cut), (cut, length)):
        if start >= end:
            continue
        row = int(random.integers(len(stills.pictures)))
        picture = stills.pictures[row]
        if stills.mirrored[row] and random.random() < 0.5:
            picture = picture[:, ::-1]
        passed = np.append(0, steps[start + 1 : end].cumsum())
        views[start:end] = _views(random, passed, camera or _camera(random))
        how_many = random.choice([0, 0, 1, 1, 2]) if objects is None else objects
        things = [_Thing(stills, random, moving) for _ in range(how_many)]
        for frame in range(start, end):
            view = cv2.warpAffine(
                picture, views[frame], SIZE[::-1],
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101,
            )  # fmt: skip
            for thing in things:
                view, mask = thing.drawn(view, passed[frame - start])
                masks[frame] = np.maximum(masks[frame], mask)
                boost[frame] = max(boost[frame], thing.boost)
            clean[frame] = view
    shots = (np.arange(length) >= cut).astype(int)
    harm = Damage(random, damage)
    seen = np.stack([harm.done(frame) for frame in clean])
    if cut < length and random.random() < 0.8:
        steps[cut] = -1  # found by the detector of cuts
    return Sequence(clean, seen, steps.astype(np.float32), shots, views, masks, boost, harm.kind)


def _camera(random: np.random.Generator) -> str:
    return str(random.choice(["rest", "pan", "zoom", "shake", "roam"], p=[0.25, 0.25, 0.15, 0.15, 0.2]))


def _views(random: np.random.Generator, passed: np.ndarray, camera: str) -> np.ndarray:
    """Return (t, 2, 3): where each frame's pixels are in the still."""
    height, width = SIZE
    count = len(passed)
    size = np.full(count, random.uniform(0.65, 0.95))
    shift = np.zeros((count, 2))
    roll = np.zeros(count)
    if camera in ("pan", "roam"):
        angle = random.uniform(0, 2 * np.pi)
        speed = 0.03 * 20 ** random.random()  # 0.03 to 0.6 widths a second
        shift += speed * passed[:, None] * [np.cos(angle), np.sin(angle)]
    if camera in ("zoom", "roam"):
        size *= np.exp(random.uniform(-0.3, 0.3) * passed)
    if camera in ("shake", "roam"):
        strength = random.uniform(0.002, 0.02)
        drift = np.zeros(3)
        for frame in range(count):
            drift = 0.6 * drift + random.normal(0, 1, 3)
            shift[frame] += strength * drift[:2]
            roll[frame] += 0.5 * strength * drift[2]
    size = size.clip(0.4, 1.0)
    free = np.maximum(1 - size, 0) / 2
    first = random.uniform(-1, 1, 2)
    views = np.empty((count, 2, 3), np.float32)
    for frame in range(count):
        # Turn back at the still's borders instead of leaving it
        at = _folded(first * free[frame] + shift[frame], free[frame])
        c, s = size[frame] * np.cos(roll[frame]), size[frame] * np.sin(roll[frame])
        turn = np.array([[c, -s], [s, c]])
        middle = np.array([width / 2, height / 2])
        views[frame, :, :2] = turn
        views[frame, :, 2] = middle + at * [width, height] - turn @ middle
    return views


def _folded(at: np.ndarray, free: float) -> np.ndarray:
    if free <= 0:
        return np.zeros_like(at)
    phase = (at + free) % (4 * free)
    return np.where(phase > 2 * free, 4 * free - phase, phase) - free


class _Thing:
    """What live_net looks at in another still, cut out and moved.

    Attributes:
        boost: what the density under it is raised by: its speed in widths a second, at most 0.5. Motion draws
            the eye (Mital et al., Cognitive Computation 2011); how much for which speed, nobody recorded
            here, so this is a rule and not a measurement.
    """

    def __init__(self, stills: Stills, random: np.random.Generator, moving: bool) -> None:
        row = int(random.integers(len(stills.pictures)))
        high = cv2.resize(stills.maps[row].astype(np.float32), SIZE[::-1])
        high = high * (cv2.GaussianBlur(high, (0, 0), 4) >= 0.35)
        labels = cv2.connectedComponents((high > 0.3).astype(np.uint8))[1]
        peak = np.unravel_index(int(high.argmax()), high.shape)
        inside = (labels == labels[peak]).astype(np.float32)
        inside = cv2.dilate(inside, np.ones((9, 9), np.uint8))
        alpha = cv2.GaussianBlur(inside, (0, 0), 2.0)
        rows, columns = np.where(inside > 0)
        middle = np.array([columns.mean(), rows.mean()])
        extent = max(np.ptp(columns) / SIZE[1], np.ptp(rows) / SIZE[0], 0.05)
        self._scale = random.uniform(0.1, 0.4) / extent
        self._picture, self._alpha, self._middle = stills.pictures[row], alpha, middle
        self._at = random.uniform([0.1, 0.1], [0.9, 0.9])
        angle = random.uniform(0, 2 * np.pi)
        speed = 0.0 if random.random() < 0.15 else 0.05 * 20 ** random.random()
        speed *= moving
        self._velocity = speed * np.array([np.cos(angle), np.sin(angle)])
        self.boost = min(speed, 0.5)

    def drawn(self, view: np.ndarray, passed: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the view with it, and its coverage, (60, 80)."""
        at = (self._at + self._velocity * passed) * SIZE[::-1]
        move = np.array([[self._scale, 0, 0], [0, self._scale, 0]], np.float32)
        move[:, 2] = at - self._scale * self._middle
        picture = cv2.warpAffine(self._picture, move, SIZE[::-1], borderMode=cv2.BORDER_REPLICATE)
        alpha = cv2.warpAffine(self._alpha, move, SIZE[::-1])
        mixed = view + alpha[..., None] * (picture.astype(np.float32) - view)
        mask = cv2.resize(alpha, CELLS[::-1], interpolation=cv2.INTER_AREA)
        return np.rint(mixed).astype(np.uint8), mask
