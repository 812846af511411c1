"""Measure flicker, lag and likeness under damage on real clips, as `measure.py` does on sequences.

    PYTHONPATH=. python -m research.recurrent.clips CLIP... --json docs/research/live_net_recurrent-clips.json

Takes frames from a clip's middle at the clip's own rate, the shorter side reduced to 240 pixels as in those
sequences, so that damage is as strong. Both networks see the same frames; all filters are the program's, on
maps of half the size. Clips that the JSON file has are left as they are.

- Flicker: total variation between a map and the one before, warped with the motion of the clean frames; 0..1,
  mean from the ninth frame on, but not across cuts. What changes in the clip itself is part of it.
- CC with live_net's map of the clean frame.
- Lag, by the changes of maps (a map less its mean over the shot): by how much live_net's maps of the clean
  frames must be moved in time to correlate most with these, between frames by a parabola.
- Like: which filter on live_net's maps of the clean frames has changes that correlate most with these; its
  half-life in milliseconds, between the steps by a parabola.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from research.recurrent.damage import Damage
from research.recurrent.measure import FIRST, HALF_LIVES
from salviewer.core import motion
from salviewer.core.temporal import CutDetector, TemporalFilter
from salviewer.media.saving import atomic_path
from salviewer.media.video.files import VideoFile
from salviewer.models.loading import load_model
from salviewer.models.predictor import Predictor
from salviewer.streaming.frame_memory import FrameMemory

KINDS = ("none", "noise", "dark", "jpeg")
SIDE = 240
SPAN = 0.8  # seconds that maps are moved by at most
CELLS = (80, 60)


@dataclass
class Clip:
    """Frames of a clip.

    Attributes:
        name: of its file, without the ending.
        rate: frames a second.
        frames: uint8 (t, h, w, 3).
        shots: (t,), number of the shot.
        back: where each frame's pixels were in the frame before; for the first, nowhere.
    """

    name: str
    rate: float
    frames: np.ndarray
    shots: np.ndarray
    back: list[np.ndarray]


@dataclass
class Way:
    """The maps of one network with one filter: what is kept of them.

    Attributes:
        flicker, cc: of each frame that counts.
        small: float64 (t, cells), the maps at `CELLS`; after `clean_off`, less their mean over the shot.
    """

    flicker: list[float]
    cc: list[float]
    small: np.ndarray


def read(path: Path, length: int) -> Clip:
    """Read at most ``length`` frames from the middle of a clip."""
    file = VideoFile(path)
    frames = []
    while (frame := file.read()) is not None:
        frames.append(_reduced(frame.pixels))
    rate = file.info.rate
    file.close()
    first = max(0, (len(frames) - length) // 2)
    chosen = np.stack(frames[first : first + length])
    cuts = CutDetector()
    shots = np.cumsum([cuts.is_cut(motion.reduced(frame)) for frame in chosen])
    greys = [motion.grey_of(frame) for frame in chosen]
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    none = np.zeros((*greys[0].shape, 2), np.float32)
    return Clip(
        path.stem,
        rate,
        chosen,
        shots,
        [none, *(dis.calc(now, old, none.copy()) for old, now in pairwise(greys))],
    )


def _reduced(pixels: np.ndarray) -> np.ndarray:
    scale = SIDE / min(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = round(pixels.shape[1] * scale), round(pixels.shape[0] * scale)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def filtered(network: list[np.ndarray], frames: np.ndarray, rate: float) -> list[tuple[np.ndarray, ...]]:
    """Return each frame's maps after every filter, as `Cues` with the network alone has them.

    The motion between two frames is found once for all half-lives.
    """
    filters, cuts = [TemporalFilter(half) for half in HALF_LIVES], CutDetector()
    before: np.ndarray | None = None
    found = []
    for number, (frame, density) in enumerate(zip(frames, network, strict=True)):
        small = motion.reduced(frame)
        grey = motion.grey_of(small)
        if cuts.is_cut(small) or before is None:
            for each in filters:
                each.reset()
        else:
            back = motion.flow(grey, before)
            for each in filters[1:]:
                if each.density is not None:
                    each.carry(motion.move_map(each.density, back))
        before = grey
        found.append(tuple(each.update(density, number / rate) for each in filters))
    return found


def ways_of(
    clip: Clip, network: list[np.ndarray], seen: np.ndarray, clean: list[np.ndarray]
) -> dict[int, Way]:
    """Return a network's ways by half-life; ``seen`` are the frames it saw."""
    ways = {half: Way([], [], np.empty((len(seen), CELLS[0] * CELLS[1]))) for half in HALF_LIVES}
    before: tuple[np.ndarray, ...] = ()
    for number, maps in enumerate(filtered(network, seen, clip.rate)):
        same = number > FIRST and clip.shots[number] == clip.shots[number - 1]
        for place, (half, density) in enumerate(zip(HALF_LIVES, maps, strict=True)):
            way = ways[half]
            way.small[number] = cv2.resize(density, CELLS, interpolation=cv2.INTER_AREA).ravel()
            if number >= FIRST:
                way.cc.append(_correlation(density, clean[number]))
            if same:
                old = motion.move_map(before[place], clip.back[number])
                way.flicker.append(0.5 * float(np.abs(density - old).sum()))
        before = maps
    for way in ways.values():
        for shot in np.unique(clip.shots):
            way.small[clip.shots == shot] -= way.small[clip.shots == shot].mean(0)
    return ways


