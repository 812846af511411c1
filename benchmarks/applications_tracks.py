"""The part of `applications.py` about tracks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from applications_cutouts import blob
from numpy.typing import NDArray

from salviewer.core.applications.reframe import ReframeSettings, Window, calm_path
from salviewer.core.applications.tracks import Tracker
from salviewer.core.following import Box, Follower
from salviewer.media.images import find_pictures, load_picture
from salviewer.models.loading import load_model

SIZE = (480, 360)
FRAMES = 60
RATE = 25.0
Pixels = NDArray[np.uint8]
Path2 = NDArray[np.float64]


def track_errors(
    photographs: Path, model: str, clips: int, seed: int = 0
) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Return the mean distance of each tracker's box from the thing's own centre, in shares of the width.

    A clip is a photograph over which a lobed part of another one glides along a smooth random path, growing
    or shrinking by up to a quarter. All trackers begin from the same box; one that is lost stays where it
    was. Also the unsteadiness of a 9:16 window (mean acceleration, in picture widths a second squared): of
    the path that is written, and of the best place of each frame alone.
    """
    predictor, rng = load_model(model), np.random.default_rng(seed)
    files = find_pictures([photographs])
    errors: dict[str, list[float]] = {"Tracker": [], "flow alone": [], "MIL": []}
    jerks: dict[str, list[float]] = {"path": [], "each frame alone": []}
    kept: dict[str, list[float]] = {"path": [], "each frame alone": [], "centre": []}
    window = Window.of(SIZE, (9, 16))
    for number in range(clips):
        print(f"\r{number + 1} of {clips}", end="", file=sys.stderr)
        behind, thing = (_read(files[i]) for i in rng.choice(len(files), 2, replace=False))
        frames = list(clip(rng, behind, thing))
        maps = [predictor.predict(pixels).density for pixels, _, _ in frames]
        truth = np.array([centre for _, centre, _ in frames])
        first, _, box = frames[0]
        start = (box[0] / SIZE[0], box[1] / SIZE[1], (box[0] + box[2]) / SIZE[0], (box[1] + box[3]) / SIZE[1])
        tracker, follower, mil = Tracker(), Follower(), cv2.TrackerMIL_create()  # type: ignore[attr-defined]
        tracker.begin(first, start)
        follower.begin(first, Box(*start))
        cv2.setRNGSeed(0)
        mil.init(np.ascontiguousarray(first[..., ::-1]), box)
        places: dict[str, list[tuple[float, float]]] = {name: [tuple(truth[0])] for name in errors}
        for i, ((pixels, _, _), density) in enumerate(zip(frames[1:], maps[1:], strict=True), 1):
            points = {point.track: point for point in tracker.update(pixels, density, i, i / RATE)}
            there = points.get(1)
            places["Tracker"].append(
                ((there.left + there.right) / 2, (there.top + there.bottom) / 2)
                if there
                else places["Tracker"][-1]
            )
            found = follower.update(pixels)
            places["flow alone"].append(found.box.centre if found else places["flow alone"][-1])
            ok, (x, y, w, h) = mil.update(np.ascontiguousarray(pixels[..., ::-1]))
            places["MIL"].append(((x + w / 2) / SIZE[0], (y + h / 2) / SIZE[1]) if ok else places["MIL"][-1])
        for name, each in places.items():
            off = (np.array(each) - truth) * (1, SIZE[1] / SIZE[0])
            errors[name].append(float(np.linalg.norm(off, axis=1).mean()))
        profile = np.array([window.kept(density) for density in maps])
        seconds = list(np.arange(FRAMES) / RATE)
        path = calm_path(profile, seconds, (), window, ReframeSettings().speed) / window.room
        alone = profile.argmax(axis=1) / (profile.shape[1] - 1)
        for name, at in {"path": path, "each frame alone": alone, "centre": np.full(FRAMES, 0.5)}.items():
            cells = np.rint(at * (profile.shape[1] - 1)).astype(int)
            kept[name].append(float(profile[np.arange(FRAMES), cells].mean()))
            if name in jerks:
                moved = at * window.room / SIZE[0]
                jerks[name].append(float(np.abs(np.diff(moved, 2)).mean() * RATE**2))
    print(file=sys.stderr)
    return {
        "centre error": {"clips": errors},
        "unsteadiness": {"clips": jerks},
        "attention kept": {"clips": kept},
    }


def clip(
    rng: np.random.Generator, behind: NDArray[np.float64], thing: NDArray[np.float64]
) -> Iterator[tuple[Pixels, tuple[float, float], tuple[int, int, int, int]]]:
    """Yield frames with the thing's centre in fractions, and its box in pixels."""
    cover = blob(rng)
    rows, columns = np.nonzero(cover > 0.5)
    middle = np.array([columns.mean(), rows.mean()])
    radius = max(np.ptp(columns), np.ptp(rows)) / 2
    low, high = 1.2 * radius, np.array(SIZE) - 1.2 * radius
    ends = rng.uniform(low, high, (4, 2))
    grows = rng.uniform(0.75, 1.25)
    for number in range(FRAMES):
        t = number / (FRAMES - 1)
        weights = np.array([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])  # a Bézier curve
        x, y = weights @ ends
        scale = 1 + (grows - 1) * t
        warp = np.array([[scale, 0, x - scale * middle[0]], [0, scale, y - scale * middle[1]]])
        there = cv2.warpAffine(cover, warp, SIZE)[..., None]
        moved = cv2.warpAffine(thing, warp, SIZE, borderMode=cv2.BORDER_REFLECT)
        pixels = np.rint(behind * (1 - there) + moved * there).astype(np.uint8)
        box = cv2.boundingRect((there[..., 0] > 0.5).astype(np.uint8))
        centre = (box[0] + box[2] / 2) / SIZE[0], (box[1] + box[3] / 2) / SIZE[1]
        yield pixels, centre, (int(box[0]), int(box[1]), int(box[2]), int(box[3]))


def _read(path: Path) -> NDArray[np.float64]:
    return np.asarray(cv2.resize(load_picture(path).pixels, SIZE, interpolation=cv2.INTER_AREA), np.float64)
