"""What an address is, which may be opened, and for which screens: without a browser."""

import numpy as np
import pytest

from salviewer.addresses import is_web
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.screens import predict_in_screens
from salviewer.errors import WebPageError
from salviewer.webpages.asking import ask
from salviewer.webpages.browsers import BrowserError, find_browser
from salviewer.webpages.elements import elements_of
from salviewer.webpages.safety import Rule, is_private
from salviewer.webpages.viewports import Viewport, read_viewport
from tests.webpages.site import Site, serve


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/index.html", "page"),
        ("/moved", "page"),
        ("/pic.png", "picture"),
        ("/stream", "stream"),
        ("/playlist", "stream"),
        ("/locked", "stream"),
        ("/anything.mjpg?x=1", "stream"),
    ],
)
def test_the_server_says_what_an_address_is(site: Site, path: str, kind: str) -> None:
    answer = ask(site.url + path)
    assert answer.kind == kind
    assert answer.content.startswith(b"\x89PNG") == (kind == "picture")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/loop", "it redirects without end"),
        ("/download", "it is a download"),
        ("/archive", "application/zip"),
        ("/missing", "404"),
        ("/never", "no answer within 0.3 s"),
        ("/to-file", "only http and https"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(site: Site, path: str, reason: str) -> None:
    with pytest.raises(WebPageError, match=reason):
        ask(site.url + path, 0.3 if path == "/never" else 5)


def test_nobody_answers() -> None:
    with serve() as gone:
        pass
    with pytest.raises(WebPageError, match="no server answers there"):
        ask(gone.url + "/?token=secret")


def test_other_schemes_are_streams_without_asking() -> None:
    assert ask("rtsp://127.0.0.1:9/live").kind == "stream"
    assert is_web("HTTPS://example.com") and not is_web("http.png") and not is_web("rtsp://a/b")


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost/",
        "http://127.0.0.1/",
        "http://0x7f000001/",
        "http://10.1.2.3/",
        "http://192.168.0.1:8080/",
        "http://169.254.169.254/latest",
        "http://100.64.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fd00::1]/",
        "http://printer.local/",
    ],
)
def test_a_public_address_leads_to_no_private_one(address: str) -> None:
    assert is_private(address)
    assert "private" in Rule("http://93.184.215.14/").objection(address)
    assert Rule(address).objection(address) == "" == Rule(address).objection("http://127.0.0.1/")
    assert not is_private("http://93.184.215.14/") and not is_private("http://[2606:2800:220:1::1]/")


def test_only_the_web_is_opened() -> None:
    rule = Rule("http://127.0.0.1/")
    assert "only http and https" in rule.objection("file:///etc/passwd")
    assert "only http and https" in rule.objection("chrome://settings")
    assert not rule.objection("data:image/png;base64,AA") and not rule.objection("blob:http://a/1")


def test_viewports_are_read() -> None:
    phone = read_viewport("Phone")
    assert (phone.width, phone.height, phone.scale, phone.size) == (390, 844, 2, (780, 1688))
    assert read_viewport("1024x600@1.5x") == Viewport("1024x600@1.5", 1024, 600, 1.5)
    for wrong in ("watch", "10x10", "1024x600@9", "99999x99999", "8192x8192@4", "1024x", "x", "١٢٣x600"):
        with pytest.raises(ValueError, match="viewport"):
            read_viewport(wrong)


def test_a_browser_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    with pytest.raises(BrowserError, match="no such browser"):
        find_browser(str(tmp_path / "chrome"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("SALVIEWER_BROWSER", raising=False)
    with pytest.raises(BrowserError, match=r"Chrome, Edge or Chromium.*install one of them"):
        find_browser()


def test_elements_become_named_areas() -> None:
    def box(kind: str, name: str, x: float, y: float, width: float, height: float) -> dict[str, object]:
        return {"kind": kind, "name": name, "x": x, "y": y, "width": width, "height": height}

    elements = elements_of(
        [
            box("link", "Offers", 0, 200, 400, 50),  # inside the heading, and as large
            box("heading", "Offers\n of  the day" + "!" * 90, 0, 200, 400, 52),
            box("button", "Buy", 10, 20, 80, 30),
            box("button", "Buy", 10, 60, 80, 30),
            box("image", "", 300, -50, 200, 100),  # cut at the top and the right
            box("image", "below", 0, 500, 100, 100),
            box("unknown", "x", 0, 0, 100, 100),
        ],
        400,
        400,
    )
    areas = [one.area for one in elements]
    names = [area.name for area in areas]
    assert names[:3] == ["Image", "Button: Buy", "Button: Buy (2)"] and len(areas) == 4
    assert [(one.kind, one.words) for one in elements][:2] == [("image", ""), ("button", "Buy")]
    assert names[3].startswith("Heading: Offers of the day!") and names[3].endswith("…")
    first = areas[0]
    assert (first.left, first.top, first.right, first.bottom) == (0.75, 0, 1, 0.125)


def test_a_long_page_is_seen_screen_by_screen() -> None:
    seen = []

    def predict(pixels: np.ndarray) -> SaliencyMap:
        seen.append(pixels.shape[0])
        grey = pixels[:: max(1, pixels.shape[0] // 40), ::10, 0].astype(np.float32)
        return SaliencyMap(grey + 1e-3, (pixels.shape[1], pixels.shape[0]), "test", milliseconds=1)

    page = np.zeros((450, 100, 3), np.uint8)
    page[210:230, 40:60] = 200  # in the third screen of 100 rows
    page[420:440] = 50  # in the last, half a screen
    found = predict_in_screens(predict, page, 100)
    assert seen == [450, 100, 100, 100, 100, 100] and found.milliseconds == 6
    assert found.source_size == (100, 450) and found.density.sum() == pytest.approx(1, abs=1e-5)
    rows = found.density.sum(axis=1)
    cells = len(rows) / 4.5
    shares = [float(rows[round(n * cells) : round((n + 1) * cells)].sum()) for n in range(5)]
    assert shares[2] + shares[4] > 0.9 and min(shares[2], shares[4]) > 0.2
    assert rows.argmax() // cells in (2, 4)
    short = predict_in_screens(predict, page[:100], 100)
    assert short.source_size == (100, 100)
