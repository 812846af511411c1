"""The settings of live use: a frozen value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from salviewer.addresses import fit_to_show
from salviewer.app.state.kept_values import read_group
from salviewer.core.cues import HALF_LIFE, CueSettings
from salviewer.core.fusion import CUES, Cue, FusionWeights

AUTOMATIC = "auto"
"""Name of the automatic choice of a model, by measured speed."""

STREAMS = 8
"""Most recent addresses that are kept."""


@dataclass(frozen=True, slots=True)
class LiveChoices:
    """Choices of how to predict and show frames.

    Attributes:
        model: a model's name or path; `AUTOMATIC` for the one for pictures if it is fast enough.
        half_life: of the smoothing over time, in milliseconds.
        network, motion, regions: weights of the cues, 0..1.
        network_on, motion_on, regions_on: whether each cue is used; at least one is.
        detector: the object detector, as in `streaming.detector`; "" for regions of the map itself.
        loop: whether files start again at their end.
        hud: whether rates and delays are shown over the picture.
        streams: recent addresses, newest first, without passwords and tokens.
        rate: frames per second of a folder of frames.
    """

    model: str = AUTOMATIC
    half_life: float = HALF_LIFE
    network: float = 1.0
    motion: float = 0.5
    regions: float = 0.3
    network_on: bool = True
    motion_on: bool = False
    regions_on: bool = False
    detector: str = ""
    loop: bool = False
    hud: bool = True
    streams: tuple[str, ...] = ()
    rate: float = 25.0

    def __post_init__(self) -> None:
        CueSettings(half_life=self.half_life)
        FusionWeights(max(self.network, 1e-3), self.motion, self.regions)
        if not (self.network_on or self.motion_on or self.regions_on):
            raise ValueError("at least one of network, motion and regions counts")
        if not 0.01 <= self.rate <= 1000:
            raise ValueError(f"a rate lies in 0.01..1000 frames a second, not {self.rate:g}")

    def cues(self, alone: Cue | None = None) -> CueSettings:
        """Return how maps are combined.

        Args:
            alone: a cue to show alone.
        """
        if alone is not None:
            return CueSettings(FusionWeights.alone(alone), self.half_life, self.detector)
        weights = {cue: getattr(self, cue) if getattr(self, f"{cue}_on") else 0.0 for cue in CUES}
        if not any(weights.values()):  # all cues in use have the weight 0, so they get equal weights
            weights = {cue: float(getattr(self, f"{cue}_on")) for cue in CUES}
        return CueSettings(FusionWeights(**weights), self.half_life, self.detector)

    def to_dict(self) -> dict[str, Any]:
        """Return values for the settings file."""
        return asdict(self) | {"streams": list(self.streams)}


def live_from(content: Mapping[str, Any], refused: list[str]) -> LiveChoices:
    """Return settings from a file; add the names of unusable entries, which get defaults, to `refused`."""
    return read_group(LiveChoices(), content, "live", refused, {"streams": STREAMS})


def with_stream(streams: Iterable[str], opened: str) -> tuple[str, ...]:
    """Return the addresses with `opened` first, without its password and tokens."""
    return tuple(dict.fromkeys([fit_to_show(opened), *streams]))[:STREAMS]
