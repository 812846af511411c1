"""Imported first by all benchmarks: lets Python find this checkout though nobody installed it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

sys.path.insert(0, str(ROOT))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as `salviewer.library_settings` has it
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("PILLOW_BLOCK_SIZE", "256m")
