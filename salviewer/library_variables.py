"""What libraries read from the environment at import, and its values for this program.

Threads of OpenMP and OpenBLAS wait for their next task in a loop, for about 30 ms, and occupy a core: after
each smoothing of a map, the window, the network and the disk would have one core less. OpenMP has a setting
for sleeping; OpenBLAS has none, but our products are small enough for one thread.

Pillow allocates a picture in blocks of 16 MB, which the C library clears by hand while the interpreter waits
(50 ms for 24 megapixels). A larger block comes from the system, which clears pages when they are used.
"""

VARIABLES = {"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1", "PILLOW_BLOCK_SIZE": "256m"}
