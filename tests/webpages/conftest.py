"""One site for all tests of web pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.webpages.site import Site, serve


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The site of `site.py` on loopback."""
    with serve() as site:
        yield site
