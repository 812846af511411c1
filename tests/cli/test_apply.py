"""``salviewer apply``, and that every way to a use gives the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import salviewer as library
import salviewer.api
from salviewer.core.applications.crops import CropRequest
from salviewer.core.applications.cutouts import CutoutSettings
from salviewer.core.applications.uses import Uses
from salviewer.core.areas import Rectangle
from salviewer.media.images import load_picture
from salviewer.media.project import Project, ProjectPicture, save_project
from salviewer.models.card import ModelCard
from salviewer.results.naming import plan
from salviewer.results.order import Order
from salviewer.results.source import Source
from salviewer.results.writing import write_files


@pytest.fixture
def apply(salviewer: Callable[..., object], model_folder: Path) -> Callable[..., object]:
    """``salviewer apply *arguments --model RANDOM --device cpu``."""
    return lambda *arguments: salviewer("apply", *arguments, "--model", model_folder, "--device", "cpu")


def test_a_folder_is_cropped_to_a_set_of_aspects(photos: Path, apply, tmp_path: Path) -> None:
    out, listing = tmp_path / "out", tmp_path / "crops.json"
    ended = apply("crop", photos, "-o", out, "--aspect", "9:16", "--aspect", "1:1", "--json", listing)
    assert ended.code == 0 and ended.out[-1].startswith("3 pictures written")
    assert sorted(path.name for path in out.glob("*.png")) == sorted(
        f"{name}-crop-{shape}.png" for name in ("astronaut", "chelsea", "coffee") for shape in ("9x16", "1x1")
    )
    rows = json.loads(listing.read_text())
    assert len(rows) == 6
    for row in rows:
        wide, high = Image.open(row["picture"]).size
        with Image.open(
            out / f"{Path(row['picture']).stem}-crop-{row['crop'].replace(':', 'x')}.png"
        ) as crop:
            assert crop.size == (round(row["width"] * wide), round(row["height"] * high))
        assert row["x"] >= 0 and row["x"] + row["width"] <= 1 + 1e-6 and 0 < row["kept"] <= 1


def test_every_way_gives_the_same_to_the_pixel(
    photos: Path, apply, predict, model_folder: Path, tmp_path: Path
) -> None:
    photo = photos / "coffee.jpg"
    request = CropRequest(aspect=(4, 5), padding=0.05, thirds=True)
    chosen = ("--padding", "0.05", "--thirds")
    assert apply("crop", photo, "-o", tmp_path / "a", "--aspect", "4:5", *chosen).code == 0
    assert predict(photo, "-o", tmp_path / "b", "--crop", "4:5", *chosen).code == 0
    picture = load_picture(photo)
    saliency = library.predict(library.load_model(model_folder, device="cpu"), picture)
    ((_, crop),) = library.apply(picture, saliency, Uses((request,))).crops
    own = crop.of(picture.pixels)
    order = replace(Order(), uses=Uses((request,)))  # what the window's export and batch dialogs write
    (tmp_path / "c").mkdir()
    (job,) = plan([photo], tmp_path / "c", order.endings)
    list(write_files(job, order, Source(picture, saliency, name=photo.name), when=date(2026, 1, 1)))
    for folder in "abc":
        np.testing.assert_array_equal(
            np.asarray(Image.open(tmp_path / folder / "coffee-crop-4x5.png")), own, err_msg=folder
        )
    assert (tmp_path / "b" / "coffee_crops.csv").read_bytes() == (
        tmp_path / "c" / "coffee_crops.csv"
    ).read_bytes()


def test_one_picture_into_a_file(photos: Path, apply, tmp_path: Path) -> None:
    out = tmp_path / "tall.jpg"
    assert apply("crop", photos / "coffee.jpg", "-o", out, "--aspect", "1:2", "--format", "jpg").code == 0
    assert Image.open(out).size == (200, 400)
    ended = apply("crop", photos / "coffee.jpg", "-o", out, "--aspect", "1:2", "--aspect", "1:1")
    assert ended.code == 2 and "several are made" in ended.err[-1]


def test_a_crop_larger_than_a_picture_fails_for_that_picture_alone(
    photos: Path, apply, tmp_path: Path
) -> None:
    ended = apply("crop", photos, "-o", tmp_path / "out", "--size", "500x300")
    assert ended.code == 1
    assert sorted(path.name for path in (tmp_path / "out").glob("*.png")) == [
        "astronaut-crop-500x300px.png",
        "coffee-crop-500x300px.png",
    ] or "the crop is" in "".join(ended.err)
    (line,) = [each for each in ended.err if "the crop is" in each]
    assert "chelsea.jpg: the crop is 500 pixels wide and the picture 451" in line


def test_areas_of_a_project_are_kept_whole(photos: Path, apply, tmp_path: Path) -> None:
    photo, file = photos / "coffee.jpg", tmp_path / "shop.salviewer.json"
    fence = [Rectangle(x, 0.1, x + 0.1, 0.9, name=f"post {x:g}") for x in (0.05, 0.25, 0.45, 0.65, 0.85)]
    save_project(file, Project((ProjectPicture(photo, tuple(fence)),)))
    listing = tmp_path / "crops.json"
    apply("crop", "--project", file, "-o", tmp_path / "out", "--aspect", "1:1", "--json", listing)
    (row,) = json.loads(listing.read_text())
    left, right = row["x_pixels"] / 600, (row["x_pixels"] + row["width_pixels"]) / 600
    assert not row["cut"]
    for post in fence:
        assert (
            right <= post.left + 0.01
            or left >= post.right - 0.01
            or (left <= post.left + 0.01 and right >= post.right - 0.01)
        )


@pytest.mark.parametrize(
    "arguments, message",
    [
        ((), "give --aspect or --size"),
        (("--aspect", "wide"), "a crop is an aspect such as 9:16"),
        (("--aspect", "1:1", "--padding", "0.6"), "padding lies in 0..0.4"),
        (("--size", "10x10", "--keep", "90%"), "a share to keep is for an aspect"),
        (("--aspect", "1:1", "--quality", "80"), "--quality is for jpg and webp"),
    ],
)
def test_wrong_options(photos: Path, apply, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    ended = apply("crop", photos, "-o", tmp_path / "out", *arguments)
    assert ended.code == 2 and message in ended.err[-1]


DETECTOR = """
def detect(frame):
    height, width = frame.shape[:2]
    return [(0, 0, width / 2, height / 2, 0.9, "left"), (width / 2, height / 2, width / 2, height / 2)]


