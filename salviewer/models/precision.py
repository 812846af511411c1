"""Keep parts of a network out of half precision."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor


def in_float32(x: Tensor) -> AbstractContextManager[object]:
    """Return a context without autocast, for last layers: bfloat16 would leave steps of several per cent."""
    if x.device.type == "meta":
        return nullcontext()
    return torch.autocast(x.device.type, enabled=False)
