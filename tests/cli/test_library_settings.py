"""The command tells libraries how to behave before it imports them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOOK = """
import os
import salviewer.cli
import numpy, PIL.Image
product = numpy.ones((600, 600), numpy.float32) @ numpy.ones((600, 600), numpy.float32)
print(len(os.listdir("/proc/self/task")), PIL.Image.core.get_block_size())
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted in /proc")


def asked(**variables: str) -> list[str]:
    kept = {"OMP_WAIT_POLICY", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "PILLOW_BLOCK_SIZE"}
    environment = {name: value for name, value in os.environ.items() if name not in kept}
    environment |= {"PYTHONPATH": str(ROOT), **variables}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.split()


def test_products_start_no_threads_and_large_pictures_are_one_block() -> None:
    assert asked() == ["1", str(256 << 20)]


def test_what_a_person_has_set_stays() -> None:
    assert asked(PILLOW_BLOCK_SIZE="1m")[1] == str(1 << 20)
