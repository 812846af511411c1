"""The user's own detector: boxes from a real file in the fused map, refusals, and failures at run time."""

from __future__ import annotations

import os
import re
import sys
import textwrap
from pathlib import Path

import cv2
import numpy as np
import pytest

from salviewer.core.cues import CueSettings
from salviewer.core.fusion import FusionWeights
from salviewer.core.proposals import Region, box_map
from salviewer.errors import DetectorError
from salviewer.media.video.opening import SourceChoice
from salviewer.models.predictor import Predictor
from salviewer.streaming.detector import Detector, split
from salviewer.streaming.pipeline import LivePipeline, Shown
from salviewer.streaming.player import Player
from salviewer.streaming.video_export import VideoOrder, export_video
from salviewer.streaming.watch import Observation, Remark, WatchOrder, watch
from tests.streaming.test_pipeline import SpotPredictor, running
from tests.streaming.watching import Calls
from tests.video.videos import make_video, numbered

FRAME = numbered(0)  # 96 x 64
HALF = CueSettings(FusionWeights(regions=1.0), half_life=0)
COUNTING = """
calls = 0

def detect(frame):
    global calls
    calls += 1
    if calls > 3:
        raise RuntimeError("tired")
    return [(0, 0, 24, 64)]
"""


def written(folder: Path, code: str) -> Path:
    path = folder / "boxes.py"
    path.write_text(code)
    return path


def using(detector: Path | str, cues: CueSettings = HALF) -> CueSettings:
    return CueSettings(cues.weights, cues.half_life, str(detector))


