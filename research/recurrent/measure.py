"""Measure flicker, lag and likeness under damage: live_net with the filter, and with the memory.

    PYTHONPATH=. python -m research.recurrent.measure --data ../shared/data --work FOLDER --model MODEL
        --json docs/research/live_net_recurrent.json

Sequences are made from stills that the training never saw, at 25 frames a second, and run as a video does
(`FrameMemory`, then `Cues`).

- Flicker: total variation between a map and the one before, warped with the known motion; 0..1, mean over
  frames from the ninth on. Nothing changes in these sequences but the camera's view, so less is better.
- Lag: an object appears at rest; R(t) is the share of the change of the density under it, as live_net has it
  on clean frames, that is shown t seconds after. The lag is the time by which R comes late: the sum of 1 -
  R(t), where positive, over 0.8 s.
- CC with live_net's map of the clean frame; and how much higher it is than that of live_net with the filter
  that leaves as much flicker (interpolated between filters), with a 95 % bootstrap interval over sequences.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from research.recurrent.damage import Damage
from research.recurrent.sequences import Sequence, made
from research.recurrent.stills import Stills, stills
from research.recurrent.teacher import Teacher
from salviewer.core.cues import Cues, CueSettings
from salviewer.media.saving import atomic_path
from salviewer.models.loading import load_model
from salviewer.models.predictor import Predictor
from salviewer.streaming.frame_memory import FrameMemory

HALF_LIVES = (0, 20, 40, 80, 160, 320, 640, 1280)
"""Of the filter, in milliseconds."""

KINDS = ("none", "noise", "dark", "jpeg", "blur", "light", "hits")
FIRST = 8
RATE = 25.0


def smoothed(network: list[np.ndarray], frames: np.ndarray, half_life: float) -> list[np.ndarray]:
    """Return maps after the filter, as the window and the command line have it."""
    cues = Cues(CueSettings(half_life=half_life))
    return [
        cues.update(frame, density, number / RATE)
        for number, (frame, density) in enumerate(zip(frames, network, strict=True))
    ]


def predicted(model: Predictor, frames: np.ndarray) -> list[np.ndarray]:
    """Return the network's maps of a video."""
    memory = FrameMemory(model)
    return [memory.predict(frame, number / RATE).density for number, frame in enumerate(frames)]


def flicker(maps: list[np.ndarray], views: np.ndarray) -> float:
    """Return the mean total variation between a map and the one before, warped with the known motion."""
    found = []
    for frame in range(FIRST + 1, len(maps)):
        now, before = maps[frame], maps[frame - 1]
        here, there = (np.vstack([views[at].astype(np.float64), [0, 0, 1]]) for at in (frame, frame - 1))
        way = (np.linalg.inv(there) @ here)[:2]
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = (now.shape[1], now.shape[0])
        known = cv2.warpAffine(np.ones_like(now), way, size, flags=how) > 0.99
        warped = cv2.warpAffine(before, way, size, flags=how) * known
        seen = now * known
        found.append(0.5 * np.abs(seen / seen.sum() - warped / warped.sum()).sum())
    return float(np.mean(found))


def alike(maps: list[np.ndarray], clean: list[np.ndarray]) -> float:
    """Return the mean correlation with the clean frames' maps."""
    pairs = list(zip(maps, clean, strict=True))[FIRST:]
    return float(np.mean([np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in pairs]))


def ways(plain: Predictor, memory: Predictor, frames: np.ndarray) -> list[tuple[str, int, list[np.ndarray]]]:
    """Return maps by network and half-life."""
    found = []
    for name, model in (("live_net", plain), ("live_net_recurrent", memory)):
        raw = predicted(model, frames)
        found += [(name, half, smoothed(raw, frames, half) if half else raw) for half in HALF_LIVES]
    return found


def steady(
    pictures: Stills, plain: Predictor, memory: Predictor, count: int, length: int
) -> list[dict[str, object]]:
    """Return flicker and CC by kind of damage, network and half-life."""
    rows: dict[tuple[str, str, int], list[tuple[float, float]]] = {}
    cameras = ("rest", "pan", "shake", "roam")
    for place, kind in enumerate(KINDS):
        for number in range(count):
            random = np.random.default_rng([77, place, number])
            camera = cameras[number % len(cameras)]
            one = made(pictures, random, length, camera, kind, objects=0, cuts=False, rate=RATE)
            clean = [plain.densities(frame[None])[0] for frame in one.clean]
            for name, half, maps in ways(plain, memory, one.seen):
                rows.setdefault((kind, name, half), []).append((flicker(maps, one.views), alike(maps, clean)))
        print(kind, flush=True)
    return [
        {"damage": kind, "network": name, "half_life": half, "sequences": len(some),
         "flicker": round(float(np.mean([a for a, _ in some])), 5),
         "cc": round(float(np.mean([b for _, b in some])), 5),
         **(at_same_flicker(np.array([rows[kind, "live_net", each] for each in HALF_LIVES]), np.array(some))
            if name != "live_net" else {})}
        for (kind, name, half), some in rows.items()
    ]  # fmt: skip


