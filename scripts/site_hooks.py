"""Hooks of mkdocs: pages that lie outside docs/ join the site, and links follow them.

Files on a forge and pages of a site have different neighbours. Links to pages are rewritten; of links to
source files, which are not part of the site, the words stay.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[1]
OUTSIDE = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "LICENSE": "licence.md",
    "benchmarks/README.md": "benchmarks.md",
}
"""Files of the repository by their names in the site."""

_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_SOURCE = {site: source for source, site in OUTSIDE.items()}


def on_files(files: Any, config: Any) -> Any:
    """Add the pages from outside docs/."""
    for source, site in OUTSIDE.items():
        content = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, site, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Rewrite the links of a page from where its file lies to where its page lies."""
    here = page.file.src_uri
    source = _SOURCE.get(here, f"docs/{here}")
    parts = re.split(r"(^```.*?^```$)", markdown, flags=re.M | re.S)
    return "".join(
        part if part.startswith("```") else _LINK.sub(lambda match: _link(match, source, here), part)
        for part in parts
    )


def _link(match: re.Match[str], source: str, here: str) -> str:
    picture, words, target = match.groups()
    if re.match(r"[a-z]+:|#", target):
        return match[0]
    name, mark, anchor = target.partition("#")
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), name))
    if path in OUTSIDE:
        site = OUTSIDE[path]
    elif path.startswith("docs/") and (ROOT / path).is_file():
        site = path.removeprefix("docs/")
    else:
        return words  # a source file or folder
    found = posixpath.relpath(site, posixpath.dirname(here) or ".")
    return f"{picture}[{words}]({found}{mark}{anchor})"
