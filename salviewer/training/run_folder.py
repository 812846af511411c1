"""Files of a run: recipe, split, events, checkpoint, pictures and finished model. Loads no torch itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from salviewer.core.strict_json import dumps
from salviewer.errors import DataError, ExportError
from salviewer.media.saving import atomic_path, remove_leftovers


class RunFolder:
    """The folder of one run.

    Attributes:
        root: the folder, created if missing.
        checkpoint: the file to resume from.
        events: all events as JSON lines.
        model: folder of the model as the run left it, in the catalogue's format.
        best: folder of the model after its best epoch.
        samples: folder of the sample sheets.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.checkpoint = root / "checkpoint.pt"
        self.events = root / "events.jsonl"
        self.model = root / "model"
        self.best = root / "best"
        self.samples = root / "samples"
        try:
            self.samples.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataError(root, f"the run's folder cannot be made ({error.strerror or error})") from error

    def clear_leftovers(self) -> None:
        """Remove temporary files of killed processes; call it while `lock.held` holds the folder."""
        with suppress(OSError):
            for path in self.root.glob(".salviewer-*.pt"):  # only a trainer writes these, and it is gone
                path.unlink()
        for folder in (self.root, self.samples, self.model, self.best):
            remove_leftovers(folder)

    def open_events(self) -> TextIO:
        """Open the file of events for appending; an unfinished last line of a killed process is ended first.

        Raises:
            DataError: the file cannot be written.
        """
        try:
            with self.events.open("ab+") as stream:
                if stream.tell():
                    stream.seek(-1, os.SEEK_END)
                    if stream.read(1) != b"\n":
                        stream.write(b"\n")
            return self.events.open("a", encoding="utf-8")
        except OSError as error:
            raise DataError(self.events, f"it could not be written ({error.strerror or error})") from error

    def write_json(self, name: str, values: Any) -> None:
        """Write ``name`` in the folder.

        Raises:
            DataError: the file cannot be written.
        """
        self._write(self.root / name, lambda path: path.write_text(dumps(values, indent=1) + "\n", "utf-8"))

    def save_checkpoint(self, state: dict[str, Any]) -> None:
        """Write the state to resume from, which ``torch.load(weights_only=True)`` can read.

        Raises:
            DataError: it cannot be written; the previous checkpoint is unchanged.
        """
        import torch

        def write(path: Path) -> None:
            with path.open("wb") as stream:
                try:
                    torch.save(state, stream)
                except RuntimeError as error:  # torch hides why the file could not be written
                    if isinstance(error.__context__, OSError):
                        raise error.__context__ from error
                    raise

        self._write(self.checkpoint, write)

    def load_checkpoint(self) -> dict[str, Any]:
        """Return the state that was saved last.

        Raises:
            DataError: there is no checkpoint, or it is damaged.
        """
        if not self.checkpoint.is_file():
            raise DataError(self.root, "there is no checkpoint to resume from")
        import torch

        try:
            state: dict[str, Any] = torch.load(self.checkpoint, map_location="cpu", weights_only=True)
        except Exception as error:  # torch raises many exceptions for a damaged file
            raise DataError(self.checkpoint, "the checkpoint is damaged") from error
        if not isinstance(state, dict):
            raise DataError(self.checkpoint, "the checkpoint is damaged")
        return state

    def _write(self, final: Path, writer: Callable[[Path], Any]) -> None:
        try:
            with atomic_path(final) as scratch:
                writer(scratch)
        except ExportError as error:
            raise DataError(final, error.reason) from error
        except RuntimeError as error:  # torch's exception for a file that could not be written
            raise DataError(final, f"it could not be written: {str(error).splitlines()[0]}") from error
