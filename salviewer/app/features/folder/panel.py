"""The folder panel: a field that filters by name, and the thumbnails that pass."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QToolButton, QWidget

from salviewer.app.features.folder.grid import Grid
from salviewer.app.features.folder.model import Pictures
from salviewer.app.features.folder.thumbnail_predictions import ThumbnailPredictions
from salviewer.app.features.folder.thumbs import Look, Thumbnails
from salviewer.app.shell import icons
from salviewer.app.shell.theme import Theme
from salviewer.app.state.session import Session
from salviewer.app.translation import plural, tr
from salviewer.app.widgets.buttons import label, with_name
from salviewer.app.widgets.layouts import in_column, in_row
from salviewer.app.workers.latest_only import LatestOnlyWorker
from salviewer.app.workers.loader import Loaded
from salviewer.app.workers.timers import single_shot
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.media.picture_list import Listing

MARGIN = 1.0
"""Views beyond the visible one, in both directions, for which thumbnails are made."""

_LOOK_SETTLED = 200  # milliseconds for which a slider must rest before overlays follow


class Filter(QLineEdit):
    """Escape clears it, or leaves if it is empty; Down goes to the pictures, Enter opens the first."""

    left = Signal()
    down = Signal()
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Handle keys that are not text."""
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.down.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class FolderPanel(QFrame):
    """Follows the session's list and the picture on screen."""

    left = Signal()  # the keyboard goes back to the picture
    overlays_wanted = Signal(bool)
    menu_wanted = Signal(object, object)  # Path, and place on the screen

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("folderPanel")
        self._session, self._theme = session, theme
        self.thumbs = Thumbnails(lambda key: session.known_map(key, session.engine), self)
        self.thumbnail_predictions = ThumbnailPredictions(session, self)
        self._look = Look(session.engine, PostprocessSettings(), OverlayStyle())
        self._overlays = False
        self._settled = False  # whether the picture on screen and its neighbours are done
        self._side = 96
        self._build()
        self._listing = Listing()
        session.listing_changed.connect(self._relist)
        session.picture_changed.connect(self._show)
        session.activity_changed.connect(self._mind)
        session.learned.connect(self.thumbs.learned)
        session.engine_changed.connect(lambda engine: self._change_look(replace(self._look, engine=engine)))
        session.prefetch.settled.connect(self._settle)
        session.watch.listed.connect(self._check)
        theme.changed.connect(self._dress)
        self._look_soon = single_shot(self, _LOOK_SETTLED, self._apply_look)
        self._dress()

    @property
    def workers(self) -> tuple[LatestOnlyWorker, LatestOnlyWorker]:
        """Its threads."""
        return self.thumbs.worker, self.thumbnail_predictions.worker

    def set_overlays(self, overlays: bool) -> None:
        """Let thumbnails show the overlay instead of the picture alone."""
        self._overlays = overlays
        self.overlays.setChecked(overlays)
        self._apply_look()
        self._predict_thumbnails()

    def set_look(self, settings: PostprocessSettings, style: OverlayStyle) -> None:
        """Set how overlays are drawn."""
        self._change_look(replace(self._look, settings=settings, style=style))

    def set_side(self, side: int) -> None:
        """Set the longest side of a thumbnail, in logical pixels."""
        self._side = side
        self.grid.set_side(side)
        self.grid.show_path(self._session.shown)
        self._want()

    def focus_filter(self) -> None:
        """Focus the filter for typing."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the width of one column of thumbnails, so that the picture gets the most."""
        return QSize(self.minimumSizeHint().width(), super().sizeHint().height())

    def _build(self) -> None:
        self.filter = with_name(Filter(), "filter")
        self.filter.setPlaceholderText(tr("Filter"))
        self.filter.setAccessibleName(tr("Filter by name"))
        self.filter.setToolTip(
            tr("Only pictures whose name contains this; Enter opens the first, Esc clears it")
        )
        self.filter.setClearButtonEnabled(True)
        for button in self.filter.findChildren(QToolButton):
            button.setAccessibleName(tr("Clear the filter"))
        self.filter.textChanged.connect(self._session.filter)
        self.filter.left.connect(self.left)
        self.overlays = with_name(QToolButton(), "overlays")
        self.overlays.setCheckable(True)
        self.overlays.setAccessibleName(tr("Overlays"))
        self.overlays.setToolTip(tr("Thumbnails show the overlay"))
        self.overlays.setIconSize(QSize(16, 16))
        self.overlays.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.overlays.clicked.connect(self.overlays_wanted)
        self.count = label("", "muted", name="count")
        self.count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.pictures = Pictures(self.thumbs, self)
        self.grid = Grid(self.pictures, self._theme)
        self.grid.wanted.connect(self._open)
        self.grid.left.connect(self.left)
        self.grid.moved.connect(self._want)
        self.grid.menu_wanted.connect(self.menu_wanted)
        self.filter.down.connect(self.grid.setFocus)
        self.filter.entered.connect(self._open_match)
        top = in_row((self.filter, 1), margins=(8, 8, 8, 4))
        foot = in_row((self.count, 1), self.overlays, margins=(0, 0, 8, 4))
        in_column(top, (self.grid, 1), foot, within=self, spacing=0, margins=0)

    def _open_match(self) -> None:
        """Open the first picture that passes the filter, unless the one on screen passes."""
        walked = self._session.listing.walked
        if walked:
            shown = self._session.shown
            self._open(shown if shown is not None and shown in walked else walked[0])

    def _open(self, path: Path) -> None:
        self._session.go(path)
        self.left.emit()

    # Reports of the session

    def _relist(self, listing: Listing) -> None:
        top = next(iter(self.grid.in_view()), None)
        new = listing.sources != self._listing.sources or listing.needle != self._listing.needle
        self._listing = listing
        if self.filter.text() != listing.needle:
            self.filter.blockSignals(True)
            self.filter.setText(listing.needle)
            self.filter.blockSignals(False)
        self.pictures.set_listing(listing)
        shown = self._session.shown
        self.grid.show_path(shown)
        if not new and self.pictures.row(top) >= 0:  # the same list with small changes
            self.grid.scrollTo(self.pictures.index(self.pictures.row(top)), Grid.ScrollHint.PositionAtTop)
        count, walked = len(listing.paths), len(listing.walked)
        self.count.setText(
            tr("{walked} of {count}", walked=walked, count=count)
            if listing.needle
            else plural("{count} picture", "{count} pictures", count)
        )
        self.grid.look()

    def _show(self, loaded: Loaded) -> None:
        path = self._session.shown
        self.pictures.set_shown(path)
        self.grid.show_path(path)
        thumb = None if path is None else self.thumbs.get(path)
        if path is not None and thumb is not None and thumb.key != loaded.key:
            self.thumbs.look_again(path)

    def _mind(self, activity: str) -> None:
        """Start no predictions while something else is requested."""
        self.thumbs.hold(self._session.opening)
        if activity:
            self._settled = False
            self.thumbnail_predictions.hold()

    def _settle(self) -> None:
        self._settled = True
        self._predict_thumbnails()

    def _check(self) -> None:
        for path in self.grid.in_view():
            self.thumbs.look_again(path)

    # Visible pictures

    def _want(self) -> None:
        self.thumbs.set_side(round(self._side * self.devicePixelRatioF()))
        self.thumbs.want(self.grid.in_view(MARGIN))
        self._predict_thumbnails()

    def _predict_thumbnails(self) -> None:
        if self._overlays and self._settled:
            self.thumbnail_predictions.want(self.grid.in_view())
        else:
            self.thumbnail_predictions.hold()

    def _change_look(self, look: Look) -> None:
        if look != self._look:
            self._look = look
            self._look_soon.start()

    def _apply_look(self) -> None:
        self.thumbs.set_look(self._look if self._overlays else None)

    def _dress(self) -> None:
        colours = self._theme.colours
        self.overlays.setIcon(icons.icon("view-overlay", colours.text, colours.faint))
        self.grid.viewport().update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Adapt to another font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "grid"):
            self.grid.set_side(self._side)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Announce the visible pictures."""
        super().showEvent(event)
        self.grid.show_path(self._session.shown)
        self.grid.look()
