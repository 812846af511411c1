"""Check whether an order can run, before anything is written or computed."""

from __future__ import annotations

from pathlib import Path

from salviewer.errors import DataError
from salviewer.media.listing import find_pictures
from salviewer.models.catalog import find_model
from salviewer.models.devices import resolve
from salviewer.models.reading import read_arrays
from salviewer.training.datasets import open_dataset
from salviewer.training.initial_weights import check_sizes, check_start
from salviewer.training.order import Order
from salviewer.training.recipe import Recipe
from salviewer.training.splits import read_split


def check(order: Order, recipe: Recipe) -> None:
    """Refuse an order whose device, data, split, models or photographs are not there.

    Args:
        order: the order; nothing is written to its folders.
        recipe: its recipe.

    Raises:
        SalviewerError: what is missing or cannot be used.
    """
    if order.resume:
        raise DataError(order.run, "there is no run in this folder to resume")
    resolve(order.device)
    check_sizes(order.model, recipe)
    dataset = open_dataset(order.data, photographs=bool(recipe.teacher))
    if order.split is not None:
        read_split(order.split, dataset)
    for name in filter(None, (order.start, *recipe.teachers)):
        card, _ = read_arrays(find_model(name))
        if name == order.start:
            check_start(order, card)
    if recipe.photos:
        find_pictures([Path(recipe.photos)])
