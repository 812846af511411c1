"""Measure live overlays: rate, delay and smoothness, compared with a plain loop.

    python benchmarks/live.py [--seconds 10] [--memory 3000] [--hour] [--quick] [--json FILE]

- The real window plays a video of 640x480 and one of 1920x1080 at 30 frames a second, under DISPLAY or
  offscreen: overlays painted per second, time from decoded frame to screen, the window's longest stall,
  and processor load.
- The plain loop: cv2 reads, eager torch predicts, cv2 colours and blends, in sequence, without display.
- Memory while frames go through the pipeline as fast as possible; --hour feeds 108,000.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import common
import cv2
import numpy as np
import psutil
from numpy.typing import NDArray

from salviewer.core.scene import Scene, render_scene
from salviewer.media.video.opening import SourceChoice
from salviewer.models.loading import load_model
from salviewer.streaming.pipeline import LivePipeline, Shown
from salviewer.streaming.player import Player

TICK = 5
Pixels = NDArray[np.uint8]


def main() -> int:
    """Run all and print a table."""
    parser = common.options(__doc__)
    parser.add_argument("--seconds", type=float, default=10.0, help="that each video is watched")
    parser.add_argument("--memory", type=int, default=3000, help="frames watched for memory; 0: none")
    parser.add_argument("--hour", action="store_true", help="watch memory for an hour's worth of frames")
    chosen = parser.parse_args()
    seconds = 2.0 if chosen.quick else chosen.seconds
    watched = 108_000 if chosen.hour else 200 if chosen.quick else chosen.memory
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    known = common.about()
    print(common.heading(known))
    values: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["SALVIEWER_CONFIG_DIR"] = str(folder / "settings")
        small = film(folder / "small.mp4", (640, 480), 300)
        large = film(folder / "large.mp4", (1920, 1080), 150)
        plain = plain_predictor()
        for path, title in ((small, "640x480"), (large, "1920x1080")):
            values[title] = watch(str(path), title, seconds, plain_rate(path, plain))
        if watched:
            values["memory"] = memory(small, watched)
    common.write(chosen.json, known, values)
    return 0


def film(path: Path, size: tuple[int, int], count: int) -> Path:
    """Make a video of a camera panning over a large picture; MPEG-4 at 30 frames per second."""
    import av

    width, height = size
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 255, (24, 40, 3), dtype=np.uint8)
    scene = cv2.resize(coarse, (width * 3 // 2, height * 3 // 2), interpolation=cv2.INTER_CUBIC)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.bit_rate = 6 * width * height
        for index in range(count):
            left = round(width / 4 * (1 + np.sin(index / 20)))
            top = round(height / 4 * (1 + np.cos(index / 31)))
            view: Pixels = np.ascontiguousarray(scene[top : top + height, left : left + width])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(view, "rgb24")))
        container.mux(stream.encode())
    return path


def plain_predictor() -> Callable[[Pixels], NDArray[np.float32]]:
    """Make the network with torch's defaults."""
    import torch

    predictor = load_model("live_net", "cpu", "torch")
    network = predictor.engine.network  # type: ignore[attr-defined]
    rows, columns = 240, 320

    def predict(pixels: Pixels) -> NDArray[np.float32]:
        small = cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA)
        batch = torch.from_numpy(small).permute(2, 0, 1)[None].float()
        with torch.no_grad():
            out = network(batch)[0].squeeze()
        field = torch.softmax(out.flatten(), 0).reshape(out.shape).numpy()
        return np.asarray(field / field.max(), np.float32)

    return predict


def plain_blend(pixels: Pixels, field: NDArray[np.float32]) -> Pixels:
    """Colour, scale and blend a map."""
    height, width = pixels.shape[:2]
    large = cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC)
    colours = cv2.applyColorMap(np.clip(255 * large, 0, 255).astype(np.uint8), cv2.COLORMAP_TURBO)
    return np.asarray(cv2.addWeighted(pixels, 0.5, colours, 0.5, 0), np.uint8)


def in_rgb(frame: Pixels) -> Pixels:
    """Convert from OpenCV's channel order."""
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), np.uint8)


def plain_rate(path: Path, predict: Callable[[Pixels], NDArray[np.float32]]) -> float:
    """Return the plain loop's frames per second."""
    capture = cv2.VideoCapture(str(path))
    count, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < 5:
        done, pixels = capture.read()
        if not done:
            capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            continue
        frame = np.asarray(pixels, np.uint8)
        plain_blend(frame, predict(in_rgb(frame)))
        count += 1
    capture.release()
    return count / (time.perf_counter() - begun)