def left_share(density: np.ndarray) -> float:
    return float(density[:, : density.shape[1] // 4].sum())


def exported(
    source: Path, target: Path, predictor: Predictor, cues: CueSettings
) -> tuple[np.ndarray, tuple[str, ...]]:
    report = export_video(VideoOrder(SourceChoice(str(source)), None, target, cues=cues), predictor)
    return np.load(target)["maps"], report.notes


def test_boxes_are_clipped_and_weighed(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "import numpy as np\n"
        "def detect(frame):\n"
        "    assert frame.shape == (64, 96, 3) and frame.dtype == np.uint8\n"
        "    frame[:] = 0\n"
        "    return [(48, 16, 24, 32), np.array([-10, -10, 20, 20, 2.0]), (200, 0, 5, 5), (3, 3, 0, 9)]\n"
        "def none(frame):\n"
        "    yield from ()\n",
    )  # fmt: skip
    before = FRAME.copy()
    assert Detector(str(path)).find(FRAME) == (
        Region(0.5, 0.25, 0.75, 0.75, 0.0, 0.5),
        Region(0, 0, 10 / 96, 10 / 64, 0.0, 1.0),
    )
    assert (before == FRAME).all()
    assert Detector(f"{path}:none").find(FRAME) == ()
    assert [entry.name for entry in tmp_path.iterdir()] == ["boxes.py"]


def test_a_ref_names_a_file_and_a_function() -> None:
    assert split("a/b.py") == (Path("a/b.py"), "detect")
    assert split("a/b.py:faces") == (Path("a/b.py"), "faces")
    assert split(r"C:\a\b.py") == (Path(r"C:\a\b.py"), "detect")
    assert split(r"C:\a\b.py:faces") == (Path(r"C:\a\b.py"), "faces")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def detect(frame:\n", "it is not valid Python: "),
        ("import no_such\n", "running it raised ModuleNotFoundError: No module named 'no_such' (line 1)"),
        ("raise SystemExit(3)\n", "running it raised SystemExit: 3 (line 1)"),
        ("def other(frame):\n    return []\n", "it has no function 'detect'; FILE.py:FUNCTION names another"),
        ("detect = 3\n", "it has no function 'detect'; FILE.py:FUNCTION names another"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used(tmp_path: Path, code: str, said: str) -> None:
    path = written(tmp_path, code)
    modules = set(sys.modules)
    with pytest.raises(DetectorError) as refused:
        Detector(str(path))
    assert str(refused.value).startswith(f"{path}: {said}")
    assert "\n" not in str(refused.value)
    del refused
    assert not {name for name in set(sys.modules) - modules if name.startswith("_salviewer_detector")}


def test_what_is_no_python_file(tmp_path: Path) -> None:
    other = tmp_path / "boxes.txt"
    other.write_text("def detect(frame): return []")
    for path, said in [
        (tmp_path / "none.py", "there is no such file"),
        (other, "a detector is a Python file (.py)"),
        (tmp_path, "a detector is a Python file (.py)"),
    ]:
        with pytest.raises(DetectorError) as refused:
            Detector(str(path))
        assert str(refused.value) == f"{path}: {said}"


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("1 / 0", "detect raised ZeroDivisionError: division by zero (line 2)"),
        ("sorted(3)", "detect raised TypeError: 'int' object is not iterable (line 2)"),
        ("None", "detect returned None in place of boxes"),
        ("7", "detect returned 7 in place of boxes"),
        ("[3]", "detect returned 3 where a box is (x, y, width, height[, weight[, label]])"),
        ("['ab']", "detect returned 'ab' where a box is (x, y, width, height[, weight[, label]])"),
        ("['1234']", "detect returned '1234' where a box is (x, y, width, height[, weight[, label]])"),
        ("'1234'", "detect returned '1234' in place of boxes"),
        ("[(1, 2, 3)]", "detect returned a box of 3 numbers; it is (x, y, width, height[, weight[, label]])"),
        ("[(1, 2, 3, float('nan'))]", "detect returned the box (1, 2, 3, nan), which is not finite"),
        ("[(1, 2, -3, 4)]", "detect returned the box (1, 2, -3, 4), whose size is negative"),
        ("[(1, 2, 3, 4, -1)]", "detect returned the box (1, 2, 3, 4, -1), whose weight is negative"),
        (
            "__import__('itertools').repeat((1, 2, 3, 4))",
            "detect returned more than 1000 boxes for one frame",
        ),
    ],
)
def test_what_is_no_box(tmp_path: Path, returned: str, said: str) -> None:
    path = written(tmp_path, f"def detect(frame):\n    return {returned}\n")
    with pytest.raises(DetectorError) as refused:
        Detector(str(path)).find(FRAME)
    assert str(refused.value) == f"{path}: {said}"


def test_modules_beside_the_file_are_found_and_a_changed_file_is_stale(tmp_path: Path) -> None:
    (tmp_path / "helper_of_boxes.py").write_text("BOX = (0, 0, 48, 64)\n")
    path = written(tmp_path, "from helper_of_boxes import BOX\ndef detect(frame): return [BOX]\n")
    try:
        detector = Detector(str(path))
        assert detector.find(FRAME)[0].right == 0.5
    finally:
        sys.modules.pop("helper_of_boxes", None)
        sys.path.remove(str(tmp_path))
    assert not detector.stale
    os.utime(path, (1, 1))
    assert detector.stale


def test_boxes_change_the_map_where_they_lie(tmp_path: Path, predictor: Predictor) -> None:
    source = make_video(tmp_path / "in.mkv", "ffv1", 3)
    path = written(tmp_path, "def detect(frame):\n    return [(0, 0, 24, 64)]\n")
    own, _ = exported(source, tmp_path / "own.npz", predictor, HALF)
    boxed, notes = exported(source, tmp_path / "boxed.npz", predictor, using(path))
    assert notes == ()
    for before, after in zip(own, boxed, strict=True):
        assert left_share(after) > left_share(before) + 0.2
        assert after.sum() == pytest.approx(1, abs=1e-4)
    unused = CueSettings(half_life=0, detector=str(tmp_path / "none.py"))  # objects do not count
    assert exported(source, tmp_path / "unused.npz", predictor, unused)[1] == ()


def test_a_detector_that_cannot_be_loaded_begins_nothing(tmp_path: Path, predictor: Predictor) -> None:
    source = make_video(tmp_path / "in.mkv", "ffv1", 3)
    cues = using(tmp_path / "none.py")
    with pytest.raises(DetectorError, match="there is no such file"):
        exported(source, tmp_path / "maps.npz", predictor, cues)
    with pytest.raises(DetectorError, match="there is no such file"):
        next(watch(WatchOrder(SourceChoice(str(source)), cues=cues), predictor))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.mkv"]


def test_one_that_fails_on_the_way_is_reported_once_and_the_video_goes_on(
    tmp_path: Path, predictor: Predictor
) -> None:
    source, path = make_video(tmp_path / "in.mkv", "ffv1", 8), written(tmp_path, COUNTING)
    message = (
        f"{path}: detect raised RuntimeError: tired (line 8);"
        " from there on, objects are the map's own regions"
    )
    own, _ = exported(source, tmp_path / "own.npz", predictor, HALF)
    boxed, notes = exported(source, tmp_path / "boxed.npz", predictor, using(path))
    assert notes == (message,)
    same = [np.array_equal(before, after) for before, after in zip(own, boxed, strict=True)]
    assert same == [False] * 3 + [True] * 5
    events = list(watch(WatchOrder(SourceChoice(str(source)), cues=using(path)), predictor))
    assert sum(isinstance(event, Observation) for event in events) == 8
    assert [event for event in events if isinstance(event, Remark)] == [Remark(message)]


def test_the_live_pipeline_falls_back_and_takes_the_file_again(tmp_path: Path) -> None:
    clip = make_video(tmp_path / "clip.mkv", "ffv1", 30)
    path = written(tmp_path, COUNTING)
    shown: Calls[Shown] = Calls()
    fallbacks: Calls[DetectorError] = Calls()
    failures: Calls[Exception] = Calls()
    pipeline = LivePipeline(
        SourceChoice(str(clip)), SpotPredictor, on_shown=shown, on_failure=failures, on_fallback=fallbacks,
        playing=False, cues=using(path, CueSettings(FusionWeights.alone("regions"), 0)),
    )  # fmt: skip

    def at(index: int) -> float:
        assert isinstance(pipeline.feed, Player)
        pipeline.feed.seek(index)
        last = shown.wait(lambda calls: calls[-1].predicted == index == calls[-1].frame.index)[-1]
        assert last.saliency is not None
        return left_share(last.saliency.density)

    with running(pipeline):
        shown.wait(lambda calls: calls[-1].predicted == 0)
        assert [at(index) > 0.9 for index in (20, 21)] == [True, True]  # the square is to the right
        assert [at(index) > 0.9 for index in (22, 23)] == [False, False]
        assert len(fallbacks.all) == 1
        path.write_text("def detect(frame):\n    return [(0, 0, 24, 64)]\n")
        pipeline.set_cues(using(path, CueSettings(FusionWeights.alone("regions"), 0)))
        shown.wait(
            lambda calls: calls[-1].saliency is not None and left_share(calls[-1].saliency.density) > 0.9
        )
        assert at(24) > 0.9
    assert (len(fallbacks.all), failures.all) == (1, [])


def test_the_example_of_the_documentation_finds_a_code(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "live.md").read_text(encoding="utf-8")
    example = re.search(r"\n\n((?:    .*\n|\n)+?)\nIt receives every frame", page)
    assert example is not None
    detector = Detector(str(written(tmp_path, textwrap.dedent(example[1]))))
    code = cv2.resize(cv2.QRCodeEncoder.create().encode("salviewer"), None, fx=5, fy=5, interpolation=0)
    frame = np.full((300, 400, 3), 220, np.uint8)
    assert detector.find(frame) == ()
    height, width = code.shape
    frame[60 : 60 + height, 200 : 200 + width] = code[..., None]
    (found,) = detector.find(frame)
    assert 200 <= found.left * 400 < found.right * 400 <= 200 + width
    assert 60 <= found.top * 300 < found.bottom * 300 <= 60 + height
    assert (found.right - found.left) * 400 > 0.7 * width


def test_a_small_box_is_on_the_map(tmp_path: Path) -> None:
    density = np.full((20, 30), 1 / 600, np.float32)
    boxed = box_map([Region(0.501, 0.501, 0.505, 0.505, 0)], density)
    assert boxed is not None
    assert np.unravel_index(int(boxed.argmax()), boxed.shape) == (10, 15)
    assert box_map([Region(1.2, 0.1, 1.3, 0.2, 0), Region(-0.3, 0, -0.29, 1, 0)], density) is None
