"""Dropped and pasted content: files or pixels, and the targets of drops."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMimeData, QPointF
from PySide6.QtGui import QImage

from salviewer.app.shell.rich_text import picture_in

PROJECT_SUFFIXES = frozenset({".json"})
MODEL_SUFFIXES = frozenset({".safetensors", ".pt", ".pth"})
_ENCODED = ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/bmp", "image/gif", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class Incoming:
    """Exactly one of these, or none if there is nothing to open."""

    paths: tuple[Path, ...] = ()
    project: Path | None = None
    model: Path | None = None
    image: bytes | QImage | None = None

    def __bool__(self) -> bool:
        return bool(self.paths) or any(what is not None for what in (self.project, self.model, self.image))


def acceptable(mime: QMimeData) -> bool:
    """Return whether it has something to open, without fetching it."""
    bare = mime.hasUrls() or mime.hasImage() or any(mime.hasFormat(form) for form in _ENCODED)
    return bare or picture_in(mime) is not None


def read(mime: QMimeData) -> Incoming:
    """Return files before pixels, and encoded pixels before bare ones, since they keep profile and depth.

    Text comes last: SVG, and HTML with the picture's data in it. Nothing is fetched from elsewhere.
    """
    paths = tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())
    if paths:
        return sort(paths)
    for form in _ENCODED:
        if mime.hasFormat(form) and mime.data(form).size():
            return Incoming(image=bytes(mime.data(form).data()))
    image = mime.imageData() if mime.hasImage() else None
    if isinstance(image, QImage) and not image.isNull():
        return Incoming(image=image)
    return Incoming(image=picture_in(mime))


def sort(paths: tuple[Path, ...]) -> Incoming:
    """Return a single model or project as such, else pictures and folders."""
    suffix = paths[0].suffix.lower() if len(paths) == 1 else ""
    if suffix in MODEL_SUFFIXES:
        return Incoming(model=paths[0])
    if suffix in PROJECT_SUFFIXES:
        return Incoming(project=paths[0])
    return Incoming(paths=paths)


class DropTarget(Protocol):
    """Takes drops on a part of the window, before they are opened as pictures."""

    def hold(self, at: QPointF) -> None:
        """Show what a drop at a point of the window would do."""

    def leave(self) -> None:
        """Hide the hint."""

    def drop(self, mime: QMimeData, at: QPointF) -> bool:
        """Take the drop if it is for this target; return whether it was."""


class DropTargets:
    """All targets of one window."""

    def __init__(self) -> None:
        self._targets: list[DropTarget] = []

    def add(self, target: DropTarget) -> None:
        """Add a target that is asked before the existing ones."""
        self._targets.insert(0, target)

    def hold(self, at: QPointF) -> None:
        """Show the effect of a drop at a point of the window."""
        for target in self._targets:
            target.hold(at)

    def leave(self) -> None:
        """Hide all hints."""
        for target in self._targets:
            target.leave()

    def drop(self, mime: QMimeData, at: QPointF) -> None:
        """Offer a drop to the targets in turn; hide the hints of the others."""
        taken = False
        for target in self._targets:
            if taken:
                target.leave()
            else:
                taken = target.drop(mime, at)
