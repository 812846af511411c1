"""Find the browser that draws pages: Chrome, Edge or Chromium."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from salviewer.errors import SalviewerError

VARIABLE = "SALVIEWER_BROWSER"
"""The environment variable that names the browser, where no option or setting does."""

_COMMANDS = (
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "chromium",
    "chromium-browser",
    "microsoft-edge",
    "microsoft-edge-stable",
)
_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)
_MACOS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_APT = " (such as `apt install chromium`)"


class BrowserError(SalviewerError):
    """There is no browser, or it does not start."""


def find_browser(named: str = "") -> Path:
    """Return the program of a browser.

    Args:
        named: a program or command that the user chose; else `VARIABLE` names it, else the first of Chrome,
            Chromium and Edge that is installed.

    Raises:
        BrowserError: there is none; the sentence says what to install, or what was named in vain.
    """
    if wanted := named or os.environ.get(VARIABLE, ""):
        found = shutil.which(os.path.expanduser(wanted))  # noqa: PTH111  a command, not a path
        if found is None:
            raise BrowserError(
                f"{wanted}: there is no such browser; name the program of Chrome, Edge or Chromium"
            )
        return Path(found)
    for path in _installed():
        return path
    how = _APT if shutil.which("apt") else ""
    raise BrowserError(
        "web pages are drawn by Chrome, Edge or Chromium, and none is installed; install one of"
        f" them{how}, or name the program of yours"
    )


def _installed() -> Iterator[Path]:
    if sys.platform == "win32":
        roots = [os.environ.get(name) for name in ("ProgramFiles", "ProgramFiles(x86)", "LocalAppData")]
        places = [Path(root, place) for place in _WINDOWS for root in roots if root]
    elif sys.platform == "darwin":
        roots = ["/Applications", str(Path.home() / "Applications")]
        places = [Path(root, place) for place in _MACOS for root in roots if root]
    else:
        places = list[Path]()
    yield from (place for place in places if place.is_file())
    yield from (Path(found) for command in _COMMANDS if (found := shutil.which(command)))
