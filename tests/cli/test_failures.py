"""A failure gives one sentence and does not affect the rest."""

import io
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from tests.folders import files_in

ROOT = Path(__file__).parents[2]
PHOTO = Image.fromarray(data.coffee())


def jpeg(image: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", **options)
    return stream.getvalue()


def make_good(folder: Path) -> dict[str, tuple[int, int]]:
    """Unusual pictures that must work: name to (width, height) upright."""
    Image.fromarray(np.asarray(PHOTO.convert("L")).astype(np.uint16) * 257).save(folder / "deep.png")
    PHOTO.convert("CMYK").save(folder / "cmyk.jpg")
    palette = PHOTO.quantize(16)
    palette.save(folder / "palette.png", transparency=0)
    PHOTO.convert("L").save(folder / "grey.png")
    PHOTO.save(folder / "animated.gif", save_all=True, append_images=[PHOTO.rotate(9)])
    exif = Image.Exif()
    exif[0x0112] = 6
    PHOTO.save(folder / "turned.jpg", exif=exif)
    PHOTO.resize((30_000, 12)).save(folder / "wide.png")
    PHOTO.resize((1, 1)).save(folder / "dot.png")
    sizes = dict.fromkeys(("deep", "cmyk", "palette", "grey", "animated"), PHOTO.size)
    return sizes | {"turned": PHOTO.size[::-1], "wide": (30_000, 12), "dot": (1, 1)}


def make_bad(folder: Path) -> list[Path]:
    whole = jpeg(PHOTO)
    contents = {"diary.jpg": b"Dear diary", "half.jpg": whole[: len(whole) // 2], "nothing.png": b""}
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    (folder / "empty").mkdir()
    return [*(folder / name for name in contents), folder / "empty", folder / "missing.jpg"]


def test_every_kind_of_input_works_or_says_why_not(predict, tmp_path):
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.mkdir()
    bad.mkdir()
    sizes, failing = make_good(good), make_bad(bad)
    ended = predict(*failing[:2], good, *failing[2:], "-o", tmp_path / "out")
    assert ended.code == 1
    assert ended.out[-1].startswith(f"{len(sizes)} overlays written, {len(failing)} failed in ")
    assert len(ended.err) == len(failing)
    for path in failing:
        (line,) = [line for line in ended.err if line.startswith(f"salviewer: {path}: ")]
        assert 10 < len(line.removeprefix(f"salviewer: {path}: ")) < 120
    for stem, size in sizes.items():
        with Image.open(tmp_path / "out" / f"{stem}.png") as overlay:
            assert overlay.size == size, stem
    assert len(list(files_in(tmp_path / "out"))) == len(sizes)


def test_nothing_to_do_loads_no_model_and_makes_no_folder(salviewer, tmp_path):
    ended = salviewer("predict", tmp_path / "no.jpg", "-o", tmp_path / "out", "--model", "nonsense")
    assert ended.code == 1 and "no.jpg: there is no such file" in ended.err[0] and len(ended.err) == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("model", ["nonsense", "no/such/folder", "photo"])
def test_missing_model(salviewer, photos, tmp_path, model):
    ref = photos / "coffee.jpg" if model == "photo" else model
    ended = salviewer("predict", photos, "-o", tmp_path / "out", "--model", ref)
    assert ended.code == 1 and len(ended.err) == 1 and str(ref) in ended.err[0]
    assert not (tmp_path / "out").exists()


class Evil:
    """Runs a command when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch '{self.target}'",)


@pytest.mark.parametrize("how", ["torch", "pickle", "legacy"])
def test_a_checkpoint_that_holds_code_is_refused_and_not_run(salviewer, photos, tmp_path, how):
    sign, checkpoint = tmp_path / "sign", tmp_path / "evil.pt"
    content = {"state_dict": {"weight": torch.zeros(2)}, "extra": Evil(sign)}
    if how == "pickle":
        checkpoint.write_bytes(pickle.dumps(content))
    else:
        torch.save(content, checkpoint, _use_new_zipfile_serialization=how == "torch")
        assert zipfile.is_zipfile(checkpoint) == (how == "torch")
    ended = salviewer("predict", photos, "-o", tmp_path / "out", "--model", checkpoint)
    assert ended.code == 1 and len(ended.err) == 1 and str(checkpoint) in ended.err[0]
    assert not sign.exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--sigma", "0.5"),
        ("--sigma", "x"),
        ("--sigma", "nan"),
        ("--threshold", "40"),
        ("--threshold", "hot"),
        ("--opacity", "1.1"),
        ("--colormap", "pink-ish"),
        ("--format", "gif"),
        ("--view", "fog"),
        ("--hotspots", "0"),
        ("--hotspots", "some"),
        ("--hotspots", "120%"),
        ("--hotspot-radius", "7"),
        ("--draw-hotspots",),
        ("--tables", "xlsx"),
        ("--save-map", "csv"),
        ("--gamma", "9"),
        ("--fade", "-1"),
        ("--normalise", "always"),
        ("--fixed-peak", "5"),
        ("--normalise", "fixed", "--fixed-peak", "0"),
        ("--divider", "0.2"),
        ("--arrangement", "swipe", "--divider", "2"),
        ("--arrangement", "side", "--view", "side-by-side"),
        ("--quality", "50"),
        ("--format", "jpg", "--quality", "0"),
        ("--size", "0%"),
        ("--size", "big"),
        ("--draw-areas",),
        ("--report", "pdf"),
        ("--skip-done", "--keep-existing"),
        ("--device", "gpu"),
        ("--sig", "0.1"),
        ("-o", "out.jpg"),
        ("-o", "out.gif"),
    ],
)
def test_wrong_usage(predict, photos, tmp_path, monkeypatch, options):
    monkeypatch.chdir(tmp_path)
    ended = predict(photos, "-o", "out", *options)
    assert ended.code == 2 and ended.err[-1].startswith("salviewer")
    assert not (tmp_path / "out").exists()


def test_format_and_name_disagree(predict, photos, tmp_path):
    assert predict(photos / "coffee.jpg", "-o", tmp_path / "a.png", "--format", "jpg").code == 2
    assert predict(photos / "coffee.jpg", "-o", tmp_path / "a.jpeg", "--format", "jpg").code == 0


def test_output_is_needed(salviewer, photos):
    assert salviewer("predict", photos).code == 2


def test_output_folder_is_a_file(predict, photos, tmp_path):
    (tmp_path / "taken").write_text("mine")
    ended = predict(photos, "-o", tmp_path / "taken")
    assert ended.code == 1 and "a file of this name" in ended.err[0] and len(ended.err) == 1
    assert (tmp_path / "taken").read_text() == "mine"


def test_output_folder_that_may_not_be_written(salviewer, predict, model_folder, photos, tmp_path):
    assert predict(photos, "-o", tmp_path / "warm").code == 0  # imports everything while it may be read
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        base.chmod(0o755)
        shutil.copytree(model_folder, base / "model")
        for weights in (base / "model").iterdir():
            weights.chmod(0o644)
        shutil.copytree(photos, base / "photos")
        (base / "out").mkdir(mode=0o555)
        (base / "out").chmod(0o555)
        was_root = os.geteuid() == 0
        if was_root:
            os.seteuid(65534)
        try:
            arguments = ("--model", base / "model", "--device", "cpu")
            in_it = salviewer("predict", base / "photos", "-o", base / "out", *arguments)
            below = salviewer("predict", base / "photos", "-o", base / "out" / "new", *arguments)
        finally:
            if was_root:
                os.seteuid(0)
        assert list((base / "out").iterdir()) == []
    assert in_it.code == 1 and len(in_it.err) == 3
    assert all("permission" in line for line in in_it.err)
    assert below.code == 1 and len(below.err) == 1 and "permission denied" in below.err[0]


def test_too_large_for_the_format_fails_alone(predict, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    Image.new("RGB", (17_000, 2)).save(folder / "wide.png")
    Image.new("RGB", (17, 2)).save(folder / "small.png")
    ended = predict(folder, "-o", tmp_path / "out", "--format", "webp")
    assert ended.code == 1 and len(ended.err) == 1 and "at most 16383 pixels" in ended.err[0]
    assert [path.name for path in files_in(tmp_path / "out")] == ["small.webp"]


def test_an_error_nobody_thought_of_costs_one_picture(predict, photos, tmp_path, monkeypatch):
    from salviewer.results import run as command

    def load(path, original=command.load_picture):
        if path.stem == "chelsea":
            raise ZeroDivisionError("a bug")
        return original(path)

    monkeypatch.setattr(command, "load_picture", load)
    ended = predict(photos, "-o", tmp_path / "out")
    assert ended.code == 1 and len(list(files_in(tmp_path / "out"))) == 2
    assert (
        len(ended.err) == 1
        and "chelsea.jpg: something unexpected went wrong (ZeroDivisionError" in ended.err[0]
    )


WITHOUT_TORCH = """
import sys
from importlib.machinery import PathFinder
class Some(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.split(".")[0] == "torch" else super().find_spec(name, path, target)
sys.meta_path = [Some if finder is PathFinder else finder for finder in sys.meta_path]
from salviewer.cli import main
raise SystemExit(main(sys.argv[1:]))
"""


def test_without_torch_pictures_are_predicted_and_training_says_what_is_missing(tmp_path: Path) -> None:
    PHOTO.save(tmp_path / "photo.png")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WITHOUT_TORCH, *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    done = run("predict", tmp_path / "photo.png", "-o", tmp_path / "out")
    assert done.returncode == 0 and "OpenVINO" in done.stdout, done.stderr
    refused = run("train", "--data", tmp_path, "--model", "live_net", "--run", tmp_path / "run")
    assert refused.returncode == 1 and "needs torch, which is not installed" in refused.stderr


def test_a_picture_and_a_folder_that_are_left_out_are_reported(predict, photos, tmp_path):
    (photos / "loop.png").symlink_to("loop.png")
    for options in ((), ("--subfolders",)):
        ended = predict(photos, "-o", tmp_path / "out", *options)
        assert ended.code == 1
        assert ended.err == [f"salviewer: {photos / 'loop.png'}: it is a link that leads back to itself"]
        assert ended.out[-1].startswith("3 overlays written, 1 failed")


def test_results_in_the_pictures_own_folder_stay_results(predict, photos):
    for _ in range(3):
        ended = predict(photos, "-o", photos, "--keep-existing")
        assert ended.code == 0 and ended.out[-1].startswith("3 overlays written")


ODD_ARGUMENTS = [
    (["predict", "", "-o", "out"], "an argument is empty"),
    (["predict", "a.png", "-o", ""], "an argument is empty"),
    (["predict", "a.png", "--output="], "an argument is empty"),
    ([""], "an argument is empty"),
    (["predict", "a.png", "-o", "out.avi"], '".avi" is not a format this program writes'),
    (["predict", "a.png", "-o", "out.gif"], '".gif" is not a format this program writes'),
    (["predict", "clip.mkv", "-o", "out.avi"], '".avi" is not a format in which this program writes videos'),
    (["predict", "clip.mkv", "-o", "out.mov"], '".mov" is not a format in which this program writes videos'),
    (["predict", "clip.mkv", "-o", "out.gif"], '".gif" is not a format in which this program writes videos'),
    (["predict", "a.png", "-o", "out", "--quality", "inf"], "is too large a number"),
    (["predict", "a.png", "-o", "out", "--quality", "1e400"], "is too large a number"),
    (["predict", "a.png", "-o", "out", "--hotspots", "9" * 5000], "hotspots"),
    (["predict", "a.png", "-o", "out", "--sigma", "9" * 401], "lies in"),
    (["predict", "clip.mkv", "-o", "out", "--frames", "9" * 5000], "is not a whole number of at least 1"),
]


@pytest.mark.parametrize(("arguments", "said"), ODD_ARGUMENTS)
def test_odd_arguments_get_one_sentence_and_make_nothing(salviewer, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    ended = salviewer(*arguments)
    assert ended.code == 2
    assert said in ended.err[-1] and len(ended.err[-1]) < 300
    assert list(tmp_path.iterdir()) == []
