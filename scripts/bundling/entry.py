"""Where the frozen program begins."""

import multiprocessing

multiprocessing.freeze_support()  # before anything else: a helper process of Python's ends here

from salviewer.cli import main  # noqa: E402

raise SystemExit(main())
