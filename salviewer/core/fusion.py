"""Combine several cues for where people look, by weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Cue = Literal["network", "motion", "regions"]
CUES: tuple[Cue, ...] = get_args(Cue)


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """The weight of each cue; only their ratios matter.

    Attributes:
        network: the network's prediction for the frame.
        motion: what moves against the background (`motion.motion_map`).
        regions: object proposals (`proposals.region_map`, or a detector's boxes).

    Raises:
        ValueError: a weight outside 0..1, or all are 0.
    """

    network: float = 1.0
    motion: float = 0.0
    regions: float = 0.0

    def __post_init__(self) -> None:
        for cue in fields(self):
            value = getattr(self, cue.name)
            if not 0 <= value <= 1:
                raise ValueError(f"the weight of {cue.name} lies in 0..1, not {value:g}")
        if self.network + self.motion + self.regions == 0:
            raise ValueError("at least one of the weights of network, motion and regions is above 0")

    @classmethod
    def alone(cls, cue: Cue) -> FusionWeights:
        """Return the weights for a single cue."""
        return cls(**{name: float(name == cue) for name in CUES})

    def uses(self, cue: Cue) -> bool:
        """Return whether a cue has any weight and must be computed."""
        return bool(getattr(self, cue) > 0)


def fuse(maps: Mapping[Cue, NDArray[np.float32] | None], weights: FusionWeights) -> NDArray[np.float32]:
    """Return the weighted mean of densities, one per cue.

    A linear combination of conspicuity maps with equal masses, as in Itti, Koch, Niebur 1998. A cue that
    has nothing for this frame (None, for example if nothing moves) leaves its weight to the others. If no
    cue with a weight has anything, the result is uniform.

    Args:
        maps: by cue, float32 (h, w) of one shape, each summing to 1; "network" must be there.
        weights: the weight of each cue.

    Returns:
        float32, (h, w), non-negative, sums to 1.
    """
    network = maps["network"]
    if network is None:
        raise ValueError("a fusion begins with the network's map")
    counted = [(getattr(weights, cue), maps.get(cue)) for cue in CUES if weights.uses(cue)]
    present = [(weight, density) for weight, density in counted if density is not None]
    if not present:
        return np.full(network.shape, 1 / network.size, np.float32)
    if len(present) == 1:
        return present[0][1]
    total = sum(weight for weight, _ in present)
    mixed = np.zeros(network.shape, np.float32)
    for weight, density in present:
        mixed += np.float32(weight / total) * density
    return mixed
