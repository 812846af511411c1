"""What a person is told when something they gave us cannot be used: one sentence, never a traceback."""

from __future__ import annotations

from os import PathLike, fspath

from salviewer.addresses import fit_to_show


class SalviewerError(Exception):
    """Base of every error meant for the user; ``str(error)`` is the whole sentence to show."""


class InputError(SalviewerError):
    """A file or folder that cannot be used, and why.

    Attributes:
        path: the file as the user named it. The sentence leaves out an address's passwords and tokens.
        reason: a clause without a final full stop, e.g. ``"it holds no image data"``.
    """

    def __init__(self, path: str | PathLike[str], reason: str) -> None:
        self.path = fspath(path)
        self.reason = reason
        super().__init__(f"{fit_to_show(self.path)}: {reason}")


class ImageError(InputError):
    """A picture that cannot be opened."""


class ModelError(InputError):
    """A model, checkpoint or card that cannot be used."""


class DataError(InputError):
    """A data set that cannot be trained on or evaluated."""


class ProjectError(InputError):
    """A project file that cannot be opened."""


class SourceError(InputError):
    """A camera, video or stream that cannot be opened, or that gives no frames any more."""


class DetectorError(InputError):
    """A person's own detector of objects that cannot be loaded, or that failed on a frame."""


class ExportError(InputError):
    """A file that could not be written; nothing is left under its final name."""
