"""What is dropped or pasted: files, or the pixels themselves; and who takes what is dropped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMimeData, QPointF
from PySide6.QtGui import QImage

PROJECT_SUFFIXES = frozenset({".json"})
MODEL_SUFFIXES = frozenset({".safetensors", ".pt", ".pth"})
_ENCODED = ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/bmp", "image/gif")


@dataclass(frozen=True, slots=True)
class Incoming:
    """Exactly one of these, or none when there is nothing to open."""

    paths: tuple[Path, ...] = ()
    project: Path | None = None
    model: Path | None = None
    image: bytes | QImage | None = None

    def __bool__(self) -> bool:
        return bool(self.paths) or any(what is not None for what in (self.project, self.model, self.image))


def acceptable(mime: QMimeData) -> bool:
    """Whether there is something in it to open, judged without fetching it."""
    return mime.hasUrls() or mime.hasImage() or any(mime.hasFormat(form) for form in _ENCODED)


def read(mime: QMimeData) -> Incoming:
    """Files before pixels; encoded pixels before bare ones, since they keep profile and depth."""
    paths = tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())
    if paths:
        return sort(paths)
    for form in _ENCODED:
        if mime.hasFormat(form) and mime.data(form).size():
            return Incoming(image=bytes(mime.data(form).data()))
    image = mime.imageData() if mime.hasImage() else None
    return Incoming(image=image) if isinstance(image, QImage) and not image.isNull() else Incoming()


def sort(paths: tuple[Path, ...]) -> Incoming:
    """A model or a project when it comes alone, else pictures and folders."""
    suffix = paths[0].suffix.lower() if len(paths) == 1 else ""
    if suffix in MODEL_SUFFIXES:
        return Incoming(model=paths[0])
    if suffix in PROJECT_SUFFIXES:
        return Incoming(project=paths[0])
    return Incoming(paths=paths)


class DropTarget(Protocol):
    """Takes what is dropped on a part of the window, before it is opened as a picture."""

    def hold(self, at: QPointF) -> None:
        """Show what letting go at a point of the window would do."""

    def leave(self) -> None:
        """Show nothing any more."""

    def drop(self, mime: QMimeData, at: QPointF) -> bool:
        """Take what was dropped; return whether it was."""


class DropTargets:
    """The targets of one window, as one."""

    def __init__(self) -> None:
        self._targets: list[DropTarget] = []

    def add(self, target: DropTarget) -> None:
        """Ask `target` before those that are there."""
        self._targets.insert(0, target)

    def hold(self, at: QPointF) -> None:
        """Something is held over a point of the window."""
        for target in self._targets:
            target.hold(at)

    def leave(self) -> None:
        """It is held elsewhere."""
        for target in self._targets:
            target.leave()

    def drop(self, mime: QMimeData, at: QPointF) -> None:
        """Offer what was dropped to the targets in turn; the others let go of it."""
        taken = False
        for target in self._targets:
            if taken:
                target.leave()
            else:
                taken = target.drop(mime, at)
