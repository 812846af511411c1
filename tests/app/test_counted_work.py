"""The counts of `counted_work.py`, in a process of its own: what earlier tests leave behind adds calls."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_our_own_work_does_not_grow_unnoticed() -> None:
    file = Path(__file__).with_name("counted_work.py")
    command = [sys.executable, "-m", "pytest", str(file), "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    run = subprocess.run(command, cwd=file.parents[2], env=kept, capture_output=True, text=True, timeout=170)
    assert run.returncode == 0 and "2 passed" in run.stdout, run.stdout + run.stderr
