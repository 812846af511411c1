"""The manual's pages: the Markdown files of the documentation, as they ship with the program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from salviewer.app.translation import mark

CONTENTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        mark("Use"),
        (
            "window", "areas", "comparing", "measuring", "exporting", "applications", "batch", "webpages",
            "live", "failures", "predict", "cluster", "install",
        ),
    ),
    (
        mark("Research"),
        (
            "data", "training", "training-hosts", "evaluating", "models", "robustness", "speed", "glossary",
            "python",
        ),
    ),
)  # fmt: skip
"""Groups of pages by the names of their files, in order."""

_FENCE = re.compile(r"^```.*?^```[^\n]*$", re.M | re.S)
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.M)
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
_ADDRESS = re.compile(r"[a-z][a-z+.-]*:")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text below it.

    Attributes:
        page: name of the page.
        title: the heading, without marks.
        anchor: its name in links, as GitHub makes it.
        level: 1 for the page's own title.
        text: everything up to the next heading, to be searched.
    """

    page: str
    title: str
    anchor: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        name: of its file, without suffix.
        markdown: its text, ready to be shown.
        sections: its headings in order; the first is its title.
    """

    name: str
    markdown: str
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """The heading at the top."""
        return self.sections[0].title if self.sections else self.name


def read_pages(folder: Path) -> dict[str, Page]:
    """Read the pages that are there, by name; a page that cannot be read is left out."""
    pages: dict[str, Page] = {}
    for _, names in CONTENTS:
        for name in names:
            try:
                text = (folder / f"{name}.md").read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            pages[name] = page_of(name, text, folder)
    return pages


def page_of(name: str, text: str, folder: Path) -> Page:
    """Make a page from Markdown whose links and pictures are relative to `folder`."""
    return Page(name, _linked(text, folder), tuple(_sections(name, text)))


def slug(heading: str, taken: Sequence[str] = ()) -> str:
    """Return a heading's name in links, as GitHub makes it; numbered if it is taken."""
    made = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
    name, number = made, 0
    while name in taken:
        number += 1
        name = f"{made}-{number}"
    return name


def found(pages: dict[str, Page], text: str) -> list[Section]:
    """Return the sections with every word of `text`, in any case; those with all in their title first."""
    words = text.casefold().split()
    hits = [
        section
        for page in pages.values()
        for section in page.sections
        if all(word in f"{page.title} {section.title} {section.text}".casefold() for word in words)
    ]
    return sorted(hits, key=lambda section: not all(word in section.title.casefold() for word in words))


def _sections(page: str, text: str) -> Iterator[Section]:
    bare = _FENCE.sub(lambda match: re.sub(r"^#", " ", match[0], flags=re.M), text)
    headings = list(_HEADING.finditer(bare))
    taken: list[str] = []
    for number, match in enumerate(headings):
        end = headings[number + 1].start() if number + 1 < len(headings) else len(bare)
        words = _LINK.sub(r"\2", match[2])
        taken.append(slug(words, taken))
        yield Section(page, re.sub(r"[`*]", "", words), taken[-1], len(match[1]), bare[match.end() : end])


def _linked(text: str, folder: Path) -> str:
    """Keep the links that lead somewhere here; of the others the words stay."""

    def keep(match: re.Match[str]) -> str:
        picture, words, target = match.groups()
        if not picture and (_ADDRESS.match(target) or target.startswith("#")):
            return match[0]
        file, _, _ = target.partition("#")
        if picture:
            return match[0] if (folder / file).is_file() else f"*{words}.*" if words else ""
        known = any(file == f"{name}.md" for _, names in CONTENTS for name in names)
        return match[0] if known and (folder / file).is_file() else words

    parts = re.split(r"(^```.*?^```[^\n]*$)", text, flags=re.M | re.S)
    return "".join(part if part.startswith("```") else _LINK.sub(keep, part) for part in parts)
