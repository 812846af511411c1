"""Light and dark: colours, palette and style sheet, by default as the system."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from salviewer import paths as locations
from salviewer.app.state.settings import Appearance

_FILLED = re.compile(r"QSlider::sub-page[^}]*}")
_SIDES = re.compile(r"\b((?:border|margin|padding)(?:-top|-bottom)?-)(left|right)\b")


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one appearance. Text has a contrast of at least 4.5 to 1."""

    window: str
    panel: str
    field: str
    raised: str
    pressed: str
    border: str
    line: str
    text: str
    muted: str
    faint: str
    accent: str
    on_accent: str
    ground: str
    trouble: str
    trouble_text: str
    good: str
    good_text: str


LIGHT = Colours(
    window="#f4f5f7", panel="#fbfbfc", field="#ffffff", raised="#eceef1", pressed="#dfe3e8", border="#c3c9d1",
    line="#e0e3e8", text="#1c2127", muted="#5a6370", faint="#9aa2ad", accent="#2563c9", on_accent="#ffffff",
    ground="#dcdee1", trouble="#fdecea", trouble_text="#8c1d18", good="#e6f4ea", good_text="#1b5e35",
)  # fmt: skip
DARK = Colours(
    window="#1d2024", panel="#23262b", field="#2b2f35", raised="#30353c", pressed="#3a4048", border="#474e58",
    line="#31363d", text="#e7e9ec", muted="#a2abb6", faint="#6d7681", accent="#7fb0ff", on_accent="#10151c",
    ground="#141619", trouble="#43211f", trouble_text="#ffb4ab", good="#1c3526", good_text="#a5d8b5",
)  # fmt: skip


class Theme(QObject):
    """Applies an appearance, again whenever the system or the user changes it.

    Args:
        sheet: whether the style sheet is applied now. With one, every widget that is put into another is
            dressed again with all in it: who builds many waits for `apply_sheet`.
    """

    changed = Signal()

    def __init__(
        self,
        application: QApplication,
        appearance: Appearance,
        parent: QObject | None = None,
        sheet: bool = True,
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._appearance = appearance
        self._sheet = sheet
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._system_changed)
        if not sheet:
            application.setStyleSheet("")  # one of an earlier window
        self._dress()

    @property
    def dark(self) -> bool:
        """Whether the dark colours are in use."""
        if self._appearance == "system":
            return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._appearance == "dark"

    @property
    def colours(self) -> Colours:
        """The colours in use."""
        return DARK if self.dark else LIGHT

    def apply_sheet(self) -> None:
        """Apply the style sheet that was left out."""
        self._sheet = True
        self._application.setStyleSheet(style_sheet(self.colours, self.dark))

    def set_appearance(self, appearance: Appearance) -> None:
        """Set light, dark, or the system's appearance."""
        if appearance != self._appearance:
            self._appearance = appearance
            self._dress()

    def _system_changed(self) -> None:
        if self._appearance == "system":
            self._dress()

    def _dress(self) -> None:
        self._application.setPalette(palette(self.colours))
        if self._sheet:
            self.apply_sheet()
        self.changed.emit()


def palette(colours: Colours) -> QPalette:
    """Return a palette for what the style sheet does not cover: dialogs, selections, tooltips."""
    role = QPalette.ColorRole
    result = QPalette()
    for where, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.field,
        role.AlternateBase: colours.raised,
        role.Text: colours.text,
        role.PlaceholderText: colours.faint,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.on_accent,
        role.ToolTipBase: colours.panel,
        role.ToolTipText: colours.text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Link: colours.accent,
        role.Light: colours.panel,
        role.Midlight: colours.line,
        role.Mid: colours.border,
        role.Dark: colours.border,
        role.Accent: colours.accent,
    }.items():
        result.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours.faint))
    return result


def style_sheet(colours: Colours, dark: bool) -> str:
    """Return the shipped style sheet with these colours."""
    folder = locations.resources() / "icons"
    sheet = Path(folder / "style.qss").read_text(encoding="utf-8")
    shade = "dark" if dark else "light"
    filled = Template(sheet).substitute(asdict(colours), icons=folder.as_posix(), shade=shade)
    right_to_left = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    return mirrored(filled) if right_to_left else filled


def mirrored(sheet: str) -> str:
    """Exchange left and right where Qt does not: borders, margins, padding, corners, filled parts of sliders.

    The bar of a video keeps its direction.
    """
    swapped = _SIDES.sub(lambda found: found[1] + ("left" if found[2] == "right" else "right"), sheet)
    filled = _FILLED.findall(sheet)
    swapped = swapped.replace("::sub-page", "::add-page")
    kept = [
        f"LiveBar {rule}\nLiveBar QSlider::add-page:horizontal {{ background: none; }}" for rule in filled
    ]
    return "\n".join([swapped, *kept])
