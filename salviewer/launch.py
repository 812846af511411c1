"""Start this program again, in a process that outlives its parent: source tree, wheel or bundle."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

NICENESS = 5
"""Niceness of a background process, on systems that have it."""

_PACKAGE = Path(__file__).resolve().parent


def command(*arguments: str) -> list[str]:
    """Return the command line that runs ``salviewer ARGUMENTS``."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-m", "salviewer", *arguments]


HELPER = "--helper"
"""First argument of a bundle that runs a module of ours instead of the program."""


def helper(module: str) -> list[str]:
    """Return the command line that runs a module of ours as a process that ends with this one."""
    if getattr(sys, "frozen", False):
        return [sys.executable, HELPER, module]
    return [sys.executable, "-m", module]


def environment() -> dict[str, str]:
    """Return the environment for such a process: it finds this package, and its threads do not spin."""
    values = os.environ | {"OMP_WAIT_POLICY": "PASSIVE", "PYTHONUNBUFFERED": "1"}
    if getattr(sys, "frozen", False):
        # It may outlive this process, and must not use the folder that our bootloader unpacked and will
        # remove.
        values["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    elif (_PACKAGE.parent / "pyproject.toml").is_file():
        values["PYTHONPATH"] = os.pathsep.join(
            filter(None, [str(_PACKAGE.parent), values.get("PYTHONPATH", "")])
        )
    return values


def start(arguments: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Run ``salviewer ARGUMENTS`` in the background, in a session of its own and at low priority.

    Its output is appended to ``log``, so that no pipe can fill up or break.

    Raises:
        OSError: the log cannot be written or the process cannot be started.
    """
    apart: dict[str, int | bool] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {
            "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP
            | subprocess.DETACHED_PROCESS
            | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        }
    with log.open("ab") as stream:
        process = subprocess.Popen(
            command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            env=environment(),
            **apart,  # type: ignore[call-overload]
        )
    if sys.platform != "win32":
        # Set it before the process starts threads, which inherit it.
        os.setpriority(os.PRIO_PROCESS, process.pid, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS)
    return process  # type: ignore[no-any-return]


def run(arguments: Sequence[str], log: Path, stop: threading.Event, tell: Callable[[str], None]) -> int:
    """Run ``salviewer ARGUMENTS`` like `start` and wait for its end. Call it in a thread of its own.

    Args:
        arguments, log: as for `start`.
        stop: kills the process when set.
        tell: called with every line of output.

    Returns:
        its exit code, negative if it was killed.

    Raises:
        OSError: as for `start`.
    """
    process = start(arguments, log)
    with log.open(encoding="utf-8", errors="replace") as said:
        code: int | None = None
        rest = ""
        while code is None:
            try:
                code = process.wait(0.1)
            except subprocess.TimeoutExpired:
                if stop.is_set():
                    process.kill()
            *lines, rest = (rest + said.read()).split("\n")
            for line in lines:
                tell(line)
    return code
