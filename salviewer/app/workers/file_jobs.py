"""All jobs of the window that write files or the clipboard, each in a thread of its own."""

from __future__ import annotations

from PySide6.QtCore import QObject

from salviewer.app.workers.clipboard import ClipboardWriter
from salviewer.app.workers.documents import Documents
from salviewer.app.workers.pool import Workers
from salviewer.app.workers.writer import FileWriter


class FileJobs(QObject):
    """The writer of pictures, the clipboard, and the reader and writer of projects and tables."""

    def __init__(self, workers: Workers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.writer = FileWriter(self)
        self.clipboard = ClipboardWriter(self)
        self.documents = Documents(self)
        workers.add(self.writer.worker, self.clipboard.worker, self.documents.worker)