def fails(frame):
    raise RuntimeError("no camera")


def nonsense(frame):
    return [(1, 2, float("nan"), 4)]


def a_word(frame):
    return ["dog!"]


def beside(frame):
    return [(5000, 0, 10, 10), (0, 0, 10, 10)]
"""


@pytest.fixture
def bright(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attention goes to a place of its own in every picture."""

    class Bright:
        name, device_title, note = "bright", "test", ""
        card = ModelCard(architecture="live_net", title="Bright", output="logits")

        def predict(self, pixels: np.ndarray) -> library.SaliencyMap:
            row, column = np.mgrid[0:60, 0:80]
            bump = np.exp(-(((column / 80 - 0.3) ** 2 + (row / 60 - 0.4) ** 2) / 0.01))
            return library.SaliencyMap(bump.astype(np.float32), pixels.shape[1::-1], "bright")

    monkeypatch.setattr(library.api, "load_model", lambda *_, **__: Bright())


def test_regions_in_files_that_other_tools_open(photos: Path, apply, bright: None, tmp_path: Path) -> None:
    out, detector = tmp_path / "out", tmp_path / "mine.py"
    detector.write_text(DETECTOR)
    wanted = [part for fmt in ("csv", "json", "yolo", "labelme", "picture") for part in ("--write", fmt)]
    coco, listing, sheet = tmp_path / "coco.json", tmp_path / "regions.json", tmp_path / "sheet.png"
    ended = apply(
        "regions", photos, "-o", out, *wanted, "--detector", detector, "--coco", coco, "--json", listing,
        "--sheet", sheet,
    )  # fmt: skip
    assert ended.code == 0, ended.err
    said = "\n".join(ended.out)
    assert all(path.name in said for path in out.glob("[!.]*")) and f"{photos / 'coffee.jpg'} -> " in said
    assert ended.out[-5:-1] == [
        f"list -> {listing}",
        f"COCO -> {coco}",
        f"contact sheet -> {sheet}",
        f"classes -> {out / 'classes.txt'}",
    ]
    assert ended.out[-1].startswith("3 pictures written")
    (entry, *_) = json.loads(listing.read_text())
    (region,) = entry["regions"]
    assert region["left"] < 0.3 < region["right"] and region["top"] < 0.4 < region["bottom"]
    assert [(each["label"], each["attention"]) for each in entry["objects"]] == [
        ("left", "seen"),
        ("object", "overlooked"),
    ]
    assert json.loads((out / "astronaut_regions.json").read_text())["regions"] == entry["regions"]
    content = json.loads(coco.read_text())
    assert [image["file_name"] for image in content["images"]] == [
        f"../photos/{name}.jpg" for name in ("astronaut", "chelsea", "coffee")
    ]
    names = {each["id"]: each["name"] for each in content["categories"]}
    first = next(each for each in content["annotations"] if names[each["category_id"]] == "left")
    assert first["bbox"] == [0, 0, 256, 256] and first["area"] == 256**2 and first["seen"] is True
    lines = [line.split() for line in (out / "astronaut.txt").read_text().splitlines()]
    assert [line[0] for line in lines] == ["0", "1", "2"] and (out / "classes.txt").read_text().split() == [
        "region",
        "seen",
        "overlooked",
    ]
    assert [float(value) for value in lines[1][1:]] == [0.25, 0.25, 0.5, 0.5]
    shapes = json.loads((out / "astronaut.json").read_text())
    assert (out / shapes["imagePath"]).resolve() == photos / "astronaut.jpg"
    assert [shape["shape_type"] for shape in shapes["shapes"]] == ["polygon", "rectangle", "rectangle"]
    assert Image.open(out / "astronaut-regions.png").size == (512, 512)
    assert Image.open(sheet).size == (3 * 212 + 12, 238 + 12)