def _half(density: np.ndarray) -> np.ndarray:
    """Return a map at half the size; it still sums to 1."""
    rows, columns = density.shape
    return 4 * np.asarray(cv2.resize(density, (columns // 2, rows // 2), interpolation=cv2.INTER_AREA))


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    a, b = one - one.mean(), other - other.mean()
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))


def lag(maps: np.ndarray, clean: np.ndarray, clip: Clip) -> float:
    """Return by how many milliseconds the changes come late."""
    number = np.arange(len(maps))
    steps = min(round(SPAN * clip.rate), len(maps) // 3)
    alike = []
    for step in range(-steps, steps + 1):
        rows = number[(number >= FIRST) & (number - step >= 0) & (number - step < len(maps))]
        rows = rows[clip.shots[rows] == clip.shots[rows - step]]
        a, b = maps[rows], clean[rows - step]
        alike.append((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum()))
    return (_peak(alike) - steps) * 1000 / clip.rate


def like(maps: np.ndarray, filters: list[np.ndarray]) -> float:
    """Return the half-life of the filter whose changes correlate most with these."""
    rows = slice(FIRST, None)
    a = maps[rows]
    alike = [(a * b[rows]).sum() / np.sqrt((a * a).sum() * (b[rows] ** 2).sum()) for b in filters]
    return float(np.interp(_peak(alike), range(len(HALF_LIVES)), HALF_LIVES))


def _peak(values: list[float]) -> float:
    """Return where the largest value is, between the places by a parabola."""
    best = int(np.argmax(values))
    if best in (0, len(values) - 1):
        return float(best)
    left, middle, right = values[best - 1 : best + 2]
    return best + float(0.5 * (left - right) / (left - 2 * middle + right))


def measured(clip: Clip, place: int, plain: Predictor, memory: Predictor) -> list[dict[str, object]]:
    """Return flicker, CC, lag and like by kind of damage, network and half-life."""
    clean = [_half(plain.predict(frame).density) for frame in clip.frames]
    known: dict[int, Way] = {}
    rows: list[dict[str, object]] = []
    for number, kind in enumerate(KINDS):
        harm = Damage(np.random.default_rng([79, place, number]), kind)
        seen = np.stack([harm.done(frame) for frame in clip.frames])
        for name, model in (("live_net", plain), ("live_net_recurrent", memory)):
            video = FrameMemory(model)
            raw = [_half(video.predict(frame, at / clip.rate).density) for at, frame in enumerate(seen)]
            ways = ways_of(clip, raw, seen, clean)
            known = known or ways
            for half, way in ways.items():
                found = {
                    "flicker": float(np.mean(way.flicker)),
                    "cc": float(np.mean(way.cc)),
                    "lag": lag(way.small, known[0].small, clip),
                    "like": like(way.small, [each.small for each in known.values()]),
                }
                row = {"clip": clip.name, "damage": kind, "network": name, "half_life": half}
                rows.append(row | {key: round(value, 5) for key, value in found.items()})
    return rows


def main() -> int:
    """Measure and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clips", type=Path, nargs="+")
    parser.add_argument("--model", default="live_net_recurrent")
    parser.add_argument("--json", type=Path, required=True)
    parser.add_argument("--length", type=int, default=100, help="frames of each")
    args = parser.parse_args()
    plain, memory = load_model("live_net", "cpu"), load_model(args.model, "cpu")
    known: dict[str, list[dict[str, object]]] = {"clips": [], "measured": []}
    if args.json.is_file():
        known = json.loads(args.json.read_text())
    about, rows = known["clips"], known["measured"]
    for place, path in enumerate(args.clips):
        if any(each["clip"] == path.stem for each in about):
            continue
        clip = read(path, args.length)
        rows += measured(clip, place, plain, memory)
        size = clip.frames.shape[2], clip.frames.shape[1]
        about.append({"clip": clip.name, "rate": round(clip.rate, 3), "frames": len(clip.frames),
                      "size": size, "shots": int(clip.shots[-1]) + 1})  # fmt: skip
        print(about[-1], flush=True)
        with atomic_path(args.json) as scratch:
            scratch.write_text(json.dumps({"clips": about, "measured": rows}, indent=0) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
