"""The dialog for choosing a camera, its size and its rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QGridLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from salviewer.app.translation import fill, mark, tr
from salviewer.app.widgets.buttons import label, label_for, with_name
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import in_column, in_row
from salviewer.media.video.cameras import CameraEntry, list_cameras
from salviewer.media.video.opening import SourceChoice

if TYPE_CHECKING:
    from salviewer.app.workers.latest_only import LatestOnlyWorker, Outcome

SIZES = ((320, 240), (640, 480), (1280, 720), (1920, 1080))
RATES = (15, 30, 60)

NO_CAMERA = mark(
    "No camera was found. Connect one and look again, or show a video file, "
    "a stream or a folder of frames instead."
)


class CameraDialog(Dialog):
    """Lists cameras in `worker`, and opens none itself.

    Args:
        find: lists the cameras.
    """

    wanted = Signal(object)  # SourceChoice
    video_wanted = Signal()
    stream_wanted = Signal()
    frames_wanted = Signal()

    def __init__(
        self,
        worker: LatestOnlyWorker,
        parent: QWidget | None = None,
        find: Callable[[], tuple[CameraEntry, ...]] = list_cameras,
    ) -> None:
        super().__init__("cameraDialog", tr("Open a camera"), parent, 440)
        self._worker, self._find, self._ticket = worker, find, 0
        worker.finished.connect(self._landed)
        self.list = with_name(QListWidget(), "cameras", accessible=tr("Cameras"))
        self.list.setMinimumHeight(110)
        self.list.itemActivated.connect(lambda _: self._accept())
        self.list.currentRowChanged.connect(lambda _: self._enable())
        self.none = label(tr("Looking for cameras…"), wrap=True, name="noCamera")
        self.size_choice = _choice(tr("Size"), "cameraSize", [fill("{w} × {h}", w=w, h=h) for w, h in SIZES])
        self.rate = _choice(tr("Rate"), "cameraRate", [tr("{rate} frames/s", rate=rate) for rate in RATES])
        self.size_choice.setToolTip(tr("The camera uses the nearest it supports"))
        self.rate.setToolTip(tr("The camera uses the nearest it supports"))
        self._others = QWidget()
        self._build_others()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel
        )
        self.again = with_name(QPushButton(tr("&Look again")), "lookAgain", tr("List the cameras again"))
        self.again.clicked.connect(self.look)
        self.buttons.addButton(self.again, QDialogButtonBox.ButtonRole.ActionRole)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        asked = QGridLayout()
        for column, (name, choice) in enumerate(((tr("&Size"), self.size_choice), (tr("&Rate"), self.rate))):
            asked.addWidget(label_for(choice, name), 0, column)
            asked.addWidget(choice, 1, column)
        self._asked = QWidget()
        self._asked.setLayout(asked)
        asked.setContentsMargins(0, 0, 0, 0)
        in_column(self.none, self._others, self.list, self._asked, self.buttons, within=self, spacing=10)
        self._show(())
        self.none.setText(tr("Looking for cameras…"))
        self._others.hide()
        self.look()

    def look(self) -> None:
        """List the cameras."""
        self._ticket += 1
        self._worker.submit(self._ticket, self._find)

    def _build_others(self) -> None:
        row = in_row(within=self._others, margins=0)
        for text, name, signal in (
            (tr("A &video…"), "videoInstead", self.video_wanted),
            (tr("A s&tream…"), "streamInstead", self.stream_wanted),
            (tr("A folder of &frames…"), "framesInstead", self.frames_wanted),
        ):
            button = with_name(QPushButton(text), name)
            button.setAutoDefault(False)
            button.clicked.connect(signal)
            button.clicked.connect(self.reject)
            row.addWidget(button)
        row.addStretch(1)

    def _landed(self, outcome: Outcome) -> None:
        if outcome.ticket == self._ticket and outcome.error is None:
            self._show(outcome.value)
        elif outcome.error is not None:
            self._show(())

    def _show(self, cameras: tuple[CameraEntry, ...]) -> None:
        self.list.clear()
        for camera in cameras:
            plain = camera.name.endswith(f" {camera.number}")
            item = QListWidgetItem(camera.name if plain else f"{camera.name} ({camera.number})")
            item.setData(Qt.ItemDataRole.UserRole, camera.number)
            self.list.addItem(item)
        self.list.setCurrentRow(0 if cameras else -1)
        self.list.setVisible(bool(cameras))
        self._asked.setVisible(bool(cameras))
        self._others.setVisible(not cameras)
        self.none.setVisible(not cameras)
        self.none.setText(tr(NO_CAMERA))
        self._enable()
        self.adjustSize()

    def _enable(self) -> None:
        button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        button.setEnabled(self.list.currentRow() >= 0)

    def _accept(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        size, rate = self.size_choice.currentIndex() - 1, self.rate.currentIndex() - 1
        number = item.data(Qt.ItemDataRole.UserRole)
        self.wanted.emit(
            SourceChoice(
                f"camera:{number}",
                SIZES[size] if size >= 0 else None,
                float(RATES[rate]) if rate >= 0 else None,
            )
        )
        self.accept()


def _choice(name: str, object_name: str, texts: list[str]) -> Choice:
    choice = with_name(Choice(name), object_name)
    choice.fill([("", tr("Default of the camera"), ""), *((text, text, "") for text in texts)])
    return choice
