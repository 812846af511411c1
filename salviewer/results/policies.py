"""What happens to existing files when results are written."""

from __future__ import annotations

from typing import Literal, get_args

Policy = Literal["replace", "keep", "skip-done"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
"""They are replaced; kept, with new names for new files; or kept if they are what would be written again
(`record.Record`), and otherwise replaced."""
