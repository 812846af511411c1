"""Addresses where `salviewer compare` and `salviewer apply` take pictures."""

from __future__ import annotations

import json
from functools import partial

import pytest
from PIL import Image

from tests.browsers import needs_chromium
from tests.cli.conftest import salviewer
from tests.documents import pdf_file
from tests.folders import files_in
from tests.webpages.site import Site

assert salviewer  # a fixture


@pytest.fixture
def on_cpu(salviewer, model_folder):
    def run(*arguments):
        return salviewer(*arguments, "--model", model_folder, "--device", "cpu")

    return run


def test_pictures_by_address_are_applied_and_named_by_it(on_cpu, site: Site, tmp_path):
    crop = partial(on_cpu, "apply", "crop", "--aspect", "1:1", "-o", tmp_path / "out")
    ended = crop(site.url + "/two.pdf", site.url + "/stream", "--json", tmp_path / "list.json")
    assert ended.code == 1
    assert "/stream: it is a stream or a video, and pictures and pages are wanted here" in ended.err[0]
    names = {path.name for path in files_in(tmp_path / "out")}
    assert names == {"two-p01-crop-1x1.png", "two-p02-crop-1x1.png"}
    listed = [entry["picture"] for entry in json.loads((tmp_path / "list.json").read_text("utf-8"))]
    assert listed == [f"{site.url}/two.pdf#page={number}" for number in (1, 2)]
    ended = crop(tmp_path, "--viewport", "phone")
    assert ended.code == 2 and "--viewport is for addresses of web pages" in ended.err[-1]


def test_pictures_by_address_are_compared(on_cpu, site: Site, tmp_path):
    Image.new("RGB", (300, 120), (200, 60, 60)).save(tmp_path / "b.png")
    ended = on_cpu("compare", site.url + "/pic.png?key=secret", tmp_path / "b.png")
    assert ended.code == 0 and ended.out[0].startswith(f"A: {site.url}/pic.png?key=*** with ")
    pdf_file(tmp_path / "b.pdf", 2)
    ended = on_cpu("compare", tmp_path / "b.pdf", tmp_path / "b.png")
    assert ended.code == 0 and ended.out[0].endswith(" (first of 2 pages)")
    ended = on_cpu("compare", site.url + "/missing", site.url + "/pic.png")
    assert ended.code == 1 and "/missing: the server answers 404" in ended.err[-1]


@pytest.mark.browser
@needs_chromium
def test_a_page_at_two_viewports_is_compared_by_its_elements(on_cpu, site: Site, tmp_path):
    two = ("--viewport", "phone", "--viewport", "desktop", "--whole-page")
    ended = on_cpu("compare", site.url + "/index.html", *two, "--goal", "Button: Buy now")
    assert ended.code == 0, ended.err
    assert ended.out[:2] == [
        f"{n}: {site.url}/index.html ({v})" for n, v in zip("AB", ("phone", "desktop"), strict=True)
    ]
    (row,) = [line for line in ended.out if line.startswith("Heading: For desks")]
    assert " A – " in row and "B –" not in row
    ended = on_cpu("apply", "describe", site.url + "/index.html", "-o", tmp_path / "out")
    assert ended.code == 0 and {path.name for path in files_in(tmp_path / "out")} == {"index_words.txt"}
