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
from salviewer.core.applications.crops import CropRequest
from salviewer.core.applications.uses import Uses
from salviewer.core.areas import Rectangle
from salviewer.media.images import load_picture
from salviewer.media.project import Project, ProjectPicture, save_project
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
    (told,) = [line for line in ended.err if "the crop is" in line]
    assert "chelsea.jpg: the crop is 500 pixels wide and the picture 451" in told


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
    "arguments, told",
    [
        ((), "give --aspect or --size"),
        (("--aspect", "wide"), "a crop is an aspect such as 9:16"),
        (("--aspect", "1:1", "--padding", "0.6"), "padding lies in 0..0.4"),
        (("--size", "10x10", "--keep", "90%"), "a share to keep is for an aspect"),
        (("--aspect", "1:1", "--quality", "80"), "--quality is for jpg and webp"),
    ],
)
def test_wrong_options(photos: Path, apply, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    ended = apply("crop", photos, "-o", tmp_path / "out", *arguments)
    assert ended.code == 2 and told in ended.err[-1]
