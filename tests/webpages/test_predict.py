"""``salviewer predict ADDRESS``: which files are written, and that a stopped run leaves nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest
from PIL import Image

from salviewer.media.area_files import load_areas
from tests.browsers import needs_chromium
from tests.cli.conftest import predict, salviewer
from tests.folders import files_in
from tests.webpages.site import Site

assert predict and salviewer  # fixtures

browser = pytest.mark.browser


def names(folder: Path) -> set[str]:
    return {path.name for path in files_in(folder)}


def test_options_for_pages_need_one(predict, site: Site, tmp_path):
    ended = predict(tmp_path, "-o", tmp_path / "out", "--whole-page")
    assert ended.code == 2 and "--whole-page is for addresses of web pages" in ended.err[-1]
    ended = predict(site.url + "/index.html", "-o", tmp_path / "out", "--viewport", "watch")
    assert ended.code == 2 and "a viewport is desktop, laptop, tablet, phone" in ended.err[-1]
    ended = predict(site.url + "/index.html", tmp_path, "-o", tmp_path / "out")
    assert ended.code == 2 and "web pages and files in separate commands" in ended.err[-1]
    ended = predict(site.url + "/index.html", "-o", tmp_path / "out", "--skip-done")
    assert ended.code == 2 and "--skip-done is for files" in ended.err[-1]


def test_pictures_are_fetched_and_errors_are_lines(predict, site: Site, tmp_path):
    out = tmp_path / "out"
    paths = ("/pic.png?key=secret", "/missing", "/loop", "/two.pdf")
    ended = predict(*(site.url + path for path in paths), "-o", out)
    assert ended.code == 1 and names(out) == {"pic.png", "two-p01.png", "two-p02.png"}
    assert f"{site.url}/two.pdf#page=2 -> {out / 'two-p02.png'}" in "\n".join(ended.out)
    assert f"{site.url}/pic.png?key=*** -> {out / 'pic.png'}" in ended.out
    assert any("/missing: the server answers 404" in line for line in ended.err)
    assert any("/loop: it redirects without end" in line for line in ended.err)


@browser
@needs_chromium
def test_a_page_and_its_areas(predict, site: Site, tmp_path):
    out = tmp_path / "out"
    ended = predict(site.url + "/index.html", "-o", out, "--summary", "--draw-areas")
    assert ended.code == 0, ended.err
    assert names(out) == {"index.png", "index_areas.json", "salviewer-summary.csv"}
    content = json.loads((out / "index_areas.json").read_text("utf-8"))
    assert content["page"]["title"] == "Larks & Co" and content["page"]["viewport"] == "desktop"
    assert "screens" not in content
    shares = {entry["name"]: entry["share"] for entry in content["areas"]}
    assert 0 < shares["Button: Buy now"] < shares["Heading: Binoculars for birds"] < 1
    assert [area.name for area in load_areas(out / "index_areas.json").areas] == list(shares)
    assert site.url + "/index.html,done" in (out / "salviewer-summary.csv").read_text("utf-8-sig")


@browser
@needs_chromium
def test_several_viewports_and_a_whole_page(predict, site: Site, tmp_path):
    out = tmp_path / "out"
    wanted = ("--viewport", "phone", "--viewport", "800x600", "--whole-page", "--dark")
    ended = predict(site.url + "/index.html", "-o", out, *wanted)
    assert ended.code == 0, ended.err
    stems = ("index-phone-dark", "index-800x600-dark")
    assert names(out) == {f"{stem}{end}" for stem in stems for end in (".png", "_areas.json")}
    content = json.loads((out / "index-phone-dark_areas.json").read_text("utf-8"))
    assert content["page"]["dark"] is True
    screens = content["screens"]
    assert len(screens) >= 3 and sum(one["share"] for one in screens) == pytest.approx(1, abs=0.02)
    assert "not predicted" in ended.out[0]
    with Image.open(out / "index-phone-dark.png") as image:
        assert image.width == 780 and image.height > 2 * 1688


@browser
@needs_chromium
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_run_leaves_nothing(site: Site, number: signal.Signals, tmp_path: Path) -> None:
    def as_started() -> None:
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, signal.SIG_DFL if one == signal.SIGTERM else signal.default_int_handler)

    site.asked.clear()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "salviewer", "predict", site.url + "/slow.html"]
        command += ["-o", str(tmp_path / "out")]
        running = subprocess.Popen(
            command, env=os.environ | {"TMPDIR": folder}, preexec_fn=as_started, stderr=subprocess.PIPE
        )
        try:
            site.wait_for("/never.png")
            running.send_signal(number)
            said = running.communicate(timeout=60)[1].decode()
        finally:
            running.kill()
        assert running.returncode == (130 if number != signal.SIGKILL else -number), said
        end = time.monotonic() + 30
        while left := [one for one in psutil.process_iter(["cmdline"]) if folder in str(one.info["cmdline"])]:
            assert time.monotonic() < end, left
            time.sleep(0.1)
        if number != signal.SIGKILL:
            assert "Traceback" not in said and not list(Path(folder).iterdir())
        assert not (tmp_path / "out").exists()
