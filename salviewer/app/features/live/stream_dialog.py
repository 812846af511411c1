"""The dialog for the address of a stream."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QWidget

from salviewer.addresses import is_address
from salviewer.app.translation import mark, tr
from salviewer.app.widgets.buttons import label, label_for, with_name
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import in_column

_HINT = mark(
    "rtsp://user:password@192.168.1.20/stream1 for most network cameras, http://…/video.mjpg for MJPEG. "
    "Passwords are not saved."
)


class StreamDialog(Dialog):
    """Asks for an address; opens nothing."""

    wanted = Signal(str)

    def __init__(self, recent: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__("streamDialog", tr("Open a stream"), parent, 480)
        self.address = with_name(QComboBox(), "address")
        self.address.setEditable(True)
        self.address.setAccessibleName(tr("Address of the stream"))
        self.address.setToolTip(tr("RTSP, MJPEG over HTTP, MPEG-TS, or anything else FFmpeg opens"))
        self.address.addItems(list(recent))
        self.address.setCurrentIndex(0 if recent else -1)
        field = self.address.lineEdit()
        assert field is not None
        field.setPlaceholderText(tr("rtsp:// or http://"))
        field.selectAll()
        self.address.editTextChanged.connect(self._enable)
        title = label_for(self.address, tr("&Address"))
        hint = label(tr(_HINT), "muted", wrap=True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        in_column(title, self.address, hint, self.buttons, within=self, spacing=8)
        self._enable()
        self.address.setFocus()

    def _enable(self) -> None:
        button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        button.setEnabled(is_address(self.address.currentText().strip()))

    def _accept(self) -> None:
        self.wanted.emit(self.address.currentText().strip())
        self.accept()
