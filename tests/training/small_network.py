"""A network of three layers, for tests of what is the same with every network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn
from torch.nn import functional as F

from salviewer.models.architectures import ARCHITECTURES, Architecture


class Small(nn.Module):
    """Logits (n, 1, h, w) of pictures (n, 3, h, w)."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(3, 8, 3, stride=4, padding=1), nn.BatchNorm2d(8))
        self.head = nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, pictures: Tensor) -> Tensor:
        found = self.head(F.silu(self.encoder(pictures)))
        return F.interpolate(found, pictures.shape[-2:], mode="bilinear", align_corners=False)


def shapes() -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in Small().state_dict().items()}


def output_for(size: tuple[int, int]) -> tuple[int, int]:
    return size


@contextmanager
def known() -> Iterator[str]:
    """Its name; meanwhile it can be trained and used in this process."""
    here, size = __name__, (64, 96)
    row = Architecture(
        "small", "Small", f"{here}:Small", f"{here}:shapes", f"{here}:output_for", "", size, size,
        "logits", "modern",
    )  # fmt: skip
    with ARCHITECTURES.added(row):
        yield row.name
