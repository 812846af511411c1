"""The window with an explanation: picture, attention and gradient side by side, and how well they agree."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from salviewer.app.features.explain.explainer import Explained, ExplainRequest
from salviewer.app.translation import tr
from salviewer.app.widgets.buttons import button, label, with_name
from salviewer.app.widgets.dialog import Dialog
from salviewer.app.widgets.layouts import in_column, in_row
from salviewer.app.widgets.scrolling import fit_on_screen

WELL, PARTLY = 0.5, 0.2
"""Least correlations at which attention and gradient agree well, and in part."""


class ExplanationWindow(Dialog):
    """Shows one explanation at a time, or that it is being worked on; the picture behind stays usable."""

    save_wanted = Signal()
    copy_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("explanation", tr("Where a place's saliency comes from"), parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # the next answer is shown in it
        self.heading = label(role="heading", name="explained", wrap=True)
        self.sentence = label(name="explainedSentence", wrap=True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        captions = (
            (tr("The picture"), tr("The place is in the ring, the area inside the line")),
            (
                tr("Attention"),
                tr("What the place takes from where: the attention of all layers, multiplied (rollout)"),
            ),
            (tr("Gradient"), tr("Which pixels would change the place's saliency: a check by another way")),
        )
        self.panels = tuple(Panel(name, tip) for name, tip in captions)
        for column, ((name, tip), panel) in enumerate(zip(captions, self.panels, strict=True)):
            caption = label(name, "muted")
            caption.setToolTip(tip)
            grid.addWidget(caption, 0, column)
            grid.addWidget(panel, 1, column)
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(1, 1)
        self.copy = button(
            "copyExplanation", tr("&Copy"), tr("Copy the three pictures as one"), self.copy_wanted.emit
        )
        self.save = button(
            "saveExplanation",
            tr("&Save…"),
            tr("Save the three pictures as one, as the command line writes them"),
            self.save_wanted.emit,
        )
        close = button("closeExplanation", tr("C&lose"), tr("Close (Esc)"), self.reject)
        row = in_row((self.sentence, 1), self.copy, self.save, close)
        in_column(self.heading, (grid, 1), row, within=self)
        fit_on_screen(self, 1120, 480, QSize(520, 260))

    def show_working(self, request: ExplainRequest, model: str) -> None:
        """Say what is being worked on; `model` is its title."""
        self._head(request, model)
        self.sentence.setText(tr("Working…"))
        for panel in self.panels:
            panel.set_image(None)
        self._allow(False)

    def show_explained(self, explained: Explained, model: str) -> None:
        """Show an explanation; `model` is the model's title."""
        self._head(explained.request, model)
        for panel, image in zip(self.panels, explained.panels, strict=True):
            panel.set_image(image)
        self.sentence.setText(words(explained.agreement))
        self._allow(True)

    def _head(self, request: ExplainRequest, model: str) -> None:
        if request.area:
            said = tr("{area} in {picture}, by {model}", area=request.area, picture=request.stem, model=model)
        elif isinstance(request.place, tuple):
            x, y = request.place
            said = tr(
                "The place at {x:.2f}, {y:.2f} in {picture}, by {model}",
                x=x,
                y=y,
                picture=request.stem,
                model=model,
            )
        else:
            said = tr("The area in {picture}, by {model}", picture=request.stem, model=model)
        self.heading.setText(said)

    def _allow(self, allowed: bool) -> None:
        self.copy.setEnabled(allowed)
        self.save.setEnabled(allowed)


class Panel(QWidget):
    """A picture, scaled to the widget."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        with_name(self, "explainedPanel", tip, accessible=name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 90)
        self._image: QImage | None = None
        self._scaled: QImage | None = None

    def set_image(self, image: QImage | None) -> None:
        """Show a picture, or nothing."""
        self._image, self._scaled = image, None
        self.update()

    @property
    def image(self) -> QImage | None:
        """The picture."""
        return self._image

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the picture in the middle."""
        if self._image is None:
            return
        ratio = self.devicePixelRatioF()
        room = (self.size().toSizeF() * ratio).toSize()
        fitting = self._image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        if self._scaled is None or self._scaled.size() != fitting:
            way = Qt.TransformationMode.SmoothTransformation
            self._scaled = self._image.scaled(fitting, Qt.AspectRatioMode.IgnoreAspectRatio, way)
        size = (fitting.toSizeF() / ratio).toSize()
        place = QRect((self.width() - size.width()) // 2, 0, size.width(), size.height())
        painter = QPainter(self)
        painter.drawImage(place, self._scaled)
        painter.end()


def words(agreement: float) -> str:
    """Say how well attention and gradient agree, in one sentence."""
    if agreement >= WELL:
        return tr("Attention and gradient agree well: correlation {value:.2f}.", value=agreement)
    if agreement >= PARTLY:
        return tr(
            "Attention and gradient agree in part (correlation {value:.2f}): where only one is bright, the"
            " network may look without using what it sees.",
            value=agreement,
        )
    return tr(
        "Attention and gradient hardly agree (correlation {value:.2f}): do not take the attention for the"
        " reason.",
        value=agreement,
    )
