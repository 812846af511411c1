"""Exchange a network's weights for a while."""

from __future__ import annotations

from torch import Tensor, nn


class Swapped:
    """Puts other weights into a network, in evaluation mode, while a block runs."""

    def __init__(self, network: nn.Module, weights: dict[str, Tensor] | None) -> None:
        self._network, self._weights = network, weights

    def __enter__(self) -> nn.Module:
        self._modes = {module: module.training for module in self._network.modules()}
        self._kept = {name: value.clone() for name, value in self._network.state_dict().items()}
        if self._weights is not None:
            self._network.load_state_dict(self._weights)
        return self._network.eval()

    def __exit__(self, *_: object) -> None:
        self._network.load_state_dict(self._kept)
        for module, mode in self._modes.items():
            module.training = mode
