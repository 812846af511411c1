"""A message over the top of the picture, which moves nothing and does not block."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from salviewer.app.shell import icons
from salviewer.app.shell.file_manager import show_in_folder
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import with_name
from salviewer.app.widgets.layouts import in_row
from salviewer.app.workers.timers import single_shot

if TYPE_CHECKING:
    from salviewer.app.shell.theme import Theme

_GOOD_NEWS, _WITH_BUTTON = 6000, 15000  # milliseconds that good news stays; errors stay until dismissed


class Notices(QFrame):
    """Hidden until there is a message. Dismissed by its button or Escape; never modal."""

    dismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._theme = theme
        self._said = ""
        self._staying = ""
        self._icon = QLabel()
        self._text = with_name(QLabel(), "bannerText")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = with_name(
            QToolButton(), "bannerClose", tr("Dismiss (Esc)"), accessible=tr("Dismiss the message")
        )
        self._button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._button.setIconSize(QSize(16, 16))
        self._button.clicked.connect(self.dismiss)
        self.way_out = with_name(QPushButton(), "bannerWayOut")
        self.way_out.clicked.connect(self._take_way_out)
        self._wayout: Callable[[], None] | None = None
        parts = (self._icon, (self._text, 1), self.way_out, self._button)
        in_row(*parts, within=self, spacing=10, margins=(16, 8, 8, 8))
        self._timer = single_shot(self, 0, self.overtake)
        theme.changed.connect(self._dress)
        self._kind = "trouble"
        self._dress()
        self.hide()

    @property
    def text(self) -> str:
        """The message; "" while hidden."""
        return self._said

    def lie_over(self, widget: QWidget) -> None:
        """Cover the top of a widget, at its full width, from now on."""
        self.setParent(widget)
        self.hide()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the size of the covered widget."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def error(
        self,
        sentence: str,
        way_out: str = "",
        then: Callable[[], None] | None = None,
        *,
        stays: bool = False,
    ) -> None:
        """Report an error. It stays until dismissed, or until something opens.

        Args:
            way_out: text of a button beside the sentence; "" for no button.
            then: called by the button, after the message has gone.
            stays: whether it stays until the user dismisses it; later messages are added to it.
        """
        self._timer.stop()
        if stays:
            self._staying = sentence
        self._say("trouble", sentence)
        self._offer(way_out, then)

    def inform(self, sentence: str) -> None:
        """Report a success, for a few seconds."""
        self._say("good", sentence)
        self._offer("", None)
        self._timer.start(_GOOD_NEWS)

    def saved(self, sentence: str, path: Path) -> None:
        """Report a written file, for a while, with a button that shows it in its folder.

        Args:
            sentence: the report.
            path: the file; a folder if several were written.
        """
        self._say("good", sentence)
        self._offer(tr("Show in folder"), partial(show_in_folder, path))
        self._timer.start(_WITH_BUTTON)

    def dismiss(self) -> None:
        """Hide the message."""
        self._staying = ""
        if self._said:
            self._said = ""
            self._timer.stop()
            self.hide()
            self.dismissed.emit()

    def overtake(self) -> None:
        """Hide the message, unless it stays until the user dismisses it."""
        if self._staying:
            self.error(self._staying)
        else:
            self.dismiss()

    def _take_way_out(self) -> None:
        then, self._wayout = self._wayout, None
        self.overtake()
        if then is not None:
            then()

    def _offer(self, way_out: str, then: Callable[[], None] | None) -> None:
        self._wayout = then
        self.way_out.setText(way_out)
        self.way_out.setVisible(bool(way_out))
        self._place()

    def _say(self, kind: str, sentence: str) -> None:
        from PySide6.QtGui import QAccessible, QAccessibleEvent

        if self._staying and self._staying not in sentence:
            kind, sentence = "trouble", f"{self._staying}\n{sentence}"
        self._kind, self._said = kind, sentence
        self._text.setText(sentence.replace("/", "/\u200b").replace("\\", "\\\u200b"))
        self._text.setAccessibleName(sentence)
        self.setAccessibleName(sentence)
        self._dress()
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _place(self) -> None:
        under, layout = self.parentWidget(), self.layout()
        if under is None or layout is None or self.isHidden() or self.isWindow():
            return
        layout.activate()
        width = under.width()
        height = max(layout.totalHeightForWidth(width), layout.totalMinimumSize().height())
        self.setGeometry(0, 0, width, min(height, under.height()))
        self.raise_()

    def _dress(self) -> None:
        colours = self._theme.colours
        colour = colours.trouble_text if self._kind == "trouble" else colours.good_text
        name = "warning" if self._kind == "trouble" else "done"
        ratio = max(self.devicePixelRatioF(), 2.0)
        self._icon.setPixmap(icons.pixmap(name, colour, QSize(20, 20), ratio))
        self._button.setIcon(QIcon(icons.pixmap("close", colour, QSize(16, 16), ratio)))
        if self.property("kind") != self._kind:
            self.setProperty("kind", self._kind)
            for widget in (self, self._text, self.way_out):
                widget.style().unpolish(widget)
                widget.style().polish(widget)
