"""The user's choices for a batch: the settings of its dialog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from salviewer.app.state.export_choices import ExportChoices, choices_from
from salviewer.results.policies import POLICIES, Policy

INTO = "attention"
"""Default name of the folder for results, beside the pictures."""


@dataclass(frozen=True, slots=True)
class BatchChoices:
    """Choices that are kept from one batch to the next.

    Attributes:
        files: what to write for each picture; its `folder` is the last folder of results.
        source: the last folder of pictures; "" for none yet.
        deep: whether to do the pictures in its subfolders too.
        policy: what happens to existing files.
        summed: whether to write a table of outcomes.

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
        """Whether nothing would be written for a picture."""
        return self.files.empty

    def to_dict(self) -> dict[str, Any]:
        """Return values for the settings file."""
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
    """Return choices from a file; add the names of unusable entries, which get defaults, to `refused`."""
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
