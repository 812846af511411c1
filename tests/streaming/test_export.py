"""Video export end to end with a real network: count, size, timing, sound; cancelled, full, removed."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from salviewer.core.cues import CueSettings
from salviewer.core.fusion import FusionWeights
from salviewer.core.planes import Planes
from salviewer.core.render import OverlayStyle
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene, render_scene
from salviewer.errors import ExportError, SourceError
from salviewer.media.listing import find_pictures, find_pictures_below
from salviewer.media.video.files import VideoFile
from salviewer.media.video.frames import Frame
from salviewer.media.video.opening import SourceChoice
from salviewer.media.video.pixels import frame_of, to_rgb
from salviewer.models.predictor import Predictor
from salviewer.streaming.drawn_frames import draw
from salviewer.streaming.video_export import CancelledError, VideoOrder, VideoProgress, export_video
from tests.disks import small_disk
from tests.folders import files_in
from tests.video.loopback import mjpeg
from tests.video.videos import make_video, number_of, numbered, rotate

COUNT = 13

FAINT = Scene(style=OverlayStyle(opacity=0.1))
"""So that a frame's number can still be read under the heatmap."""


def order(source: Path | str, target: Path | None, **more: object) -> VideoOrder:
    return VideoOrder(SourceChoice(str(source)), target, **({"scene": FAINT} | more))  # type: ignore[arg-type]


def frames_of(path: Path) -> list[Frame]:
    with closing(VideoFile(path)) as video:
        frames = list(iter(video.read, None))
        assert video.note == ""
        return frames


def sound_of(path: Path) -> tuple[str, float]:
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        return stream.codec_context.name, sum(f.samples for f in container.decode(stream)) / stream.rate


@pytest.mark.parametrize(
    ("target", "codec", "size", "sound"),
    [
        ("out.mp4", "auto", (96, 64), "aac"),
        ("out.mp4", "h264", (96, 64), "aac"),
        ("out.webm", "auto", (95, 63), "opus"),
        ("out.mkv", "av1", (97, 65), "aac"),
    ],
)
def test_every_frame_once_with_its_time_and_the_sound(
    tmp_path: Path, predictor: Predictor, target: str, codec: str, size: tuple[int, int], sound: str
) -> None:
    source = tmp_path / "in.mkv"
    make_video(source, "ffv1", COUNT, size=size, audio=True)
    progresses: list[VideoProgress] = []
    report = export_video(order(source, tmp_path / target, codec=codec), predictor, progresses.append)
    assert report.frames == COUNT
    assert report.notes == ()
    written, read = frames_of(tmp_path / target), frames_of(source)
    assert [number_of(frame.pixels) for frame in written] == list(range(COUNT))
    assert np.allclose([f.seconds for f in written], [f.seconds for f in read], atol=1.1e-3)
    assert written[0].pixels.shape == (size[1], size[0], 3)
    name, seconds = sound_of(tmp_path / target)
    assert name == sound
    assert seconds == pytest.approx(COUNT / 25, abs=0.05)
    assert [progress.done for progress in progresses] == list(range(1, COUNT + 1))
    assert [path.name for path in files_in(tmp_path) if path.name.startswith(".")] == []


def test_a_variable_rate_and_a_rotation_are_kept(tmp_path: Path, predictor: Predictor) -> None:
    times = [0, 40, 50, 200, 210, 211, 400, 900, 901, 1500]
    source = rotate(make_video(tmp_path / "in.mp4", "mpeg4", 10, times=times), 1)
    export_video(order(source, tmp_path / "out.mp4"), predictor)
    written = frames_of(tmp_path / "out.mp4")
    assert [round(1000 * frame.seconds) for frame in written] == times
    assert [number_of(np.rot90(frame.pixels)) for frame in written] == list(range(10))


def test_a_frame_is_what_the_window_shows(tmp_path: Path, predictor: Predictor) -> None:
    """Folders of PNGs are lossless: they hold `render_scene` of the smoothed maps, bit for bit."""
    source = make_video(tmp_path / "in.mkv", "ffv1", 4)
    scene = Scene(outline=True)
    export_video(
        order(source, tmp_path / "frames", maps=tmp_path / "maps.npz", scene=scene,
              cues=CueSettings(half_life=0)), predictor,
    )  # fmt: skip
    names = sorted(path.name for path in files_in(tmp_path / "frames"))
    assert names == [f"frame_{index:06d}.png" for index in range(4)]
    maps = np.load(tmp_path / "maps.npz")
    assert maps["maps"].shape[0] == 4
    assert np.allclose(maps["seconds"], np.arange(4) / 25, atol=1e-3)
    for index, frame in enumerate(frames_of(source)):
        saliency = predictor.predict(frame.pixels)
        assert np.allclose(saliency.density, maps["maps"][index], atol=1e-8)
        shown = np.asarray(Image.open(tmp_path / "frames" / names[index]))
        assert (shown == render_scene(frame.pixels, saliency, scene)).all()


