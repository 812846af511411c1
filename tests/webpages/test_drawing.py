"""Pages are drawn by a real browser: as they look, with their elements; hostile ones end in a sentence."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

import salviewer
from salviewer.errors import WebPageError
from salviewer.webpages.drawing import Browser, StoppedError, draw_page, draw_pages
from salviewer.webpages.page import SCROLLING, Page, PageRequest
from salviewer.webpages.safety import MOST_REDIRECTS
from salviewer.webpages.viewports import VIEWPORTS
from salviewer.webpages.visit import MOST_SCREENS
from tests.browsers import needs_chromium
from tests.webpages.site import Site

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as running:
        yield running


def pixels_of(page: Page) -> np.ndarray:
    with Image.open(io.BytesIO(page.content)) as image:
        return np.asarray(image.convert("RGB"))


def test_the_first_screen_with_its_elements(browser: Browser, site: Site) -> None:
    page = browser.draw(PageRequest(site.url + "/index.html"))
    assert page.title == "Larks & Co" and page.address == site.url + "/index.html"
    assert page.size == (1440, 900) and page.screens == 1
    names = {one.area.name: one.area for one in page.elements}
    wanted = {
        "Link: Home",
        "Link: Shop",
        "Heading: Binoculars for birds",
        "Button: Buy now",
        "Button: Add to cart",
        "Heading: Cheap ones",
        "Image: A lark",
        "Price: € 129.00",
        "Form: Newsletter",
        "Button: Subscribe",
    }
    assert wanted <= set(names) and "Heading: Hidden" not in names and "Heading: Third" not in names
    lark = names["Image: A lark"]
    rows, columns = slice(int(lark.top * 900) + 2, int(lark.bottom * 900) - 2), slice(2, 298)
    green = pixels_of(page)[rows, columns]
    assert lark.left == 0 and lark.right == pytest.approx(300 / 1440, abs=1e-3)
    assert (np.abs(green.astype(int) - (30, 160, 90)) <= 2).all()


def test_a_whole_page_on_a_dark_phone(browser: Browser, site: Site) -> None:
    page = browser.draw(PageRequest(site.url + "/moved", VIEWPORTS["phone"], whole=True, dark=True))
    pixels = pixels_of(page)
    assert pixels.shape[1] == 780 and page.screens > 2
    assert page.screens == pytest.approx(pixels.shape[0] / 1688, abs=0.01)
    names = [one.area.name for one in page.elements]
    assert "Heading: Third" in names and "Heading: For desks" not in names
    assert SCROLLING in page.notes
    np.testing.assert_allclose(pixels[-2, 5], (0, 0, 255), atol=8)  # the end of the last section
    second = next(one.area for one in page.elements if one.words == "Second")
    assert tuple(pixels[int(second.bottom * len(pixels)) + 30, 20]) == (17, 17, 17)


def test_a_tall_page_is_cut(browser: Browser, site: Site) -> None:
    page = browser.draw(PageRequest(site.url + "/tall.html", whole=True))
    pixels = pixels_of(page)
    assert page.screens == MOST_SCREENS and pixels.shape == (MOST_SCREENS * 900, 1440, 3)
    assert any(note.startswith("the first 30 of 6") for note in page.notes)
    for row in (5_000, 15_000, 26_000):  # the strips are sewn together without a gap
        assert pixels[row : row + 900, 1000].std() > 10


def test_a_page_from_python(site: Site) -> None:
    page = salviewer.open_page(site.url + "/index.html", "phone", whole=True)
    assert page.picture.screen == 1688 and page.picture.pixels.shape[1] == 780
    assert "Price: € 129.00" in [area.name for area in page.areas]
    with pytest.raises(salviewer.SalviewerError, match="it is no web page"):
        salviewer.open_page(site.url + "/pic.png")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/never", "no answer within 3 s"),
        ("/loop", "it redirects without end"),
        ("/download", "it is a download"),
        ("/missing", "404"),
        ("/to-file", "only http and https|cannot open it"),
        ("/busy.html", "could not be drawn"),
    ],
)
def test_hostile_pages_end_in_a_sentence(site: Site, path: str, reason: str) -> None:
    seconds = 3 if path == "/never" else 30  # a slow machine takes long for redirects
    with pytest.raises(WebPageError, match=reason):
        draw_page(PageRequest(site.url + path, seconds=seconds))


def test_a_page_that_goes_on_for_ever_comes_to_an_end(site: Site) -> None:
    """It is refused after some rounds; on a slow machine its time may be over before, with a picture."""
    site.asked.clear()
    try:
        page = draw_page(PageRequest(site.url + "/again.html", seconds=3))
    except WebPageError as error:
        assert re.search("redirects without end|could not be drawn", str(error))
    else:
        assert page.size == (1440, 900)
    assert 2 <= site.asked.count("/again.html") <= MOST_REDIRECTS + 2


@pytest.mark.parametrize(
    ("path", "note"),
    [
        ("/slow.html", "had not finished loading after 3 s"),
        ("/endless.html", "loading|more than"),
        ("/alerts.html", "it opened a dialog"),
        ("/popups.html", ""),
        ("/gets-download.html", ""),
        ("/inside.html", ""),
        ("/crowded.html", ""),
    ],
)
def test_hostile_pages_that_can_be_drawn(browser: Browser, site: Site, path: str, note: str) -> None:
    page = browser.draw(PageRequest(site.url + path, seconds=3))
    assert page.size == (1440, 900)
    assert page.elements[0].kind == "heading"
    assert not note or re.search(note, "; ".join(page.notes))
    assert "/popup" not in site.asked


def children_with(word: str) -> list[psutil.Process]:
    found = []
    for one in psutil.Process().children(recursive=True):
        try:
            if word in " ".join(one.cmdline()):
                found.append(one)
        except psutil.Error:
            continue
    return found


@pytest.mark.parametrize("part", ["--type=renderer", "--remote-debugging-pipe"])
def test_a_crash_costs_one_page(site: Site, part: str, tmp_path: Path) -> None:
    killed: list[int] = []

    def stop() -> bool:
        if "/never.png" in site.asked and not killed:
            for one in children_with(part):
                killed.append(one.pid)
                one.kill()
        return False

    site.asked.clear()
    requests = [PageRequest(site.url + path, seconds=5) for path in ("/slow.html", "/index.html")]
    broken, fine = draw_pages(requests, stop=stop)
    assert killed and isinstance(broken, WebPageError) and "browser" in str(broken)
    assert isinstance(fine, Page) and fine.title == "Larks & Co"


def test_nothing_is_left(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        site.asked.clear()
        with pytest.raises(StoppedError):
            draw_page(PageRequest(site.url + "/slow.html"), stop=lambda: "/never.png" in site.asked)
        assert not children_with(Path(folder).name)
        assert not list(Path(folder).iterdir()) and not list(tmp_path.rglob("*"))


def test_a_redirect_into_the_local_network_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that no name server knows is public; the site is the proxy that serves it."""
    monkeypatch.setenv("http_proxy", site.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert draw_page(PageRequest("http://larks.test/index.html")).title == "Larks & Co"
    before = site.asked.count("/index.html")
    with pytest.raises(WebPageError, match="from a public address to a private one"):
        draw_page(PageRequest("http://larks.test/to-private"))
    assert site.asked.count("/index.html") == before
