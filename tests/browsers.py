"""The mark of tests that need a browser."""

from __future__ import annotations

import shutil

import pytest

needs_chromium = pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no chromium")
