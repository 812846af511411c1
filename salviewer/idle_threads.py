"""Keeps the idle threads of numerical libraries from spinning. Imported before numpy, by the program alone.

OpenMP's and OpenBLAS's threads wait for their next task in a loop, some 30 ms long, in which a core does
nothing else: after each smoothing of a map the window, the network and the disk would have one core fewer.
OpenMP can be told to sleep; OpenBLAS cannot, but our products are small enough for one thread.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