def test_in_planes_a_frame_is_what_the_window_shows(tmp_path: Path, predictor: Predictor) -> None:
    scene, cues = Scene(), CueSettings(half_life=0)
    source = make_video(tmp_path / "in.mp4", "mpeg4", 3, size=(128, 720))
    export_video(
        VideoOrder(SourceChoice(str(source)), tmp_path / "out.webm", scene=scene, cues=cues, quality=100),
        predictor,
    )
    for frame, written in zip(frames_of(source), frames_of(tmp_path / "out.webm"), strict=True):
        saliency = predictor.predict(frame.pixels)
        drawn = draw(frame, saliency, scene, in_planes=True)
        assert isinstance(drawn, Planes)
        again = to_rgb(frame_of(drawn)).astype(int)
        shown = render_scene(frame.pixels, saliency, scene)
        assert np.abs(again - shown).mean() < 1.5
        assert np.abs(written.pixels.astype(int) - again).mean() < 3  # VP9 at its best quality
        assert isinstance(draw(frame, saliency, replace(scene, outline=True), in_planes=True), np.ndarray)


def test_maps_as_16_bit_pictures_with_their_peaks(tmp_path: Path, predictor: Predictor) -> None:
    source = make_video(tmp_path / "in.mkv", "ffv1", 3)
    export_video(order(source, None, maps=tmp_path / "maps", cues=CueSettings(half_life=0)), predictor)
    lines = (tmp_path / "maps" / "maps.csv").read_text().splitlines()
    assert lines[0] == "file,seconds,peak"
    for line, frame in zip(lines[1:], frames_of(source), strict=True):
        name, seconds, peak = line.split(",")
        stored = np.asarray(Image.open(tmp_path / "maps" / name), np.float64) * float(peak) / 65535
        assert np.allclose(stored, predictor.predict(frame.pixels).density, atol=float(peak) / 65000)
        assert float(seconds) == pytest.approx(frame.seconds, abs=1e-3)


