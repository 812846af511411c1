"""``salviewer train`` in processes of their own, which are forked from one that has imported everything.

What is forked runs the real command line with its own standard output and error, and may be killed; only the
seconds of importing torch are spent once.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["salviewer.cli", "salviewer.training.run", "pytest"])
PATIENCE = 100.0
"""Seconds after which a process that says nothing has hung."""


def _main(arguments: list[str], out: str, errors: str, environment: dict[str, str]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # jobs in a shell's background ignore it
    for name in ("SIGTERM", "SIGHUP"):  # and under nohup
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    for stream, path in ((1, out), (2, errors)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, stream)
    os.environ.update(environment)
    from salviewer.cli import main

    code = main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@dataclass(frozen=True, slots=True)
class Done:
    """How a process ended: its exit code, negative for a signal, and what it said."""

    returncode: int
    stdout: str
    stderr: str


class Process:
    """``salviewer ARGUMENTS`` at work."""

    def __init__(
        self, arguments: list[str], scratch: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        number = len(list(scratch.glob("*.out")))
        self._out, self._errors = scratch / f"{number}.out", scratch / f"{number}.err"
        self._out.touch()
        self._errors.touch()
        environment = {"SALVIEWER_CACHE": os.environ["SALVIEWER_CACHE"], **(environment or {})}
        self._process = _FORKS.Process(
            target=_main, args=(arguments, str(self._out), str(self._errors), environment), daemon=True
        )
        self._process.start()

    def events(self) -> Iterator[dict[str, Any]]:
        """What it says, as it says it, to its end."""
        rest, until = "", time.monotonic() + PATIENCE
        with self._out.open() as stream:
            while True:
                alive = self._process.is_alive()
                *lines, rest = (rest + stream.read()).split("\n")
                for line in lines:
                    yield json.loads(line)
                if not alive:
                    return
                assert time.monotonic() < until, "it hangs"
                self._process.join(0.005)

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    def send(self, number: signal.Signals) -> None:
        """A signal to it."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def end(self) -> Done:
        """Wait for it."""
        self._process.join(PATIENCE)
        code = self._process.exitcode
        assert code is not None, "it hangs"
        return Done(code, self._out.read_text(), self._errors.read_text())

    def kill(self) -> None:
        """End it, if it has not ended."""
        self._process.kill()
        self._process.join()
