"""The entry point of the bundle."""

import multiprocessing
import os
import sys

multiprocessing.freeze_support()  # first: a helper process of Python ends here

if sys.platform == "linux":  # programs that we start, a file manager or a browser, need their own libraries
    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
    os.environ.pop("LD_LIBRARY_PATH", None)
    if original:
        os.environ["LD_LIBRARY_PATH"] = original

if sys.argv[1:2] == ["--helper"]:  # salviewer.launch.helper
    from salviewer.media.openers.worker import main as draw

    raise SystemExit(draw())

from salviewer.cli import main  # noqa: E402

raise SystemExit(main())