def test_motion_can_be_shown_alone(tmp_path: Path, predictor: Predictor) -> None:
    source = make_video(tmp_path / "in.mkv", "ffv1", 6)
    maps = {}
    for name, cues in {
        "plain": CueSettings(half_life=0),
        "motion": CueSettings(FusionWeights.alone("motion"), half_life=0),
    }.items():
        export_video(order(source, None, maps=tmp_path / f"{name}.npz", cues=cues), predictor)
        maps[name] = np.load(tmp_path / f"{name}.npz")["maps"]
        assert np.allclose(maps[name].sum(axis=(1, 2)), 1, atol=1e-4)
    rows = maps["motion"].shape[1]  # the square below is all that moves, beside the number above
    assert not np.allclose(maps["motion"][3], maps["plain"][3])
    assert maps["motion"][3][rows // 2 :].sum() > 0.2


def test_a_damaged_file_gives_what_it_has_and_it_is_reported(tmp_path: Path, predictor: Predictor) -> None:
    whole = make_video(tmp_path / "whole.mkv", "ffv1", 30)
    half = tmp_path / "half.mkv"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    report = export_video(order(half, tmp_path / "out.webm"), predictor)
    assert len(frames_of(tmp_path / "out.webm")) == report.frames
    assert 5 < report.frames < 25
    assert "damaged" in report.notes[0]


def test_what_is_written_is_not_taken_for_an_input(tmp_path: Path, predictor: Predictor) -> None:
    source = make_video(tmp_path / "in.mkv", "ffv1", 3)
    Image.fromarray(numbered(7)).save(tmp_path / "a.png")
    export_video(order(source, tmp_path / "out.mp4"), predictor)
    export_video(order(source, tmp_path / "frames", maps=tmp_path / "maps"), predictor)
    suffixes = frozenset({".png", ".mp4", ".mkv"})
    assert find_pictures([tmp_path], suffixes) == [tmp_path / "a.png", source]
    assert find_pictures_below(tmp_path) == [tmp_path / "a.png"]
    with closing(SourceChoice(str(tmp_path / "frames")).open()) as folder:  # asked for, it is opened
        assert folder.info.count == 3
    for path in files_in(tmp_path / "frames"):
        path.unlink()
    export_video(order(source, tmp_path / "frames"), predictor)  # only the record lay in it
    assert len(files_in(tmp_path / "frames")) == 3


def test_cancelled_it_leaves_nothing_and_what_was_there_stays(tmp_path: Path, predictor: Predictor) -> None:
    source = make_video(tmp_path / "in.mp4", "mpeg4")
    target = tmp_path / "out.mp4"
    target.write_bytes(b"before")
    progresses: list[VideoProgress] = []
    with pytest.raises(CancelledError):
        export_video(
            order(source, target, maps=tmp_path / "m.npz"),
            predictor,
            progresses.append,
            lambda: len(progresses) >= 3,
        )
    assert target.read_bytes() == b"before"
    assert sorted(path.name for path in files_in(tmp_path)) == ["in.mp4", "out.mp4"]


def test_a_source_that_is_removed_leaves_nothing(tmp_path: Path, predictor: Predictor) -> None:
    folder = tmp_path / "frames"
    folder.mkdir()
    for index in range(24):
        Image.fromarray(numbered(index)).save(folder / f"{index}.png")

    def remove(progress: VideoProgress) -> None:
        (folder / "23.png").unlink(missing_ok=True)

    with pytest.raises(SourceError, match=r"23\.png"):
        export_video(order(folder, tmp_path / "out.webm"), predictor, remove)
    assert [path.name for path in tmp_path.iterdir()] == ["frames"]


def test_a_clip_that_changes_size_is_written_at_its_first_size(tmp_path: Path, predictor: Predictor) -> None:
    source = tmp_path / "in.ts"
    parts = [
        make_video(tmp_path / f"{width}.ts", "libx264", 6, size=(width, 64), gop=3) for width in (96, 160)
    ]
    source.write_bytes(b"".join(part.read_bytes() for part in parts))
    for target in ("out.webm", "frames"):
        report = export_video(order(source, tmp_path / target, maps=tmp_path / f"{target}.npz"), predictor)
        assert report.frames == 12
        assert [note for note in report.notes if "160 x 64; scaled to 96 x 64" in note]
        assert len(np.load(tmp_path / f"{target}.npz")["maps"]) == 12
    written = frames_of(tmp_path / "out.webm")
    assert {frame.pixels.shape for frame in written} == {(64, 96, 3)}
    pictures = [np.asarray(Image.open(path)) for path in sorted(files_in(tmp_path / "frames"))]
    assert {picture.shape for picture in pictures} == {(64, 96, 3)}


@pytest.mark.parametrize("size", [(1, 1), (2, 90), (90, 2), (7, 7), (3, 1000), (600, 20)])
def test_the_smallest_and_narrowest_clips(
    tmp_path: Path, predictor: Predictor, size: tuple[int, int]
) -> None:
    width, height = size
    source = tmp_path / "in"
    source.mkdir()
    rng = np.random.default_rng(3)
    for index in range(3):
        pixels = rng.integers(100, 106, (height, width, 3), dtype=np.uint8)  # no cut: motion is looked for
        Image.fromarray(pixels).save(source / f"{index}.png")
    cues = CueSettings(FusionWeights(motion=1, regions=1))
    export_video(order(source, tmp_path / "out", maps=tmp_path / "m.npz", cues=cues), predictor)
    assert np.asarray(Image.open(tmp_path / "out" / "frame_000002.png")).shape == (height, width, 3)
    report = export_video(order(source, tmp_path / "out.webm", cues=cues), predictor)
    assert report.frames == 3


class Tiring:
    """A network that fails at a frame."""

    name, device_title = "tiring", "nothing"

    def __init__(self, predictor: Predictor, last: int) -> None:
        self._predictor, self._left = predictor, last

    def predict(self, pixels: NDArray[np.uint8]) -> SaliencyMap:
        self._left -= 1
        if self._left < 0:
            raise RuntimeError("out of breath")
        return self._predictor.predict(pixels)


def test_what_fails_on_the_way_keeps_what_was_recorded(tmp_path: Path, predictor: Predictor) -> None:
    with mjpeg() as served:
        report = export_video(order(served.url, tmp_path / "out.mkv"), Tiring(predictor, 5))
    assert "out of breath" in str(report.error)
    assert len(frames_of(tmp_path / "out.mkv")) == report.frames >= 1
    source = make_video(tmp_path / "in.mp4", "mpeg4", 12)
    with pytest.raises(RuntimeError, match="out of breath"):  # a file can be read again: nothing half is left
        export_video(order(source, tmp_path / "file.mkv"), Tiring(predictor, 5))
    assert not (tmp_path / "file.mkv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="file-size limits are POSIX")
def test_a_full_disk_is_reported_and_leaves_nothing(tmp_path: Path, model_folder: Path) -> None:
    """A file-size limit stands for the full disk: the kernel refuses the bytes all the same."""
    source = tmp_path / "in"
    source.mkdir()
    rng = np.random.default_rng(5)
    for index in range(5):
        noise = rng.integers(0, 255, (240, 320, 3), dtype=np.uint8)
        Image.fromarray(noise).save(source / f"{index}.png")
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from salviewer.streaming.video_export import VideoOrder, export_video\n"
        "from salviewer.media.video.opening import SourceChoice\n"
        "from salviewer.models.loading import load_model\n"
        "from salviewer.errors import ExportError\n"
        "model, source, *targets = sys.argv[1:]\n"
        "predictor = load_model(model, 'cpu')\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "for target in map(Path, targets):\n"
        "    maps, shown = (target, None) if target.suffix == '.npz' else (None, target)\n"
        "    try:\n"
        "        export_video(VideoOrder(SourceChoice(source), shown, maps), predictor)\n"
        "    except ExportError as error:\n"
        "        print(error)\n"
    )
    targets = [str(tmp_path / name) for name in ("out.mkv", "out.mp4", "frames", "maps.npz")]
    ended = subprocess.run(
        [sys.executable, "-c", code, str(model_folder), str(source), *targets],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == targets
    assert all("the file would be larger than is allowed here" in line for line in lines)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize("name", ["out.mp4", "out.mkv", "out.webm"])
def test_a_full_disk_ends_a_recording_that_can_be_played(
    tmp_path: Path, predictor: Predictor, name: str
) -> None:
    def noise(index: int, size: tuple[int, int] = (320, 240)) -> NDArray[np.uint8]:
        return np.random.default_rng(index).integers(0, 255, (size[1], size[0], 3), np.uint8)

    with small_disk(tmp_path / "disk", "900k") as disk, mjpeg(picture=noise) as served:
        report = export_video(order(served.url, disk / name, quality=100), predictor)
        assert str(report.error) == f"{disk / name}: it could not be written: the disk is full"
        assert report.frames >= 3
        assert 3 <= len(frames_of(disk / name)) <= report.frames
        assert [path.name for path in disk.iterdir() if path.name.startswith(".salviewer-")] == []


def test_refused_before_any_work(tmp_path: Path, predictor: Predictor) -> None:
    source = make_video(tmp_path / "in.mp4", "mpeg4", 3)
    before = source.read_bytes()
    for target, said in [(source, "the source itself"), (tmp_path / "a.gif", "no video format")]:
        with pytest.raises(ExportError, match=said):
            export_video(order(source, target), predictor)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    with pytest.raises(ExportError, match="new or empty folder"):
        export_video(order(source, tmp_path / "full"), predictor)
    with pytest.raises(ExportError, match=r"H\.264 needs even sides"):
        odd = make_video(tmp_path / "odd.mkv", "ffv1", 3, size=(95, 63))
        export_video(order(odd, tmp_path / "x.mp4", codec="h264"), predictor)
    assert source.read_bytes() == before
    assert (tmp_path / "full" / "x").exists()


def test_a_recording_goes_on_over_lost_connections(tmp_path: Path, predictor: Predictor) -> None:
    with mjpeg(last=10) as served:
        report = export_video(order(served.url, tmp_path / "out.mkv", retry=0.05, frames=25), predictor)
        assert served.asked >= 3
    written = frames_of(tmp_path / "out.mkv")
    assert len(written) == report.frames == 25
    times = [frame.seconds for frame in written]
    assert times == sorted(set(times)) and times[-1] > 0.7
    assert report.notes == ("the connection was lost and opened again",)
    assert report.error is None


def test_a_stream_that_is_not_there_yet_is_waited_for(tmp_path: Path, predictor: Predictor) -> None:
    with mjpeg() as served:
        served.refuse.set()
        threading.Timer(0.4, served.refuse.clear).start()
        report = export_video(order(served.url, tmp_path / "out.mkv", retry=0.05, frames=3), predictor)
    assert report.frames == 3


def test_a_stream_is_recorded_until_it_dies(tmp_path: Path, predictor: Predictor) -> None:
    with mjpeg(last=20) as served:
        report = export_video(order(served.url, tmp_path / "out.webm"), predictor)
    written = frames_of(tmp_path / "out.webm")
    assert len(written) == report.frames >= 15
    assert report.notes and "stream" in report.notes[0]
