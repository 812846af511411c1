"""Errors, reports and labels of the rooms below the window, in its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from salviewer import texts
from salviewer.app import known_sentences
from salviewer.app.workers.report_pdf import continued
from salviewer.core.areas import Rectangle
from salviewer.core.gaze import visit_text
from salviewer.core.hotspots import Hotspot
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scene import Scene
from salviewer.core.variants import Variant, tabulate
from salviewer.errors import ExportError, ImageError
from salviewer.media.images import Picture, load_picture
from salviewer.media.listing import find_pictures
from salviewer.results import summary, variant_words
from salviewer.results.report import build_report
from salviewer.results.report_page import report_html
from salviewer.results.source import Source
from scripts import translations


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    """As a start in German installs it."""
    catalogue = QTranslator(qapp)
    assert catalogue.load("salviewer_de", str(translations.CATALOGUES))
    qapp.installTranslator(catalogue)
    known_sentences.install(translations.CATALOGUES, "de")
    yield
    texts.speak()
    qapp.removeTranslator(catalogue)


def source() -> Source:
    density = np.ones((12, 16), np.float32)
    density[3:6, 4:8] = 9
    saliency = SaliencyMap(density / density.sum(), (160, 120), "live_net")
    picture = Picture(np.full((120, 160, 3), 90, np.uint8), None, (160, 120))
    return Source(picture, saliency, (Rectangle(0.2, 0.2, 0.6, 0.6, name="Logo"),), "shelf.png")


def refused(path: Path) -> ImageError:
    with pytest.raises(ImageError) as error:
        load_picture(path)
    return error.value


def test_errors_are_in_the_windows_language_and_keep_their_english(german: None, tmp_path: Path) -> None:
    gone = refused(tmp_path / "gone.png")
    assert str(gone) == f"{tmp_path / 'gone.png'}: eine solche Datei gibt es nicht"
    assert gone.english == f"{tmp_path / 'gone.png'}: there is no such file"
    (tmp_path / "clip.mp4").touch()
    with pytest.raises(ImageError) as videos:
        find_pictures([tmp_path])
    assert "keine Bilder; sein Video wird nur genommen" in str(videos.value)
    wrapped = ExportError("out.png", f"it could not be written: {gone}")
    assert str(wrapped).startswith("out.png: nicht geschrieben: ") and "gibt es nicht" in str(wrapped)
    assert summary.sentence(gone) == gone.english, "tables are in English"


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("first of 3 pages; shown at 1/4 of its 900 x 800 pixels",
         "die erste von 3 Seiten; gezeigt mit 1/4 seiner 900 x 800 Pixel"),
        ("a.mkv: it is damaged: 3 of 40 frames could be read",
         "a.mkv: beschädigt: 3 von 40 Bildern waren lesbar"),
        ("epoch 3 of 10: train loss 1.2", "Epoche 3 von 10: train loss 1.2"),
        ("nobody wrote this; {1}", "nobody wrote this; {1}"),
    ],
)  # fmt: skip
def test_finished_sentences_are_known_by_their_patterns(german: None, english: str, said: str) -> None:
    assert texts.said(english) == said


def test_reports_and_labels_speak_the_language(german: None) -> None:
    page = report_html(build_report(source(), Scene(), date(2026, 5, 3)))
    shown = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert '<html lang="de">' in page
    for word in (
        "Aufmerksamkeitsbericht",
        "So liest man das.",
        "3. Mai 2026",
        "Interessierende Bereiche",
        "Anteil",
    ):
        assert word in shown, word
    for word in (
        "Attention",
        "How to read",
        "Limits",
        "Share",
        "the average",
        "May",
        "of the width",
    ):
        assert word not in shown, word
    assert visit_text(Hotspot(3, 1.0, 1.0, 0.2, 1.0)) == "Besuch 3"
    assert continued(continued("Bereiche")) == "Bereiche, Fortsetzung"


def test_without_a_window_all_is_english(tmp_path: Path) -> None:
    assert str(refused(tmp_path / "gone.png")).endswith("there is no such file")
    page = report_html(build_report(source(), Scene(), date(2026, 5, 3)))
    assert '<html lang="en">' in page and "How to read this." in page and "3 May 2026" in page


def test_the_sentence_on_variants_is_translated_whole(german: None) -> None:
    one = source()
    other = SaliencyMap(np.full((12, 16), 1 / 192, np.float32), (160, 120), "live_net")
    table = tabulate([Variant("A", one.saliency, one.areas), Variant("B", other, one.areas)])
    said = variant_words.sentence(table)
    assert "nur einmal vorhergesagt" in said and "Logo" in said and " the " not in said
