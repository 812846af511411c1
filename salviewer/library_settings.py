"""What libraries read from the environment when they are imported. Imported first, by the program alone.

OpenMP's and OpenBLAS's threads wait for their next task in a loop, some 30 ms long, in which a core does
nothing else: after each smoothing of a map the window, the network and the disk would have one core fewer.
OpenMP can be told to sleep; OpenBLAS cannot, but our products are small enough for one thread.

Pillow allocates a picture in blocks of 16 MB, which the C library clears by hand while the interpreter waits:
50 ms for 24 megapixels. A larger block comes from the system, which clears pages when they are used.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("PILLOW_BLOCK_SIZE", "256m")
