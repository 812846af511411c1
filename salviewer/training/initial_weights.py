"""Make the network that a run starts from: random, ImageNet, or an existing model."""

from __future__ import annotations

from pathlib import Path

from torch import nn

from salviewer.errors import SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.catalog import find_model, list_models
from salviewer.models.checkpoints import read_model
from salviewer.paths import model_weights
from salviewer.training.order import Order
from salviewer.training.recipe import Recipe


def check_sizes(architecture: str, recipe: Recipe) -> None:
    """Check that a recipe's output size is the network's.

    Raises:
        SalviewerError: the sizes differ.
    """
    given = ARCHITECTURES[architecture].output_for(recipe.input_size)
    if given != recipe.output_size:
        raise SalviewerError(
            "the recipe's output size is {}x{}, and {} gives {}x{} for an input of {}x{}".format(
                *recipe.output_size, architecture, *given, *recipe.input_size
            )
        )


def check_start(order: Order, card: ModelCard) -> None:
    """Check that the model that an order starts from has the order's architecture.

    Raises:
        SalviewerError: it has another.
    """
    if card.architecture != order.model:
        raise SalviewerError(
            f"{order.start} holds a {card.architecture}, which a {order.model} cannot start from"
        )


def initial_network(order: Order, recipe: Recipe) -> tuple[nn.Module, str]:
    """Return the network that an order starts from, and a clause about its origin for the card.

    Raises:
        SalviewerError: the starting model is missing, or has another architecture.
    """
    row = ARCHITECTURES[order.model]
    network = row.build()
    if order.start:
        card, weights = read_model(find_model(order.start))
        check_start(order, card)
        network.load_state_dict(weights)
        before = f", itself from: {card.started_from}" if card.started_from else ""
        return network, f"{card.title} in {Path(order.start).name}{before}"
    if recipe.init == "shipped":
        shipped = next((entry for entry in list_models(model_weights()) if entry.name == order.model), None)
        if shipped is None:
            raise SalviewerError(f"no weights of {order.model} come with the program; start from a model")
        card, weights = read_model(shipped.folder)
        network.load_state_dict(weights)
        return network, f"{card.title}, as shipped, itself from: {card.started_from}"
    if recipe.init == "imagenet":
        from salviewer.models.imagenet import load_imagenet

        encoder = getattr(network, "encoder", None)
        if encoder is None or not row.imagenet:
            raise SalviewerError(f"{order.model} has no encoder that could start from ImageNet weights")
        return network, load_imagenet(encoder, row.imagenet)
    if recipe.init == "log_density":
        return network, row.start_at_log_density(network)
    return network, row.random_start
