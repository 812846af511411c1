"""Keep all of a network but its last layers as it is."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from salviewer.errors import SalviewerError


def hold(network: nn.Module, last: Sequence[str]) -> None:
    """Let only parameters learn whose names begin with one of `last`.

    Raises:
        SalviewerError: there are none.
    """
    learning = [name for name, _ in network.named_parameters() if name.startswith(tuple(last))]
    if not last or not learning:
        raise SalviewerError("this network names no last layers that could learn alone")
    for name, value in network.named_parameters():
        value.requires_grad_(name in learning)


def learning_mode(learner: nn.Module, held: bool) -> None:
    """Put a network into training mode; if it is `held`, batch normalisation keeps its statistics."""
    learner.train()
    if held:
        for module in learner.modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm):
                module.eval()