@pytest.mark.parametrize(
    ("function", "said", "objects"),
    [
        ("fails", "the detector was left out: ", 0),
        ("fails", "fails raised RuntimeError: no camera", 0),
        ("nonsense", "nonsense returned the box (1, 2, nan, 4), which is not finite", 0),
        ("a_word", "a_word returned 'dog!' where a box is (x, y, width, height", 0),
        ("beside", "the detector named 1 place outside the picture, left out", 1),
    ],
)
def test_a_detector_that_raises_or_returns_nonsense_is_reported_and_left_out(
    photos: Path, apply, bright: None, tmp_path: Path, function: str, said: str, objects: int
) -> None:
    detector, listing = tmp_path / "mine.py", tmp_path / "regions.json"
    detector.write_text(DETECTOR)
    photo = photos / "coffee.jpg"
    ended = apply("regions", photo, "-o", tmp_path, "--detector", f"{detector}:{function}", "--json", listing)
    assert ended.code == 0 and said in ended.out[0]
    (entry,) = json.loads(listing.read_text())
    assert len(entry["regions"]) == 1 and len(entry["objects"]) == objects


def test_a_plain_picture_has_no_region_and_that_is_said(apply, tmp_path: Path) -> None:
    Image.new("RGB", (60, 40), (90, 90, 90)).save(tmp_path / "grey.png")
    ended = apply("regions", tmp_path / "grey.png", "-o", tmp_path / "out")
    assert ended.code == 0 and "the picture has one colour, so nothing in it stands out" in ended.out[0]
    assert "the map is plain: there is no region" in ended.out[0]
    assert len((tmp_path / "out" / "grey_regions.csv").read_text().splitlines()) == 1


def test_regions_of_a_batch_are_the_same(photos: Path, apply, predict, tmp_path: Path) -> None:
    photo = photos / "coffee.jpg"
    assert apply("regions", photo, "-o", tmp_path / "a", "--write", "json").code == 0
    assert predict(photo, "-o", tmp_path / "b", "--save-regions", "json").code == 0
    assert (tmp_path / "a" / "coffee_regions.json").read_bytes() == (
        tmp_path / "b" / "coffee_regions.json"
    ).read_bytes()


def test_cut_outs_every_way(photos: Path, apply, predict, bright: None, tmp_path: Path) -> None:
    photo = photos / "coffee.jpg"
    Image.open(photo).resize((150, 100)).save(photo)  # cutting out is slow, and done three times
    wanted = ("png", "mask", "labelme")
    one, two = ([part for fmt in wanted for part in (option, fmt)] for option in ("--write", "--save-cutout"))
    listing = tmp_path / "list.json"
    assert apply("cutout", photo, "-o", tmp_path / "a", *one, "--json", listing).code == 0
    assert predict(photo, "-o", tmp_path / "b", *two).code == 0
    picture = load_picture(photo)
    saliency = salviewer.api.load_model().predict(picture.pixels)
    cutout = library.apply(picture, saliency, Uses(cutout=CutoutSettings())).cutout
    assert cutout is not None
    for folder in "ab":
        png = np.asarray(Image.open(tmp_path / folder / "coffee-cutout.png"))
        np.testing.assert_array_equal(png, cutout.of(picture.pixels))
        mask = np.asarray(Image.open(tmp_path / folder / "coffee-mask.png"))
        np.testing.assert_array_equal(mask[..., 0], cutout.alpha)
    shapes = json.loads((tmp_path / "a" / "coffee-cutout.json").read_text())
    assert len(shapes["shapes"]) == len(cutout.polygons) and shapes["imagePath"] == "../photos/coffee.jpg"
    (entry,) = json.loads(listing.read_text())
    assert entry["share"] == pytest.approx(cutout.share, abs=1e-5)


