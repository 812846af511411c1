"""Show files in the system's file manager."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from salviewer.media.openers.names import file_of


def show_in_folder(path: Path) -> None:
    """Open the folder of `path`, with the file selected if the system can; a folder is opened itself."""
    place = file_of(path.absolute())
    if place.is_dir():
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(place)))
    elif sys.platform == "win32":
        import subprocess

        subprocess.Popen(f'explorer /select,"{place}"')
    elif sys.platform == "darwin":
        from PySide6.QtCore import QProcess

        QProcess.startDetached("open", ["-R", str(place)])
    else:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(place.parent)))
