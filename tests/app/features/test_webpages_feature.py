"""Web pages in the window: what an address becomes, and the pages of a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from salviewer.app.features.areas.feature import AreasFeature
from salviewer.app.features.files.feature import FilesFeature
from salviewer.app.features.webpages.dialog import PageDialog, completed
from salviewer.app.features.webpages.feature import WebPagesFeature
from salviewer.app.state.page_choices import PageChoices, pages_from
from salviewer.app.workbench import Command, Workbench
from salviewer.media.project import Project, ProjectPicture, save_project
from tests.browsers import needs_chromium
from tests.webpages.site import Site, serve


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture
def pages(bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WebPagesFeature:
    monkeypatch.setenv("SALVIEWER_DATA_DIR", str(tmp_path / "data"))
    FilesFeature(bench)
    feature = WebPagesFeature(bench)
    bench.commands.refresh()
    return feature


def test_the_server_decides(qtbot: QtBot, bench: Workbench, pages: WebPagesFeature, site: Site) -> None:
    streams = []
    bench.session.source_requested.connect(streams.append)
    with qtbot.waitSignal(bench.session.picture_changed, timeout=20_000):
        bench.session.request([site.url + "/pic.png"])
    assert bench.session.loaded is not None and bench.session.loaded.name == "pic.png"
    with qtbot.waitSignal(bench.session.source_requested, timeout=20_000):
        bench.session.request([site.url + "/stream"])
    bench.session.request(["rtsp://127.0.0.1:9/live"])
    assert [one.ref for one in streams] == [site.url + "/stream", "rtsp://127.0.0.1:9/live"]
    with qtbot.waitSignal(pages.worker.failed, timeout=20_000):
        bench.session.request([site.url + "/missing?key=secret"])
    assert "/missing?key=***: the server answers 404" in bench.notices.text
    assert not bench.status.cancel.isVisible()


def test_the_dialog_asks_for_an_address_and_screens(qtbot: QtBot) -> None:
    dialog = PageDialog(PageChoices(viewports=("phone",), dark=True))
    qtbot.addWidget(dialog)
    opens = dialog.buttons.button(QDialogButtonBox.StandardButton.Open)
    assert not opens.isEnabled() and dialog.screens["phone"].isChecked() and dialog.dark.isChecked()
    dialog.address.setEditText("example.com/a")
    assert opens.isEnabled()
    dialog.screens["phone"].setChecked(False)
    assert not opens.isEnabled()
    dialog.screens["laptop"].setChecked(True)
    dialog.whole.setChecked(True)
    with qtbot.waitSignal(dialog.wanted) as wanted:
        opens.click()
    choices = PageChoices(("laptop",), whole=True, dark=True)
    assert wanted.args == ["https://example.com/a", choices]
    assert (
        completed("file:///etc/passwd") == "file:///etc/passwd" and completed("two words.x") == "two words.x"
    )
    refused: list[str] = []
    assert pages_from(choices.to_dict(), refused) == choices and not refused
    assert pages_from({"viewports": ["watch"], "dark": "yes"}, refused) == PageChoices()
    assert refused == ["pages.viewports", "pages.dark"]


def test_old_pictures_go_when_nothing_refers_to_them(
    qtbot: QtBot, bench: Workbench, pages: WebPagesFeature, tmp_path: Path
) -> None:
    paths = [tmp_path / "data" / "pages" / name / "Title (desktop).png" for name in ("a", "b", "c")]
    for path in paths:
        path.parent.mkdir(parents=True)
        Image.new("RGB", (64, 48), "teal").save(path)
        os.utime(path, (1e9, 1e9))
    save_project(tmp_path / "p.salviewer.json", Project((ProjectPicture(paths[0]),)))
    with qtbot.waitSignal(bench.session.picture_changed, timeout=20_000):
        bench.session.request([tmp_path / "p.salviewer.json"])
    with qtbot.waitSignal(bench.session.picture_changed, timeout=20_000):
        bench.session.open(paths[1:2], alone=True)
    pages.prune(())
    assert [path.exists() for path in paths] == [True, True, False]


@pytest.mark.browser
@needs_chromium
def test_two_screens_of_a_page_are_variants_with_suggested_areas(
    qtbot: QtBot, bench: Workbench, pages: WebPagesFeature, site: Site
) -> None:
    areas = AreasFeature(bench)
    compared = []
    bench.commands.add(Command("compare_variants", "Compare", lambda: compared.append(1), "Compare", (9, 9)))
    pages.worker.open(site.url + "/index.html", PageChoices(("phone", "desktop"), whole=True))
    qtbot.waitUntil(lambda: bool(compared), timeout=120_000)
    names = [path.name for path in bench.session.listing.paths]
    assert names == ["Larks & Co (phone).png", "Larks & Co (desktop).png"]
    assert bench.session.loaded is not None and bench.session.loaded.picture.screen == 1688
    texts = [one.text for one in bench.areas.suggestions]
    assert "Binoculars for birds" in texts and "Buy now" in texts and not bench.areas.all
    qtbot.waitUntil(lambda: bench.session.saliency is not None, timeout=60_000)
    assert bench.session.saliency.density.shape[0] > 2 * 240
    bench.session.turn(1)
    qtbot.waitUntil(lambda: bench.session.loaded.name == names[1], timeout=20_000)
    areas.page.suggestions.accepted.emit((0, 1))
    assert len(bench.areas.all) == 2 and not bench.areas.suggestions


@pytest.mark.browser
@needs_chromium
def test_cancel_ends_it(qtbot: QtBot, bench: Workbench, pages: WebPagesFeature, site: Site) -> None:
    site.asked.clear()
    bench.session.request([site.url + "/slow.html"])
    qtbot.waitUntil(lambda: "/never.png" in site.asked, timeout=60_000)
    qtbot.waitUntil(bench.status.cancel.isVisible, timeout=10_000)
    bench.status.cancel.click()
    qtbot.waitUntil(lambda: not pages.worker.worker.busy, timeout=10_000)
    qtbot.waitUntil(lambda: not bench.status.cancel.isVisible(), timeout=10_000)
    assert bench.session.loaded is None and not bench.notices.text
