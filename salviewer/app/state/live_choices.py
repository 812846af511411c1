"""What is remembered of live use: a frozen value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from salviewer.addresses import fit_to_show
from salviewer.core.cues import HALF_LIFE, CueSettings
from salviewer.core.fusion import CUES, Cue, FusionWeights

AUTOMATIC = "auto"
"""The model that is fast enough, by measurement."""

STREAMS = 8
"""Addresses that are remembered."""


@dataclass(frozen=True, slots=True)
class LiveChoices:
    """How frames are predicted and shown.

    Attributes:
        model: a model's name or path; `AUTOMATIC`: the one chosen for pictures if it is fast enough.
        half_life: of the smoothing over time, in milliseconds.
        network, motion, regions: weights, 0..1, of each cue that counts.
        network_on, motion_on, regions_on: whether it counts; at least one does.
        detector: what finds objects, as of `live.detector`; "" for regions of the map itself.
        loop: whether files begin again at their end.
        hud: whether rates and delays are shown over the picture.
        streams: addresses opened last, newest first, without passwords and tokens.
        rate: frames a second of a folder of frames.
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
        """How maps are combined.

        Args:
            alone: a cue to be looked at by itself.
        """
        if alone is not None:
            return CueSettings(FusionWeights.alone(alone), self.half_life, self.detector)
        weights = {cue: getattr(self, cue) if getattr(self, f"{cue}_on") else 0.0 for cue in CUES}
        if not any(weights.values()):  # all that count have the weight 0: they count alike
            weights = {cue: float(getattr(self, f"{cue}_on")) for cue in CUES}
        return CueSettings(FusionWeights(**weights), self.half_life, self.detector)

    def to_dict(self) -> dict[str, Any]:
        """The file's content."""
        return asdict(self) | {"streams": list(self.streams)}


def live_from(content: Mapping[str, Any], refused: list[str]) -> LiveChoices:
    """Settings from a file's content; names in `refused` what keeps its default because it cannot be used."""
    choices = LiveChoices()
    for key, value in content.items():
        if key not in LiveChoices.__slots__:
            continue
        try:
            kind = type(getattr(choices, key))
            if key == "streams":
                value = _addresses(value)
            elif kind is float and type(value) is int:
                value = float(value)
            if type(value) is not kind:
                raise ValueError
            choices = replace(choices, **{key: value})
        except (ValueError, OverflowError):
            refused.append(f"live.{key}")
    return choices


def with_stream(streams: Iterable[str], opened: str) -> tuple[str, ...]:
    """The addresses after `opened` was opened, which is first; its password and tokens are not kept."""
    return tuple(dict.fromkeys([fit_to_show(opened), *streams]))[:STREAMS]


def _addresses(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(address, str) for address in value):
        raise ValueError
    return tuple(value[:STREAMS])
