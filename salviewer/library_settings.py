"""Sets `library_variables` for this process. Imported first, and only by the program."""

from __future__ import annotations

import os

from salviewer.library_variables import VARIABLES

for name, value in VARIABLES.items():
    os.environ.setdefault(name, value)
