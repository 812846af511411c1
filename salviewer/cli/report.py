"""Print results on standard output, failures on standard error, and progress on a terminal."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from typing import TextIO

from rich.console import Console
from rich.progress import Progress

from salviewer.errors import InputError, ModelError, SalviewerError

_SHOWN = 40  # characters of a name that is too long


def debugging() -> bool:
    """Return whether ``SALVIEWER_DEBUG`` asks for tracebacks."""
    return os.environ.get("SALVIEWER_DEBUG", "") not in ("", "0")


def one_line(text: str) -> str:
    """Escape unprintable characters: file names may contain line breaks or undecodable bytes."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text
    )


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: ``1 picture``, ``2,000 pictures``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def sentence(error: BaseException) -> str:
    """Describe any error for the user, on one line."""
    if isinstance(error, SalviewerError):
        return one_line(str(error))
    if isinstance(error, MemoryError):
        return "there is not enough memory"
    if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
        return one_line(f"{str(error.filename)[:_SHOWN]}…: the file name is too long")
    if isinstance(error, ModuleNotFoundError) and error.name == "torch":
        return "this needs torch, which is not installed; the full download and the package include it"
    detail = f"{type(error).__name__}: {error}".removesuffix(": ")
    return one_line(f"something unexpected went wrong ({detail}); SALVIEWER_DEBUG=1 shows where")


def complain(text: str, error: BaseException | None = None) -> None:
    """Print a failure to standard error, after the traceback of ``error`` if tracebacks are enabled."""
    if error is not None and debugging():
        traceback.print_exception(error)
    print(f"salviewer: {text}", file=sys.stderr)


def remark(text: str) -> None:
    """Print a remark to standard error, unless it is ""."""
    if text:
        print(f"salviewer: {one_line(text)}", file=sys.stderr)


class Report:
    """Reports on a batch while it runs, and decides the exit code."""

    def __init__(self, noun: str = "overlay") -> None:
        self._noun = noun
        self._done = 0
        self._failed = 0
        self._skipped = 0
        self._progress: Progress | None = None

    @contextmanager
    def progress(self, total: int) -> Iterator[None]:
        """Show a progress bar during the block, on a terminal and for more than one item."""
        console = Console(stderr=True)
        if not console.is_terminal or total < 2:
            yield
            return
        with Progress(
            console=console, transient=True, redirect_stdout=False, redirect_stderr=False
        ) as progress:
            progress.add_task("Predicting", total=total)
            self._progress = progress
            try:
                yield
            finally:
                self._progress = None

    def done(self, line: str) -> None:
        """Report one item as done."""
        self._done += 1
        self._say(one_line(line), sys.stdout)

    def wrote(self, what: str, path: str | PathLike[str]) -> None:
        """Name a file that is for all items together; it does not count as one."""
        self._say(one_line(f"{what} -> {os.fspath(path)}"), sys.stdout)

    def skipped(self, line: str) -> None:
        """Report one item as done before."""
        self._skipped += 1
        self._say(one_line(line), sys.stdout)

    def failed(self, error: BaseException, about: str | PathLike[str]) -> None:
        """Report one item as failed."""
        self._failed += 1
        if debugging():
            traceback.print_exception(error)
        text = sentence(error)
        if not isinstance(error, InputError) or isinstance(error, ModelError):
            text = f"{one_line(os.fspath(about))}: {text}"
        self._say(f"salviewer: {text}", sys.stderr)

    def close(self, tail: str = "") -> int:
        """Print the total; return the exit code, 1 if anything failed, else 0."""
        done = f"{counted(self._done, self._noun)} written"
        skipped = f", {self._skipped} done before" if self._skipped else ""
        failed = f", {self._failed} failed" if self._failed else ""
        print(f"{done}{skipped}{failed} {tail}".rstrip())
        return 1 if self._failed else 0

    def _say(self, line: str, stream: TextIO) -> None:
        if self._progress is None:
            print(line, file=stream, flush=True)
            return
        self._progress.advance(self._progress.task_ids[0])
        if stream.isatty():
            self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            print(line, file=stream, flush=True)
