"""Presets: displays and choices of an export, kept under names and shared as files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from salviewer.app.features.export.dialog import ExportDialog
from salviewer.app.features.export.feature import ExportFeature
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.state.export_choices import ExportChoices
from salviewer.app.state.presets import EXPORT_SUFFIX, presets_folder
from salviewer.app.workbench import Workbench
from salviewer.media.display_presets import PRESET_SUFFIX
from salviewer.results.order import Size
from tests.app.features.bench import open_picture

CLIENT = ExportChoices(False, ("focus",), "webp", 80, Size.parse("1200"), ("npy",), reports=("pdf",))


def asked(bench: Workbench, name: str) -> Path:
    """Type a name into the file dialog and accept; the file."""
    dialog = bench.dialog_parent.findChildren(QFileDialog)[-1]
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    file = Path(dialog.directory().path()) / f"{name}.{dialog.defaultSuffix()}"
    dialog.fileSelected.emit(str(file))
    dialog.close()
    return file


def test_an_export_saved_under_a_name_is_chosen_by_it_and_shared_as_a_file(
    qtbot: QtBot, bench: Workbench, pictures: list[Path], tmp_path: Path
) -> None:
    ExportFeature(bench)
    open_picture(qtbot, bench, pictures[0])
    bench.settings.change(export=replace(CLIENT, folder=str(tmp_path / "here")))
    bench.commands["export"].trigger()
    dialog = bench.dialog_parent.findChild(ExportDialog)
    assert dialog is not None
    dialog.presets._ask_save()
    file = asked(bench, "Client A")
    assert file == presets_folder() / f"Client A{EXPORT_SUFFIX}" and file.exists()
    assert dialog.presets.choice.currentText() == "Client A"
    dialog.form.shown.click()
    assert dialog.choices.shown and dialog.presets.choice.currentText() == "none"
    dialog.presets.choice.chosen.emit(str(file))
    assert dialog.choices == replace(CLIENT, folder=str(tmp_path / "here"))
    content = json.loads(file.read_text())
    assert str(tmp_path) not in file.read_text()
    content["export"] |= {"quality": 300, "kinds": ["sideways"]}
    shared = tmp_path / "shared.json"
    shared.write_text(json.dumps(content))
    dialog.presets.use(str(shared))
    assert "export.quality" in dialog.presets.complaint.text() and "kinds" in dialog.presets.complaint.text()
    assert dialog.form.choices.picture_format == "webp" and dialog.form.choices.quality == 92
    dialog.presets.use(str(pictures[0]))
    assert "it is damaged" in dialog.presets.complaint.text()


def test_a_display_saved_under_a_name_is_in_the_menu(bench: Workbench) -> None:
    views = ViewsFeature(bench)
    menu = QMenu(bench.dialog_parent)
    menu.addAction(bench.commands["save_display"])
    views.displays.fill(menu)
    bench.settings.change(view="focus", style=replace(bench.settings.now.style, colormap="magma"))
    views.displays.save()
    assert asked(bench, "Client A").name == f"Client A{PRESET_SUFFIX}"
    bench.settings.reset()
    menu.aboutToShow.emit()
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "Client A" and len(menu.actions()) == 3
    menu.actions()[0].trigger()
    assert (bench.settings.now.view, bench.settings.now.style.colormap) == ("focus", "magma")
