"""Runs the real `salviewer` command and, from a timer inside it, one scenario.

python -m tests.e2e.driver [MODULE.]SCENARIO OUT [ARGUMENT...]

The module is one of tests/e2e; `scenarios` if left out.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import traceback
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from salviewer import cli
from salviewer.app.window import Window
from tests.e2e.scenarios import Steps

PATIENCE = 100
"""Seconds before a scenario that waits is given up."""


def main() -> int:
    """The program's exit code, or 3 when the scenario failed."""
    name, out, *arguments = sys.argv[1:]
    module, _, function = name.rpartition(".")
    scenario = getattr(importlib.import_module(f"tests.e2e.{module or 'scenarios'}"), function)
    application = QApplication([sys.argv[0]])
    notes: dict[str, object] = {}
    failed: list[str] = []
    began = time.monotonic()
    steps: Steps | None = None

    def windows() -> list[Window]:
        return [w for w in application.topLevelWidgets() if isinstance(w, Window) and w.isVisible()]

    def step() -> None:
        nonlocal steps
        try:
            if steps is None:
                if windows() and windows()[0].isActiveWindow():
                    steps = scenario(windows()[0], notes, Path(out))
                elif windows():
                    windows()[0].activateWindow()  # there is no window manager to do it
                return
            next(steps)
            if time.monotonic() - began > PATIENCE:
                raise TimeoutError(
                    f"{name} is still waiting; the window says {windows()[0].bench.notices.text!r}"
                )
        except StopIteration:
            finish()
        except Exception:
            failed.append(traceback.format_exc())
            print(*failed, file=sys.stderr)
            finish()

    def finish() -> None:
        timer.stop()
        if not failed:  # here, since the program may end the process itself when a thread is still busy
            (Path(out) / "notes.json").write_text(json.dumps(notes))
        for window in windows():
            window.close()

    timer = QTimer()
    timer.timeout.connect(step)
    timer.start(20)
    code = cli.main(arguments)
    return 3 if failed else code


if __name__ == "__main__":
    raise SystemExit(main())