def at_same_flicker(plain: np.ndarray, memory: np.ndarray) -> dict[str, list[float]]:
    """Return the difference in CC at the same flicker, and its interval; nothing beyond live_net's flickers.

    Args:
        plain: flicker and CC of live_net, by filter and sequence: (filters, n, 2).
        memory: of the memory with one filter: (n, 2).
    """

    def more(rows: np.ndarray) -> float:
        known, (shaky, alike) = plain[:, rows].mean(1), memory[rows].mean(0)
        known = known[known[:, 0].argsort()]
        return float(alike - np.interp(shaky, known[:, 0], known[:, 1]))

    count = len(memory)
    least, most = np.sort(plain[..., 0].mean(1))[[0, -1]]
    if not least <= memory[:, 0].mean() <= most:
        return {}
    random = np.random.default_rng(0)
    drawn = [more(random.integers(0, count, count)) for _ in range(2000)]
    values = (more(np.arange(count)), *np.percentile(drawn, (2.5, 97.5)))
    return {"cc_at_same_flicker": [round(float(value), 5) for value in values]}


def appearing(pictures: Stills, random: np.random.Generator, damage: str, at: int, length: int) -> Sequence:
    """Return a sequence at rest in which an object appears at a frame."""
    state = random.bit_generator.state
    with_object = made(
        pictures, random, length, "rest", damage, objects=1, cuts=False, rate=RATE, moving=False
    )
    random.bit_generator.state = state
    without = made(pictures, random, length, camera="rest", damage=damage, objects=0, cuts=False, rate=RATE)
    with_object.clean[:at] = without.clean[:at]
    harm = Damage(random, damage)
    with_object.seen[:] = [harm.done(frame) for frame in with_object.clean]
    return with_object


def lags(
    pictures: Stills, plain: Predictor, memory: Predictor, damage: str, count: int
) -> list[dict[str, object]]:
    """Return the lag by network and half-life."""
    at, length = 14, 34
    shown: dict[tuple[str, int], np.ndarray] = {}
    total = np.zeros(length - at)
    used = 0
    for number in range(3 * count):
        one = appearing(pictures, np.random.default_rng([78, number]), damage, at, length)
        if used == count or one.masks[-1].sum() < 20:
            continue
        mask = cv2.resize(one.masks[-1], (320, 240))
        low, high = ((plain.densities(one.clean[k][None])[0] * mask).sum() for k in (0, -1))
        if high - low < 0.1:  # not much of a change
            continue
        used += 1
        total += high - low
        for name, half, maps in ways(plain, memory, one.seen):
            rise = np.array([(density * mask).sum() for density in maps[at:]])
            before = low if damage == "none" else np.mean([(m * mask).sum() for m in maps[at - 6 : at]])
            after = high if damage == "none" else None
            if after is None:  # under damage, the rise ends where this way's own maps settle
                after = rise[-6:].mean()
            shown.setdefault((name, half), np.zeros((2, length - at)))[0] += rise - before
            shown[name, half][1] += after - before
    return [
        {"damage": damage, "network": name, "half_life": half, "sequences": used,
         "lag": round(float((1 - share[0] / share[1]).clip(0).sum() * 1000 / RATE), 2),
         "rise": [round(float(each), 4) for each in share[0] / share[1]]}
        for (name, half), share in shown.items()
    ]  # fmt: skip


def main() -> int:
    """Measure and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add: Callable[..., object] = parser.add_argument
    add("--data", type=Path, required=True)
    add("--work", type=Path, required=True)
    add("--model", default="live_net_recurrent")
    add("--json", type=Path, required=True)
    add("--count", type=int, default=12, help="sequences of each kind")
    add("--length", type=int, default=40, help="frames of each")
    args = parser.parse_args()
    plain, memory = load_model("live_net", "cpu"), load_model(args.model, "cpu")
    pictures = stills(args.data, args.work, Teacher(), held=True)
    late = [lags(pictures, plain, memory, kind, args.count) for kind in ("none", "noise")]
    result = {
        "steady": steady(pictures, plain, memory, args.count, args.length),
        "lag": [row for rows in late for row in rows],
    }
    with atomic_path(args.json) as scratch:
        scratch.write_text(json.dumps(result, indent=0) + "\n")
    for row in (*result["steady"], *result["lag"]):
        print({key: value for key, value in row.items() if key != "rise"})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
