"""The interface of an engine: stimuli to densities, on one device."""

from __future__ import annotations

from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

EngineName = Literal["torch", "openvino"]
EngineRequest = Literal["auto", "torch", "openvino"]
ENGINE_REQUESTS: tuple[EngineRequest, ...] = get_args(EngineRequest)

TITLES: dict[EngineRequest, str] = {"auto": "Automatic", "torch": "PyTorch", "openvino": "OpenVINO"}
"""For display."""

ABOUT: dict[EngineRequest, str] = {
    "auto": "The fastest one installed",
    "torch": "Runs every network on every device",
    "openvino": "Faster on processors; the same maps",
}
"""One line about each."""


class EngineError(Exception):
    """An engine cannot compute; the text is a clause for the user, such as "there is not enough memory"."""


class EngineBusyError(EngineError):
    """An engine refuses one call because it is at work on another; it is not broken."""


class Engine(Protocol):
    """A network ready to run on a device. Thread-safe: calls may wait for each other."""

    @property
    def name(self) -> EngineName:
        """The kind of engine."""

    @property
    def device(self) -> str:
        """Torch's name of the device, e.g. ``"cpu"`` or ``"cuda:0"``."""

    @property
    def title(self) -> str:
        """Device, precision and engine for display, e.g. ``"CPU, float32, OpenVINO"``."""

    def densities(
        self, stimuli: NDArray[np.uint8], aspects: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Compute a batch.

        Args:
            stimuli: (n, h, w, 3) at the network's input size.
            aspects: (n,), the pictures' width / height before they were resized; only for an architecture
                that takes them, which uses w / h without.

        Returns:
            (n, h', w'), each non-negative and summing to 1, unless the weights overflow.

        Raises:
            EngineBusyError: it is busy with another call.
            EngineError: it cannot compute.
        """

    def step(
        self, stimulus: NDArray[np.uint8], state: NDArray[np.float32], seconds: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Compute the next frame of a video, with a network that has a memory.

        Args:
            stimulus: (h, w, 3) at the network's input size.
            state: float32, of the shape of `Architecture.state_for`.
            seconds: time since the frame that left it; negative if it is empty.

        Returns:
            the density, (h', w'), and the new state.

        Raises:
            EngineBusyError, EngineError: as for `densities`.
        """
