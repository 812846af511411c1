"""Errors meant for users: one sentence on what cannot be used and why, never a traceback."""

from __future__ import annotations

from os import PathLike, fspath

from salviewer.addresses import fit_to_show
from salviewer.texts import said


class SalviewerError(Exception):
    """Base of every error meant for the user; ``str(error)`` is the whole sentence to show.

    It is English, or in the language that `salviewer.texts` was given; `english` is what files keep.
    """

    def __str__(self) -> str:
        """Return the sentence, in the user's language."""
        return said(self.english)

    @property
    def english(self) -> str:
        """The sentence in English."""
        return super().__str__()


class InputError(SalviewerError):
    """A file or folder that cannot be used.

    Attributes:
        path: the file as the user named it. The sentence leaves out passwords and tokens in an address.
        reason: a clause without a final full stop, such as ``"it holds no image data"``.
    """

    def __init__(self, path: str | PathLike[str], reason: str) -> None:
        self.path = fspath(path)
        self.reason = reason
        super().__init__(f"{fit_to_show(self.path)}: {reason}")

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str]]:
        """Let it travel from another process or machine."""
        return type(self), (self.path, self.reason)

    def __str__(self) -> str:
        """Return the sentence, in the user's language."""
        return f"{fit_to_show(self.path)}: {said(self.reason)}"


class ImageError(InputError):
    """A picture that cannot be opened."""


class LockedImageError(ImageError):
    """A document that asks for a password, or for another one than the given."""


class ModelError(InputError):
    """A model, checkpoint or card that cannot be used."""


class DataError(InputError):
    """A data set that cannot be trained on or evaluated."""


class ProjectError(InputError):
    """A project file that cannot be opened."""


class SourceError(InputError):
    """A camera, video or stream that cannot be opened or no longer gives frames."""


class WebPageError(InputError):
    """A web page that cannot be opened or drawn."""


class DetectorError(InputError):
    """A user's own object detector that cannot be loaded, or that failed on a frame."""


class ExportError(InputError):
    """A file that could not be written; no file is left under its final name."""
