"""The manual in a window of its own: contents, pages, search. Nothing is fetched from anywhere."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QImage,
    QKeyEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QLineEdit,
    QSplitter,
    QTextBrowser,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from salviewer.app.features.help.pages import CONTENTS, Page, Section, found, slug
from salviewer.app.shell.theme import Theme
from salviewer.app.translation import fill, plural, tr
from salviewer.app.widgets.buttons import button, label, with_name
from salviewer.app.widgets.layouts import in_column, in_row
from salviewer.app.widgets.scrolling import fit_on_screen

_PLACE = Qt.ItemDataRole.UserRole
_MOST = 400  # marked places of a search
_WIDEST = 900  # logical pixels of a picture


class Manual(QWidget):
    """Shows pages beside their contents; a search lists the sections that contain every word.

    Args:
        pages: by name.
        more: pages that are made by the program, below the others.
        folder: where pictures of pages are.
        theme: of the window.
        parent: whose window it belongs to.
    """

    def __init__(
        self, pages: dict[str, Page], more: tuple[Page, ...], folder: Path, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("manual")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAutoFillBackground(True)
        self.setWindowTitle(tr("Manual – salviewer"))
        self._own, self._pages = pages, pages | {page.name: page for page in more}
        self._theme, self._shown = theme, ""
        self._document: QTextDocument | None = None
        self._history: list[tuple[str, str]] = []
        self.field = with_name(QLineEdit(), "manualSearch")
        self.field.setPlaceholderText(tr("Search the manual"))
        self.field.setAccessibleName(tr("Search the manual"))
        self.field.setToolTip(tr("Sections that contain all these words; Enter shows the first"))
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self.search)
        self.field.returnPressed.connect(self._first)
        self.tree = with_name(QTreeWidget(), "manualContents", accessible=tr("Contents"))
        self.tree.setHeaderHidden(True)
        self.tree.setUniformRowHeights(True)
        self.tree.currentItemChanged.connect(lambda item, _: self._go(item))
        self.count = label(role="muted", name="manualFound")
        self.back = button("manualBack", tr("&Back"), tr("The page before"), self._back)
        self.text = _Browser(folder, self)
        self.text.setObjectName("manualText")
        self.text.setAccessibleName(tr("Page of the manual"))
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._follow)
        left = QWidget()
        back = (self.back, 0, Qt.AlignmentFlag.AlignLeft)
        in_column(self.field, self.count, (self.tree, 1), back, within=left, spacing=8, margins=0)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self.text)
        splitter.setStretchFactor(1, 1)
        in_row(splitter, within=self, margins=12)
        fit_on_screen(self, 1020, 760, QSize(560, 320))
        splitter.setSizes([270, 720])
        theme.changed.connect(self._dress)
        self.search("")

    @property
    def shown(self) -> str:
        """Name of the page on screen."""
        return self._shown

    @property
    def pages(self) -> dict[str, Page]:
        """All pages by name, in order."""
        return self._pages

    def show_page(self, name: str, anchor: str = "") -> None:
        """Show a page, or a section of it; an unknown one changes nothing."""
        if name not in self._pages:
            return
        if name != self._shown:
            self._history.append((name, anchor))
            self._load(name)
        self._scroll(anchor)
        self.back.setEnabled(len(self._history) > 1)

    def search(self, text: str) -> None:
        """List the sections with all words of `text`, or the contents without any."""
        words = text.split()
        self.tree.blockSignals(True)
        self.tree.clear()
        if words:
            hits = found(self._pages, text)
            for section in hits:
                self._item(self.tree.invisibleRootItem(), section, self._pages[section.page].title)
            self.count.setText(plural("{count} section", "{count} sections", len(hits)))
        else:
            self._fill()
        self.count.setVisible(bool(words))
        self.tree.blockSignals(False)
        self._mark()

    def _fill(self) -> None:
        groups = [(tr(title), names) for title, names in CONTENTS]
        made = tuple(name for name in self._pages if name not in self._own)
        for title, names in (*groups, (tr("This program"), made)):
            known = [name for name in names if name in self._pages]
            if not known:
                continue
            top = QTreeWidgetItem(self.tree, [title])
            font = top.font(0)
            font.setBold(True)
            top.setFont(0, font)
            top.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for name in known:
                first, *rest = self._pages[name].sections
                item = self._item(top, first)
                for section in rest:
                    if section.level == 2:
                        self._item(item, section)
            top.setExpanded(True)

    def _item(self, parent: QTreeWidgetItem, section: Section, page: str = "") -> QTreeWidgetItem:
        title = section.title
        text = fill("{page}: {title}", page=page, title=title) if page and page != title else title
        item = QTreeWidgetItem(parent, [text])
        item.setData(0, _PLACE, (section.page, section.anchor if section.level > 1 else ""))
        item.setToolTip(0, text)
        return item

    def _go(self, item: QTreeWidgetItem | None) -> None:
        place = item.data(0, _PLACE) if item is not None else None
        if place:
            self.show_page(*place)

    def _first(self) -> None:
        item = self.tree.topLevelItem(0)
        if self.field.text().split() and item is not None:
            self.tree.setCurrentItem(item)

    def _follow(self, url: QUrl) -> None:
        if url.scheme() in ("http", "https", "mailto"):
            QDesktopServices.openUrl(url)
            return
        name = url.path().removesuffix(".md") or self._shown
        self.show_page(name, url.fragment())

    def _back(self) -> None:
        if len(self._history) > 1:
            self._history.pop()
            name, anchor = self._history[-1]
            self._load(name)
            self._scroll(anchor)
        self.back.setEnabled(len(self._history) > 1)

    def _load(self, name: str) -> None:
        self._shown = name
        document = QTextDocument(
            self.text
        )  # which is asked for its pictures; laid out once, when it is whole
        document.setDocumentMargin(14)
        document.setDefaultFont(self.text.font())
        document.setMarkdown(self._pages[name].markdown)
        _space_out(document)
        self.text.setDocument(document)
        if self._document is not None:
            self._document.deleteLater()
        self._document = document
        self._mark()

    def _scroll(self, anchor: str) -> None:
        taken: list[str] = []
        block = self.text.document().begin()
        while anchor and block.isValid():
            if block.blockFormat().headingLevel():
                taken.append(slug(block.text(), taken))
                if taken[-1] == anchor:
                    self.text.setTextCursor(QTextCursor(block))
                    top = self.text.document().documentLayout().blockBoundingRect(block).top()
                    self.text.verticalScrollBar().setValue(round(top))
                    return
            block = block.next()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _dress(self) -> None:
        """Show the page again: links have the theme's colour."""
        if self._shown:
            at = self.text.verticalScrollBar().value()
            self._load(self._shown)
            self.text.verticalScrollBar().setValue(at)

    def _mark(self) -> None:
        """Mark the searched words on the page."""
        colours = self._theme.colours
        marks: list[QTextEdit.ExtraSelection] = []
        text = self.text.document().toRawText()
        for word in self.field.text().split():
            for match in re.finditer(re.escape(word), text, re.I):
                if len(marks) == _MOST:
                    break
                one = QTextEdit.ExtraSelection()
                cursor = QTextCursor(self.text.document())
                cursor.setPosition(match.start())
                cursor.setPosition(match.end(), QTextCursor.MoveMode.KeepAnchor)
                one.cursor = cursor
                ink = QTextCharFormat()
                ink.setBackground(QColor(colours.accent))
                ink.setForeground(QColor(colours.on_accent))
                one.format = ink
                marks.append(one)
        self.text.setExtraSelections(marks)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Empty the search with Escape, then close."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.field.text():
            self.field.clear()
        else:
            self.close()


def _space_out(document: QTextDocument) -> None:
    """Put space above headings."""
    cursor, block = QTextCursor(document), document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        if level and block.blockNumber():
            wider = QTextBlockFormat()
            wider.setTopMargin(24 if level < 3 else 16)
            cursor.setPosition(block.position())
            cursor.mergeBlockFormat(wider)
        block = block.next()


class _Browser(QTextBrowser):
    """Finds pictures below one folder, and shows them no wider than its text."""

    def __init__(self, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._folder = folder

    def loadResource(self, type: int, name: QUrl | str) -> object:  # noqa: N802
        """Read a picture; anything else, and anything outside the folder, is empty."""
        if type == QTextDocument.ResourceType.ImageResource.value:
            path = (self._folder / QUrl(name).path()).resolve()
            if path.is_relative_to(self._folder.resolve()):
                picture = QImage(str(path))
                wide = min(_WIDEST, max(200, self.viewport().width() - 40))
                if picture.width() > wide:
                    mode = Qt.TransformationMode.SmoothTransformation
                    return picture.scaledToWidth(wide, mode)
                return picture
        return None
