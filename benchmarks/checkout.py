"""Let Python find this checkout without installing it; all benchmarks import this first."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

sys.path.insert(0, str(ROOT))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))

import salviewer.library_settings  # noqa: E402, F401 - what the program's libraries read, before they are imported
