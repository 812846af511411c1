"""Sender, addressee and appearance of a report: a value kept as a small file."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, fields, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import ProjectError
from salviewer.media.images import load_picture
from salviewer.media.saving import atomic_path

TEMPLATE_SUFFIX = ".salviewer-report.json"

_FORMAT = "salviewer report template"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LONGEST = 4000
_LOGO = 600  # pixels of its longer side


@dataclass(frozen=True, slots=True)
class ReportTemplate:
    """The texts and looks of a report, besides its numbers.

    Attributes:
        title: on the cover; "" for one made from the variants.
        client, author, notes: as given; "" leaves them out.
        logo: a picture file, relative to the template's own file when read from one; "" for none.
        colour: of headings and rules, ``#rrggbb``.

    Raises:
        ValueError: the colour is none.
    """

    title: str = ""
    client: str = ""
    author: str = ""
    notes: str = ""
    logo: str = ""
    colour: str = "#2f5d8a"

    def __post_init__(self) -> None:
        if not _COLOUR.fullmatch(self.colour):
            raise ValueError(f"a colour is written #rrggbb, such as #2f5d8a, not {self.colour[:40]!r}")


def logo_pixels(template: ReportTemplate) -> NDArray[np.uint8] | None:
    """Read the logo: uint8 (H, W, 3); None without one.

    Raises:
        ImageError: it cannot be opened.
    """
    if not template.logo:
        return None
    return load_picture(template.logo, max_pixels=_LOGO * _LOGO).pixels


def load_template(path: str | PathLike[str]) -> ReportTemplate:
    """Read a template.

    Raises:
        ProjectError: it cannot be read or is none.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        if not isinstance(content, dict) or content.get("format") != _FORMAT:
            raise ProjectError(path, "it is no template of a report")
        given: dict[str, Any] = {
            one.name: content[one.name] for one in fields(ReportTemplate) if one.name in content
        }
        for name, value in given.items():
            if not isinstance(value, str) or len(value) > _LONGEST:
                raise ProjectError(path, f"its {name} is no text, or too long")
        template = ReportTemplate(**given)
    except OSError as error:
        raise ProjectError(path, f"it cannot be read ({(error.strerror or str(error)).lower()})") from error
    except json.JSONDecodeError as error:
        raise ProjectError(path, f"it is damaged: line {error.lineno} is not valid JSON") from error
    except ValueError as error:
        raise ProjectError(path, str(error)) from error
    if template.logo:
        return replace(template, logo=str(Path(path).absolute().parent / template.logo))
    return template


def save_template(path: str | PathLike[str], template: ReportTemplate) -> None:
    """Write a template.

    Raises:
        ExportError: the file cannot be written.
    """
    content = {"format": _FORMAT, **asdict(template)}
    if template.logo:
        content["logo"] = str(Path(template.logo).absolute())
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
