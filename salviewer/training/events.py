"""Report the events of a run as JSON lines or as a progress bar in a terminal."""

from __future__ import annotations

import errno
import sys
import time
from typing import Any, Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from salviewer.core.strict_json import dumps

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Watcher(Protocol):
    """Receives events: packing, started, step, epoch, checkpoint, paused, continued, finished, stopped,
    failed, note."""

    def tell(self, kind: str, **details: Any) -> None: ...


class JsonLines:
    """Writes events as JSON lines and flushes each: ``{"event": "step", "time": 1790000000.0, ...}``."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream: TextIO | None = stream or sys.stdout

    def tell(self, kind: str, **details: Any) -> None:
        """Write one line; do nothing once the reader is gone, so that the training continues."""
        if self._stream is None:
            return
        try:
            self._stream.write(dumps({"event": kind, "time": round(time.time(), 3), **details}) + "\n")
            self._stream.flush()
        except OSError as error:
            if error.errno not in _FULL:  # on a full disk, the line stays in the buffer
                self._stream = None
        except ValueError:
            self._stream = None


class Terminal:
    """Shows events as a progress bar, and one line for each epoch."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._console,
        )
        self._task: TaskID | None = None

    def tell(self, kind: str, **details: Any) -> None:
        match kind:
            case "packing" | "step":
                self._advance(kind, details)
            case "epoch":
                scores = "  ".join(f"{key} {value:.3f}" for key, value in details["metrics"].items())
                self._say(
                    f"epoch {details['epoch']}/{details['epochs']}  train {details['train_loss']:.4f}"
                    f"  test {details['test_loss']:.4f}  {scores}"
                )
            case "paused" | "continued":
                self._say(f"{kind} at step {details['step']}")
            case "note" | "stopped":
                self._say(str(details["message"]))
            case "failed":
                self._end()
            case "finished":
                self._end()
                self._say(f"finished: the model lies in {details['model']}")

    def _advance(self, kind: str, details: dict[str, Any]) -> None:
        label = "reading pictures" if kind == "packing" else f"training, loss {details['loss']:.4f}"
        if self._task is None:
            self._progress.start()
            self._task = self._progress.add_task(label, total=details["total"])
        self._progress.update(
            self._task, completed=details["step"], total=details["total"], description=label
        )
        if kind == "packing" and details["step"] == details["total"]:
            self._end()

    def _end(self) -> None:
        if self._task is not None:
            self._progress.stop()
            self._progress.remove_task(self._task)
            self._task = None

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)


class Several:
    """Passes events to several watchers."""

    def __init__(self, *watchers: Watcher) -> None:
        self._watchers = watchers

    def tell(self, kind: str, **details: Any) -> None:
        for watcher in self._watchers:
            watcher.tell(kind, **details)
