"""What a person wants of a batch: the part of the settings behind its dialog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from salviewer.app.state.export_choices import ExportChoices, choices_from
from salviewer.results.request import POLICIES, Policy

INTO = "attention"
"""Name of the folder, beside the pictures, that results go to until a person says otherwise."""


@dataclass(frozen=True, slots=True)
class BatchChoices:
    """Remembered from one batch to the next.

    Attributes:
        files: what is written of each picture; its `folder` is where results went.
        source: the folder whose pictures were done; "" for none yet.
        deep: whether the pictures of the folders in it are done, too.
        policy: what becomes of files that are there already.
        summed: whether a table says what became of each picture.

    Raises:
        ValueError: an unknown policy.
    """

    files: ExportChoices = field(default_factory=ExportChoices)
    source: str = ""
    deep: bool = False
    policy: Policy = "skip-done"
    summed: bool = True

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise ValueError(f"{self.policy!r} is none of {', '.join(POLICIES)}")

    @property
    def empty(self) -> bool:
        """Whether nothing would be written of a picture."""
        return self.files.empty

    def to_dict(self) -> dict[str, Any]:
        """The file's content."""
        return {
            **self.files.to_dict(),
            "source": self.source,
            "subfolders": self.deep,
            "policy": self.policy,
            "summary": self.summed,
        }


_FIELDS: dict[str, tuple[str, type]] = {
    "source": ("source", str),
    "subfolders": ("deep", bool),
    "policy": ("policy", str),
    "summary": ("summed", bool),
}


def batch_from(content: Mapping[str, Any], refused: list[str]) -> BatchChoices:
    """Choices from a file's content; names in `refused` what keeps its default because it cannot be used."""
    unused: list[str] = []
    choices = BatchChoices(choices_from(content, unused))
    refused += [name.replace("export.", "batch.") for name in unused]
    for key, (name, kind) in _FIELDS.items():
        value = content.get(key, getattr(choices, name))
        try:
            if type(value) is not kind:
                raise ValueError
            changed: dict[str, Any] = {name: value}
            choices = replace(choices, **changed)
        except (ValueError, TypeError, OverflowError):
            refused.append(f"batch.{key}")
    return choices
