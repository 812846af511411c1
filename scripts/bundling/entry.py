"""The entry point of the bundle."""

import multiprocessing
import os
import sys

multiprocessing.freeze_support()  # before anything else: a helper process of Python's ends here

if sys.platform == "linux":  # what we start, a file manager or a browser, is to find its own libraries
    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
    os.environ.pop("LD_LIBRARY_PATH", None)
    if original:
        os.environ["LD_LIBRARY_PATH"] = original

from salviewer.cli import main  # noqa: E402

raise SystemExit(main())
