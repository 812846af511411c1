"""What an export of overlays costs in each encoder, at equal quality: processor time and size per frame.

A clip of 1920x1080 is made: a picture that zooms and turns, a part of another that crosses it, noise, and a
heatmap that moves. Each encoder gets it at several qualities; processor time and size are interpolated at one
PSNR (of luma and chroma together, in 4:2:0).

    python benchmarks/encoders.py [--frames 60] [--psnr 39.5] [--json FILE]
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from common import about, heading, options, photograph, write
from numpy.typing import NDArray

from salviewer.core.render import render
from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.images import load_picture
from salviewer.media.video.libav import load_av

SIZE = (1920, 1080)
RATE = 30
QUALITIES = (24, 32, 40, 48)
"""Values of crf; both encoders count from 0, the best, to 63."""

VP9 = {"deadline": "realtime", "row-mt": "1", "tile-columns": "2", "b": "0", "lag-in-frames": "0"}
SETTINGS: dict[str, tuple[str, dict[str, str]]] = {
    "VP9, speed 8": ("libvpx-vp9", {**VP9, "cpu-used": "8"}),
    "VP9, speed 7": ("libvpx-vp9", {**VP9, "cpu-used": "7"}),
    "VP9, speed 6": ("libvpx-vp9", {**VP9, "cpu-used": "6"}),
    "VP9, speed 8, rows in turn": ("libvpx-vp9", {**VP9, "cpu-used": "8", "row-mt": "0"}),
    "VP9, speed 8, one tile": ("libvpx-vp9", {**VP9, "cpu-used": "8", "tile-columns": "0"}),
    "AV1, preset 8": ("libsvtav1", {"preset": "8"}),
    "AV1, preset 10": ("libsvtav1", {"preset": "10"}),
    "AV1, preset 12": ("libsvtav1", {"preset": "12"}),
}


@dataclass(frozen=True, slots=True)
class Point:
    """One encoding: PSNR in dB, size in kB and processor time in ms per frame."""

    psnr: float
    size: float
    spent: float


def clip(frames: int) -> list[Any]:
    """Return the frames of the clip, in 4:2:0."""
    av, rng = load_av(), np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        behind, front = (load_picture(photograph(Path(folder), 4, seed)).pixels for seed in (0, 1))
    part = cv2.resize(front[:800, :1000], (400, 320), interpolation=cv2.INTER_AREA)
    centre = (behind.shape[1] / 2, behind.shape[0] / 2)
    rows, columns = np.mgrid[:60, :80].astype(np.float32)
    made = []
    for number in range(frames):
        turn = cv2.getRotationMatrix2D(centre, 3 * np.sin(number / 9), 1.1 + 0.15 * np.sin(number / 15))
        turn[:, 2] -= centre[0] - SIZE[0] / 2, centre[1] - SIZE[1] / 2
        pixels = cv2.warpAffine(behind, turn, SIZE, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
        left, top = 100 + 18 * (number % 70), 80 + 9 * (number % 70)
        pixels[top : top + 320, left : left + 400] = part
        noisy = (pixels + rng.normal(0, 2, (*SIZE[::-1], 1)).round()).clip(0, 255).astype(np.uint8)
        column = (left + 200) / SIZE[0] * 80
        heat = np.exp(-((rows - 30) ** 2 + (columns - column) ** 2) / 80).astype(np.float32)
        shown = render(noisy, SaliencyMap(heat, SIZE, "made"))
        frame = av.VideoFrame.from_ndarray(shown, "rgb24")
        made.append(frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"))
    return made


def encoded(frames: list[Any], planes: NDArray[np.uint8], name: str, given: dict[str, str]) -> Point:
    """Encode the clip, and read it again."""
    av, file, size = load_av(), io.BytesIO(), 0
    with av.open(file, "w", format="matroska") as container:
        stream = container.add_stream(name, rate=RATE, options=given)
        context = stream.codec_context
        context.width, context.height, context.pix_fmt, context.thread_count = *SIZE, "yuv420p", 0
        begun = time.process_time()
        for number, frame in enumerate([*frames, None]):
            if frame is not None:
                frame.pts, frame.time_base, frame.pict_type = number, Fraction(1, RATE), 0
            for packet in stream.encode(frame):
                size += packet.size
                container.mux(packet)
        spent = time.process_time() - begun
    file.seek(0)
    with av.open(file) as container:
        errors = [
            float(np.square(frame.to_ndarray().astype(np.float32) - wanted).mean())
            for frame, wanted in zip(container.decode(video=0), planes, strict=True)
        ]
    count = len(frames)
    return Point(10 * np.log10(255**2 / np.mean(errors)), size / count / 1e3, 1e3 * spent / count)


def at(points: list[Point], psnr: float) -> tuple[float, float] | None:
    """Return size and processor time at a PSNR, between two encodings; None if it was not reached."""
    points = sorted(points, key=lambda point: point.psnr)
    known = [point.psnr for point in points]
    if not known[0] <= psnr <= known[-1]:
        return None
    size = np.exp(np.interp(psnr, known, np.log([point.size for point in points])))
    return float(size), float(np.interp(psnr, known, [point.spent for point in points]))


def main() -> int:
    """Measure and print the table."""
    parser = options(__doc__)
    parser.add_argument("--frames", type=int, default=60)
    parser.add_argument("--psnr", type=float, default=39.5)
    args = parser.parse_args()
    os.environ.setdefault("SVT_LOG", "1")  # errors alone
    known = about()
    print(heading(known))
    frames = clip(6 if args.quick else args.frames)
    planes = np.stack([frame.to_ndarray() for frame in frames])
    found: dict[str, dict[str, Any]] = {}
    print(f"| at {args.psnr:g} dB | kB a frame | ms of processor time a frame | PSNR reached |")
    print("| --- | ---: | ---: | --- |")
    for title, (name, given) in SETTINGS.items():
        points = [encoded(frames, planes, name, {**given, "crf": str(quality)}) for quality in QUALITIES]
        reached = f"{min(p.psnr for p in points):.1f} to {max(p.psnr for p in points):.1f}"
        values = at(points, args.psnr)
        row = "not reached | " if values is None else f"{values[0]:.1f} | {values[1]:.1f}"
        print(f"| {title} | {row} | {reached} |", flush=True)
        found[title] = {"psnr": [p.psnr for p in points], "size": [p.size for p in points],
                        "spent": [p.spent for p in points]}  # fmt: skip
    write(args.json, known, {"psnr": args.psnr, "encoders": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
