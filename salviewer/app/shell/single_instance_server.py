"""Receive files to open from a second start of the program, and from macOS's Finder."""

from __future__ import annotations

import json
import logging
import sys

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent, QGuiApplication
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from salviewer.app.shell.single_instance import OPENED, SingleInstance

_LONGEST = 4_000_000
"""Most bytes of a message; more than any system passes as a program's arguments."""

FINDER = sys.platform == "darwin"
"""Whether files come as events, so that every event of the program must be checked."""

log = logging.getLogger(__name__)


class SingleInstanceServer(QObject):
    """Listens at the address of the single instance until it is closed."""

    asked = Signal(object)  # tuple[str, ...], files and folders; empty to raise the window

    def __init__(self, instance: SingleInstance, parent: QObject) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)
        if instance.address:
            QLocalServer.removeServer(instance.address)  # left by a killed window
            if not self._server.listen(instance.address):
                log.warning("%s: %s", instance.address, self._server.errorString())
        application = QGuiApplication.instance()
        if FINDER and application is not None:
            application.installEventFilter(self)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take Finder's requests to open files."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.asked.emit((event.file(),))
            return True
        return super().eventFilter(watched, event)

    def _greet(self) -> None:
        while (line := self._server.nextPendingConnection()) is not None:
            line.disconnected.connect(line.deleteLater)
            line.readyRead.connect(self._listen)
            if line.bytesAvailable():
                self._hear(line)

    def _listen(self) -> None:
        line = self.sender()
        assert isinstance(line, QLocalSocket)
        self._hear(line)

    def _hear(self, line: QLocalSocket) -> None:
        if not line.canReadLine():
            if line.bytesAvailable() > _LONGEST:
                line.abort()
            return
        try:
            paths = json.loads(bytes(line.readLine().data()))
            if not isinstance(paths, list) or not all(isinstance(path, str) for path in paths):
                raise ValueError("not a list of paths")
        except ValueError as error:
            log.warning("what another process said is not understood: %s", error)
            line.abort()
            return
        line.write(OPENED)
        line.flush()
        line.disconnectFromServer()
        self.asked.emit(tuple(paths))