def watch(
    ref: str,
    title: str,
    seconds: float,
    plain: float,
    at: tuple[int, int] | None = None,
    begun_with: Callable[[Any], None] = lambda window: None,
) -> dict[str, float]:
    """Play a video or another live source in the real window and report.

    Args:
        ref: what the window opens.
        title: of the report.
        seconds: how long it is measured.
        plain: frames a second of a plain loop.
        at: where the window lies; wherever the system puts it if None.
        begun_with: called with the window when the first overlay is there.
    """
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtWidgets import QApplication

    from salviewer.app.composition import compose
    from salviewer.app.features.live.feature import LiveFeature
    from salviewer.app.state.settings import SettingsFile
    from salviewer.app.workers.inference import Engine

    application = QApplication.instance() or QApplication(["benchmark"])
    window = compose(SettingsFile(), Engine("live_net", "cpu"))
    window.resize(1280, 860)
    if at is not None:
        window.move(*at)
    window.show()
    window.bench.settings.change_live(loop=True)
    window.bench.session.request([ref])

    def pump(until: Callable[[], bool]) -> None:
        while not until():
            application.processEvents()
            time.sleep(0.002)

    pump(lambda: window.bench.stage.canvas.layer is not None)
    begun_with(window)
    settle = time.perf_counter() + 2
    pump(lambda: time.perf_counter() > settle)
    gaps: list[float] = []
    last = [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        gaps.append(1000 * (now - last[0]))
        last[0] = now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(TICK)
    hud, run = window.feature(LiveFeature).hud, window.feature(LiveFeature).run
    assert run is not None
    painted, dropped, maps = hud.painted.count, run.dropped, run.pipeline.stats.inference_rate
    begun, busy = time.perf_counter(), time.process_time()
    last[0] = begun
    QTimer.singleShot(round(1000 * seconds), application.quit)
    application.exec()
    took, used = time.perf_counter() - begun, time.process_time() - busy
    timer.stop()
    stats = run.pipeline.stats
    rate = (hud.painted.count - painted) / took
    busy_share = 100 * used / took / (os.cpu_count() or 1)
    each = 1000 * used / max(1, hud.painted.count - painted)
    faster, new = rate / plain, max(stats.inference_rate, maps)
    median, p95 = (hud.latency.percentile(percent) for percent in (50, 95))
    lost = run.dropped - dropped
    print(f"\n{title} at 30 frames/s in the window, {application.platformName()}")  # type: ignore[attr-defined]
    print(f"  overlays painted      {rate:6.1f} a second; plain loop, unpaced, {plain:.1f}: {faster:.1f}x")
    print(f"  new maps              {new:6.1f} a second, {stats.predict:.0f} ms each")
    print(f"  frame to screen       {median:6.1f} ms median, {p95:.1f} p95")
    print(f"  window's longest gap  {max(gaps):6.1f} ms, p99 {np.percentile(gaps, 99):.1f}")
    print(f"  processor             {busy_share:6.0f} % of {os.cpu_count()} cores; {lost} dropped")
    print(f"  processor time        {each:6.1f} ms an overlay")
    window.close()
    return {
        "painted": rate,
        "plain": plain,
        "maps": new,
        "latency_ms": median,
        "latency_p95_ms": p95,
        "gap_ms": max(gaps),
        "busy_percent": busy_share,
        "processor_ms": each,
        "dropped": lost,
    }


def memory(path: Path, frames: int) -> dict[str, float]:
    """Track resident memory while frames go through decoder, network, filter and renderer."""
    predictor = load_model("live_net", "cpu")
    enough = threading.Event()
    sizes: list[float] = []
    process = psutil.Process()

    def shown(_: Shown) -> None:
        if pipeline.feed.given >= len(sizes) * frames / 20:
            sizes.append(process.memory_info().rss / 2**20)
        if pipeline.feed.given >= frames:
            enough.set()

    scene = Scene()
    pipeline = LivePipeline(
        SourceChoice(str(path)),
        lambda: predictor,
        render=lambda frame, saliency: (
            None if saliency is None else render_scene(frame.pixels, saliency, scene)
        ),
        on_shown=shown,
        loop=True,
    )
    assert isinstance(pipeline.feed, Player)
    pipeline.feed.set_speed(100)
    begun = time.perf_counter()
    pipeline.start()
    enough.wait()
    pipeline.close()
    pipeline.join(30)
    took = time.perf_counter() - begun
    settled = sizes[len(sizes) // 4 :]
    count = pipeline.feed.given
    minutes = count / 30 / 60
    print(f"\nMemory over {count} frames of 640x480, {minutes:.0f} min at 30 a second, in {took:.0f} s")
    print(f"  after a quarter {settled[0]:.0f} MiB, most {max(settled):.0f}, at the end {settled[-1]:.0f}")
    return {"frames": count, "quarter_mib": settled[0], "most_mib": max(settled), "end_mib": settled[-1]}


if __name__ == "__main__":
    raise SystemExit(main())
