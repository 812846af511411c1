"""Read a group of settings from their file, where one unusable entry costs itself alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

Group = TypeVar("Group")


def read_group(
    start: Group, content: Mapping[str, Any], section: str, refused: list[str], lists: Mapping[str, int]
) -> Group:
    """Return a group with the values of a file.

    Args:
        start: the defaults, a frozen dataclass with slots; its fields are the keys, and their types those of
            the values. A whole number will do for a float.
        content: from the file; other keys are passed over.
        section: the group's name in the file.
        refused: the names of unusable entries, which get defaults, are added to it.
        lists: fields that hold lists of texts, and how many are kept of each.
    """
    group: Any = start
    for key, value in content.items():
        if key not in type(start).__slots__:  # type: ignore[attr-defined]
            continue
        try:
            kind = type(getattr(start, key))
            if key in lists:
                if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                    raise ValueError
                value = tuple(value[: lists[key]])
            elif kind is float and type(value) is int:
                value = float(value)
            if type(value) is not kind:
                raise ValueError
            group = replace(group, **{key: value})
        except (ValueError, OverflowError):
            refused.append(f"{section}.{key}")
    read: Group = group
    return read
