"""Links in the documentation: every relative one leads to a file, and to a heading where it names one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from salviewer.app.features.help.pages import CONTENTS

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "*/README.md", "*/*/README.md")
    for path in ROOT.glob(pattern)
    if not path.relative_to(ROOT).parts[0].startswith((".", "build", "dist", "out", "shared"))
)
if not (ROOT / "docs").is_dir():
    pytest.skip("the documentation is not packed with the tests", allow_module_level=True)


def without_code(text: str) -> str:
    """The page without fenced, indented and inline code, in which brackets mean something else."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    text = re.sub(r"(?<=\n\n)(?: {4}.*\n)+", "", text)
    return re.sub(r"`[^`\n]*`", "code", text)


def anchors(text: str) -> set[str]:
    """The names of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    slugs: set[str] = set()
    for heading in headings:
        slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        number = 0
        while (name := f"{slug}-{number}" if number else slug) in slugs:
            number += 1
        slugs.add(name)
    return slugs


def links(text: str) -> list[str]:
    """The targets of inline links and pictures that are not addresses."""
    targets = re.findall(r"\]\(([^)\s]+)\)", without_code(text))
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in links(page.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        file = page.parent / name if name else page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            broken.append(target)
    assert not broken


def test_every_screenshot_is_shown() -> None:
    """A picture in docs/screenshots that no page shows is left over."""
    shown = {Path(target).name for page in PAGES for target in links(page.read_text(encoding="utf-8"))}
    assert {path.name for path in (ROOT / "docs" / "screenshots").iterdir()} <= shown


def test_links_are_found_and_checked() -> None:
    """The checks above see what they are meant to see."""
    page = "# A word, `b` & c\n\n[x](gone.md#here) ![y](z.png) [w](https://e.org/a)\n\n"
    page += "    [no](code.md)\n\n# x\n# x\n"
    assert links(page) == ["gone.md#here", "z.png"]
    assert anchors(page) == {"a-word-b--c", "x", "x-1"}


def test_every_page_for_users_ships_in_the_manual() -> None:
    """A new page is to be named in `app/features/help/pages.py` and in pyproject.toml."""
    named = {name for _, names in CONTENTS for name in names}
    assert named == {path.stem for path in (ROOT / "docs").glob("*.md")} - {"architecture"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {f"docs/{name}.md" for name in named} <= set(shipped)
