"""The settings of the page Use: a frozen value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from salviewer.core.applications.crops import CropRequest
from salviewer.core.applications.cutouts import CutoutSettings
from salviewer.core.applications.regions import RegionSettings
from salviewer.core.applications.words import WordSettings

UseKind = Literal["none", "crop", "regions", "cutout", "words"]
USE_KINDS: tuple[UseKind, ...] = get_args(UseKind)


@dataclass(frozen=True, slots=True)
class UseChoices:
    """What the user asked for.

    Attributes:
        kind: what is made; "none" for nothing, as at each start.
        crop, regions, words: how.
        count, softness: of a cut-out. Its clicks belong to one picture, and are not here.
        find: whether text is read and faces are found first; not for a cut-out.

    Raises:
        ValueError: a value outside its range.
    """

    kind: UseKind = "none"
    crop: CropRequest = field(default_factory=lambda: CropRequest((9, 16)))
    regions: RegionSettings = field(default_factory=RegionSettings)
    words: WordSettings = field(default_factory=WordSettings)
    count: int = 1
    softness: float = 2.0
    find: bool = False

    def __post_init__(self) -> None:
        CutoutSettings(self.count, self.softness)

    def to_dict(self) -> dict[str, Any]:
        """Return values for the settings file."""
        crop = self.crop
        return {
            "crop": str(crop),
            "keep": crop.keep,
            "padding": crop.padding,
            "thirds": crop.thirds,
            "whole": crop.whole,
            "regions": self.regions.count,
            "words": self.words.count,
            "cutouts": self.count,
            "softness": self.softness,
            "find": self.find,
        }


def use_from(content: Mapping[str, Any], refused: list[str]) -> UseChoices:
    """Return settings from a file; add the names of unusable entries, which get defaults, to `refused`."""
    choices = UseChoices()
    for key, (kind, change) in _KEYS.items():
        if key not in content:
            continue
        value = content[key]
        try:
            if kind is float and type(value) is int:
                value = float(value)
            if type(value) is not kind:
                raise ValueError
            choices = change(choices, value)
        except (ValueError, OverflowError):
            refused.append(f"use.{key}")
    return choices


def _of_crop(key: str) -> Callable[[UseChoices, Any], UseChoices]:
    return lambda choices, value: replace(choices, crop=replace(choices.crop, **{key: value}))


def _shaped(choices: UseChoices, text: str) -> UseChoices:
    shape = CropRequest.parse(text)
    return replace(choices, crop=replace(choices.crop, aspect=shape.aspect, size=shape.size))


_KEYS: dict[str, tuple[type, Callable[[UseChoices, Any], UseChoices]]] = {
    "crop": (str, _shaped),
    "keep": (float, _of_crop("keep")),
    "padding": (float, _of_crop("padding")),
    "thirds": (bool, _of_crop("thirds")),
    "whole": (bool, _of_crop("whole")),
    "regions": (int, lambda choices, value: replace(choices, regions=RegionSettings(value))),
    "words": (int, lambda choices, value: replace(choices, words=WordSettings(value))),
    "cutouts": (int, lambda choices, value: replace(choices, count=value)),
    "softness": (float, lambda choices, value: replace(choices, softness=value)),
    "find": (bool, lambda choices, value: replace(choices, find=value)),
}
