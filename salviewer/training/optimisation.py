"""Optimiser, learning rate and weight averaging of a recipe."""

from __future__ import annotations

import inspect
import math
from typing import TypeVar, cast

import torch
from torch import Tensor, nn
from torch.optim import SGD, AdamW, Optimizer

from salviewer.training.recipe import Recipe

Kind = TypeVar("Kind", bound=Optimizer)


def _uncompiled(kind: type[Kind]) -> type[Kind]:
    """Return the optimiser without the wrappers that torch puts around it for its compiler.

    They import all of ``torch._dynamo``, which takes longer than the rest of a start, and training does not
    compile.
    """
    names = ("add_param_group", "state_dict", "load_state_dict", "zero_grad")
    methods = {name: inspect.unwrap(getattr(kind, name)) for name in names}
    methods["step"] = torch.no_grad()(inspect.unwrap(kind.step))
    return cast(type[Kind], type(kind.__name__, (kind,), methods))


_SGD, _AdamW = _uncompiled(SGD), _uncompiled(AdamW)


def make_optimiser(network: nn.Module, recipe: Recipe) -> Optimizer:
    """Return the recipe's optimiser; each group's highest rate is stored under ``peak``."""
    groups = []
    for encoder in (True, False):
        for decayed in (True, False):
            parameters = [
                value
                for name, value in network.named_parameters()
                if name.startswith("encoder.") == encoder and (value.ndim > 1) == decayed
            ]
            if parameters:
                # SGD follows the published recipe and decays every parameter; AdamW leaves out biases and
                # norms.
                decay = recipe.weight_decay if decayed or recipe.optimiser == "sgd" else 0.0
                peak = recipe.encoder_lr if encoder and recipe.encoder_lr else recipe.lr
                groups.append({"params": parameters, "weight_decay": decay, "lr": peak, "peak": peak})
    if recipe.optimiser == "sgd":
        return _SGD(groups, lr=recipe.lr, momentum=recipe.momentum, nesterov=recipe.nesterov)
    return _AdamW(groups, lr=recipe.lr)


def rate(recipe: Recipe, step: int, total: int) -> float:
    """Return the learning rate at a step as a share of the highest, 0..1."""
    if recipe.schedule == "constant":
        return 1.0
    warm = max(1, round(recipe.warmup * total))
    if step < warm:
        return (step + 1) / warm
    done = (step - warm) / max(1, total - warm)
    return 1 - done if recipe.schedule == "linear" else 0.5 * (1 + math.cos(math.pi * done))


def set_rate(optimiser: Optimizer, share: float) -> None:
    """Set every group's learning rate to ``share`` of its highest rate."""
    for group in optimiser.param_groups:
        group["lr"] = group["peak"] * share


@torch.no_grad()
def average(averaged: dict[str, Tensor], network: nn.Module, decay: float, step: int) -> None:
    """Move the averaged weights towards the network's, faster in early steps; copy statistics."""
    decay = min(decay, (1 + step) / (10 + step))
    for name, value in network.state_dict().items():
        if value.is_floating_point():
            averaged[name].lerp_(value, 1 - decay)
        else:
            averaged[name].copy_(value)
