"""Compare a video export with plain loops, in turns: frames a second, processor time, size and quality.

    python benchmarks/export.py [--rounds 5] [--frames 60] [--json FILE]

1920x1080 in MPEG-4, with the heatmap of live_net:

- export: `export_video` as it ships.
- in sequence: its own decoder, network, drawing and encoder, one after another, with frames in RGB.
- plain loop: cv2 reads, eager torch predicts, cv2 colours and blends, and PyAV writes with the export's own
  encoder and options, so that quality and size are equal.
- plain loop, MPEG-4: the same, but cv2 writes, with the only encoder that it offers at a usable speed.

Ratios come from rounds in turns, of the median of both times. PSNR compares each file with the frames that
its loop drew, in the encoder's own planes: luma and both colours together. Processor time is that of all
threads, and tells more than the clock if other programs run.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import checkout  # noqa: F401
import cv2
import live
import numpy as np
from common import about, heading, options, write
from numpy.typing import NDArray

from salviewer.core.cues import Cues
from salviewer.core.scene import Scene, render_scene
from salviewer.media.video.codecs import choose_encoder
from salviewer.media.video.files import VideoFile
from salviewer.media.video.libav import load_av
from salviewer.media.video.opening import SourceChoice
from salviewer.media.video.pixels import frame_of
from salviewer.media.video.writer import video_writer
from salviewer.models.loading import load_model
from salviewer.streaming.drawn_frames import draw
from salviewer.streaming.video_export import VideoOrder, export_video

Pixels = NDArray[np.uint8]
SIZE = (1920, 1080)


class Loops:
    """The ways to write the same overlays.

    Args:
        path: the video.
        folder: where files are written.
        count: frames of each.
    """

    def __init__(self, path: Path, folder: Path, count: int) -> None:
        self._path, self._folder, self._count = path, folder, count
        self._ours = load_model("live_net", "cpu", shared=True)
        self._plain = live.plain_predictor()

    def target(self, name: str) -> Path:
        """Return the file of a loop."""
        return self._folder / f"{name.replace(' ', '-')}.{'mp4' if 'MPEG-4' in name else 'webm'}"

    def export(self) -> None:
        """Write as the program does."""
        source = SourceChoice(str(self._path))
        export_video(VideoOrder(source, self.target("export"), frames=self._count, sound=False), self._ours)

    def sequence(self, drawn: list[Pixels] | None = None) -> None:
        """Write one frame after another; `drawn` takes what the program draws."""
        cues, scene = Cues(), Scene()
        with (
            closing(VideoFile(self._path)) as source,
            video_writer(self.target("in sequence"), source.info, SIZE) as writer,
        ):
            for _ in range(self._count):
                frame = source.read()
                assert frame is not None
                saliency = self._ours.predict(frame.pixels)
                saliency = replace(
                    saliency, density=cues.update(frame.pixels, saliency.density, frame.seconds)
                )
                if drawn is not None:
                    drawn.append(frame_of(draw(frame, saliency, scene, in_planes=True)).to_ndarray())
                writer.write(render_scene(frame.pixels, saliency, scene), frame.ticks)

    def plain(self, drawn: list[Pixels] | None = None) -> None:
        """Write as one would without this program, with the encoder of the export."""
        av, target = load_av(), self.target("plain loop")
        encoder = choose_encoder(target, "auto", SIZE)
        with av.open(str(target), "w") as container:
            stream = container.add_stream(encoder.name, rate=30, options=encoder.options)
            stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
            stream.codec_context.thread_count = 0
            for number, blended in enumerate(self._blended()):
                frame = av.VideoFrame.from_ndarray(blended, "bgr24").reformat(format="yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, 30)
                if drawn is not None:
                    drawn.append(frame.to_ndarray())
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))

    def mpeg4(self, drawn: list[Pixels] | None = None) -> None:
        """Write as one would without this program, with OpenCV's own encoder."""
        av = load_av()
        code = cv2.VideoWriter_fourcc(*"mp4v")  # type: ignore[attr-defined]
        writer = cv2.VideoWriter(str(self.target("plain loop, MPEG-4")), code, 30, SIZE)
        for blended in self._blended():
            if drawn is not None:
                frame = av.VideoFrame.from_ndarray(blended, "bgr24").reformat(format="yuv420p")
                drawn.append(frame.to_ndarray())
            writer.write(blended)
        writer.release()

    def _blended(self) -> Iterator[Pixels]:
        capture = cv2.VideoCapture(str(self._path))
        for _ in range(self._count):
            frame = np.asarray(capture.read()[1], np.uint8)
            yield live.plain_blend(frame, self._plain(live.in_rgb(frame)))
        capture.release()


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Return the seconds by the clock and of processor time."""
    clock, spent = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - spent


def psnr(path: Path, drawn: list[Pixels]) -> float:
    """Compare a file with what was to be in it, in planes."""
    with load_av().open(str(path)) as video:
        errors = [
            float(np.square(frame.to_ndarray().astype(np.float32) - wanted).mean())
            for frame, wanted in zip(video.decode(video=0), drawn, strict=True)
        ]
    return float(10 * np.log10(255**2 / np.mean(errors)))


def main() -> int:
    """Measure and print the table."""
    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=60)
    chosen = parser.parse_args()
    rounds, count = (1, 4) if chosen.quick else (chosen.rounds, min(chosen.frames, 150))
    known = about()
    print(heading(known))
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loops = Loops(live.film(folder / "film.mp4", SIZE, count), folder, count)
        ways: dict[str, Callable[[], None]] = {
            "export": loops.export,
            "in sequence": loops.sequence,
            "plain loop": loops.plain,
            "plain loop, MPEG-4": loops.mpeg4,
        }
        taken: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
        for number in range(rounds + 1):
            for way, work in ways.items():
                once = timed(work)
                if number or chosen.quick:  # the first loads and warms
                    taken[way].append(once)
        drawn: dict[str, list[Pixels]] = {way: [] for way in ways}
        loops.sequence(drawn["in sequence"])
        drawn["export"] = drawn["in sequence"]
        loops.plain(drawn["plain loop"])
        loops.mpeg4(drawn["plain loop, MPEG-4"])
        for way in ways:
            clock, spent = np.median(taken[way], axis=0) / count
            least = min(one[1] for one in taken[way]) / count
            size = loops.target(way).stat().st_size / count / 1e3
            quality = psnr(loops.target(way), drawn[way])
            found[way] = {"rate": 1 / clock, "spent": 1e3 * spent, "least": 1e3 * least, "kb": size}
            found[way]["psnr"] = quality
    print("| | frames a second | ms of processor time a frame, median | least | kB a frame | PSNR, dB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for way, row in found.items():
        numbers = f"{row['rate']:.1f} | {row['spent']:.1f} | {row['least']:.1f} | {row['kb']:.1f}"
        print(f"| {way} | {numbers} | {row['psnr']:.1f} |")
    for way in list(ways)[1:]:
        rate = found["export"]["rate"] / found[way]["rate"]
        spent = found[way]["least"] / found["export"]["least"]
        print(f"export against {way}: {rate:.2f} times the rate, {spent:.2f} times less processor time")
    write(chosen.json, known, {"rounds": rounds, "frames": count, "loops": found})
    return 0


if __name__ == "__main__":
    sys.exit(main())