def test_clicks_correct_a_cut_out(photos: Path, apply, bright: None, tmp_path: Path) -> None:
    photo = photos / "coffee.jpg"
    assert apply("cutout", photo, "-o", tmp_path, "--belongs", "0.9,0.9", "--not", "0.3,0.4").code == 0
    alpha = np.asarray(Image.open(tmp_path / "coffee-cutout.png"))[..., 3]
    assert alpha[round(0.9 * 400), round(0.9 * 600)] == 255 and alpha[round(0.4 * 400), round(0.3 * 600)] == 0
    ended = apply("cutout", photo, "-o", tmp_path, "--belongs", "1.5,0.5")
    assert ended.code == 2 and "a click lies on the picture" in ended.err[-1]


def test_words_every_way(photos: Path, apply, predict, bright: None, tmp_path: Path) -> None:
    own = tmp_path / "mine.py"
    own.write_text(DETECTOR + "\n\ndef caption(parts):\n    return ['a cup'] * len(parts)\n")
    photo, listing = photos / "coffee.jpg", tmp_path / "list.json"
    wanted = ("txt", "json", "alt")
    one, two = ([part for fmt in wanted for part in (option, fmt)] for option in ("--write", "--save-words"))
    detector = ("--detector", own)
    assert apply("describe", photo, "-o", tmp_path / "a", *one, *detector, "--json", listing).code == 0
    assert predict(photo, "-o", tmp_path / "b", *two, *detector).code == 0
    text = (tmp_path / "a" / "coffee_words.txt").read_text()
    assert text.startswith("People look first at the left at the top left (")
    for name in ("words.txt", "words.json", "alt.txt"):
        assert (tmp_path / "a" / f"coffee_{name}").read_bytes() == (
            tmp_path / "b" / f"coffee_{name}"
        ).read_bytes()
    (entry,) = json.loads(listing.read_text())
    assert entry["sentence"] + "\n" == text and entry["alt"] == "Left"
    assert apply("describe", photo, "-o", tmp_path / "c", "--captioner", own).code == 0
    assert "first at a cup " in (tmp_path / "c" / "coffee_words.txt").read_text()
    own.write_text("def caption(parts):\n    return [f'{part[0, 0].tolist()}' for part in parts]\n")
    ended = apply("describe", photo, "-o", tmp_path / "d", "--captioner", f"{own}:caption", "--write", "json")
    assert ended.code == 0
    stops = json.loads((tmp_path / "d" / "coffee_words.json").read_text())["stops"]
    pixels = load_picture(photo).pixels
    corners = [pixels[int(stop["box"][1] * 400), int(stop["box"][0] * 600)].tolist() for stop in stops]
    assert [stop["what"] for stop in stops] == [str(corner) for corner in corners]
    ended = apply("describe", photo, "-o", tmp_path / "c", "--captioner", f"{own}:nobody")
    assert ended.code == 1 and "it has no function 'nobody'" in ended.err[0]


def test_without_a_name_the_alternative_text_is_not_empty_and_that_is_said(
    photos: Path, apply, bright: None, tmp_path: Path
) -> None:
    ended = apply("describe", photos / "coffee.jpg", "-o", tmp_path, "--write", "alt", "--write", "txt")
    assert ended.code == 0 and "coffee.jpg -> " in ended.out[0] and "(no text was found, and" in ended.out[0]
    alt = (tmp_path / "coffee_alt.txt").read_text()
    assert alt.startswith("People look first at something on the left (") and len(alt) <= 126
    ended = apply("describe", photos / "coffee.jpg", "-o", tmp_path)
    assert ended.code == 0 and "no text" not in ended.out[0]


def test_a_report_describes_the_picture(photos: Path, predict, bright: None, tmp_path: Path) -> None:
    photo = photos / "coffee.jpg"
    assert predict(photo, "-o", tmp_path, "--report", "html", "--save-words", "txt").code == 0
    text = (tmp_path / "coffee_words.txt").read_text().strip()
    assert text in (tmp_path / "coffee-report.html").read_text()
