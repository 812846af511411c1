"""What a place's saliency comes from: attention rollout, and the gradient at the pixels to check it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from salviewer.core.coverage import coverage
from salviewer.core.explained import Place, draw_explained, middle_of, on_screen
from salviewer.core.render import OverlayStyle
from salviewer.core.resizing import resize
from salviewer.core.screens import screen_at
from salviewer.errors import SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import find_model
from salviewer.models.preprocess import normalised
from salviewer.models.reading import read_arrays

if TYPE_CHECKING:
    from torch import Tensor

_BLUR = 0.02  # standard deviation of the gradient's Gaussian, in parts of the picture's width


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Where the attention for one place comes from.

    Attributes:
        rollout: float32 (h, w), sums to 1: how much each part of the picture flows into the place's tokens
            through all attention layers; those of an area count by how much of each it covers.
        gradient: float32 (h', w'), sums to 1: how much the log-density of the place, or the logarithm of the
            area's share, changes with each pixel.
        agreement: correlation of the two on the rollout's grid, -1 to 1. The rollout tells what the
            attention rows pass on, and not what the layers make of it, so a low value warns.
        seen: uint8 (h, w, 3), what the network saw: the picture, or of a long page the screen with the place.
        place: what is explained, in fractions of `seen`.
    """

    rollout: NDArray[np.float32]
    gradient: NDArray[np.float32]
    agreement: float
    seen: NDArray[np.uint8]
    place: Place

    def drawn(self, style: OverlayStyle | None = None) -> NDArray[np.uint8]:
        """Draw what was seen, the attention and the gradient side by side: uint8 (h, w, 3)."""
        return draw_explained(self.seen, (self.rollout, self.gradient), self.place, style)


class NoAttentionError(SalviewerError):
    """The network has no attention that could be explained."""


def explain(
    ref: str | Path,
    pixels: NDArray[np.uint8],
    place: Place,
    go_on: Callable[[], None] | None = None,
    rows: int = 0,
) -> Explanation:
    """Explain one place of a network's map. Computes with torch, on the processor.

    Args:
        ref: a model with attention, as for `load_model`.
        pixels: uint8 (H, W, 3) sRGB.
        place: a point (x, y), each 0..1 of the picture's width and height, or an area's outline.
        go_on: called between the steps; what it raises ends the work.
        rows: of one screen, if the picture is a long page, which is predicted in screens: `Picture.screen`.

    Raises:
        ModelError: the model cannot be read.
        NoAttentionError: the network has no attention.
    """
    check = go_on or (lambda: None)
    card, weights = read_arrays(find_model(ref))
    if not ARCHITECTURES[card.architecture].attends:
        raise NoAttentionError(
            f"{ref} has no attention that could be explained; choose a network that has, such as"
            " attention_net"
        )
    check()
    import torch

    from salviewer.models.attention_net import AttentionNet
    from salviewer.models.checkpoints import to_tensor

    network = card.form.build_empty()
    assert isinstance(network, AttentionNet)
    network.load_state_dict({name: to_tensor(value) for name, value in weights.items()}, assign=True)
    network.eval().requires_grad_(False)
    seen, place = _screen_with(pixels, rows, place)
    stimulus = np.asarray(resize(seen, card.form.input_size), np.uint8)
    x = torch.from_numpy(normalised(stimulus[None])).permute(0, 3, 1, 2).contiguous()
    aspects = torch.tensor([seen.shape[1] / seen.shape[0]], dtype=torch.float32)
    check()
    with torch.inference_mode():
        layers = network.attention_rows(x, aspects)
    spread = rolled_out(layers)[0].numpy()
    rollout = _from_place(spread, network.grids(x), place)
    check()
    gradient = _gradient(network, x, aspects, place)
    coarse = np.asarray(resize(gradient, rollout.shape), np.float64)
    agreement = float(np.corrcoef(coarse.ravel(), rollout.ravel())[0, 1])
    return Explanation(rollout, gradient, agreement if np.isfinite(agreement) else 0.0, seen, place)


def _screen_with(pixels: NDArray[np.uint8], rows: int, place: Place) -> tuple[NDArray[np.uint8], Place]:
    """Return the part of a picture that the network sees with a place, and the place in fractions of it."""
    height = pixels.shape[0]
    first, last = screen_at(height, rows, middle_of(place)[1])
    return np.ascontiguousarray(pixels[first:last]), on_screen(place, first / height, last / height)


def rolled_out(rows: list[Tensor]) -> Tensor:
    """Multiply the attention rows of all layers: attention rollout.

    Abnar and Zuidema, "Quantifying attention flow in transformers", ACL 2020. Each layer's rows are averaged
    over heads, and the token itself, which the layer adds, counts as half.

    Args:
        rows: of each layer, (n, heads, t, t), each summing to 1.

    Returns:
        (n, t, t), each row summing to 1: what a token at the end takes from each at the start.
    """
    import torch

    total = torch.eye(rows[0].shape[-1])[None]
    for layer in rows:
        mean = layer.float().mean(1)
        total = (0.5 * mean + 0.5 * torch.eye(mean.shape[-1])) @ total
    return total


def _from_place(
    spread: NDArray[np.float32], grids: list[tuple[int, int]], place: Place
) -> NDArray[np.float32]:
    """Return what the tokens at a place, of each grid, take from the picture, on the finest grid."""
    starts = np.cumsum([0, *(height * width for height, width in grids)])
    total: NDArray[np.float32] = np.zeros(grids[0], np.float32)
    for start, (height, width) in zip(starts, grids, strict=False):
        weights = _weights(place, (height, width)).ravel()
        given = weights @ spread[start : start + height * width]
        for begin, grid in zip(starts, grids, strict=False):
            part = given[begin : begin + grid[0] * grid[1]].reshape(grid)
            total = total + np.asarray(resize(part, grids[0]), np.float32) * (part.size / total.size)
    return np.asarray(total / total.sum(), np.float32)


def _weights(place: Place, grid: tuple[int, int]) -> NDArray[np.float32]:
    """Return how much each cell of a grid belongs to a place: float32, sums to 1."""
    if isinstance(place, tuple):
        covered = np.zeros(grid)
        row, column = (
            min(int(part * count), count - 1) for part, count in zip(place[::-1], grid, strict=True)
        )
        covered[row, column] = 1
    else:
        covered = coverage(place, grid)
    return np.asarray(covered / covered.sum(), np.float32)


def _gradient(network: object, x: Tensor, aspects: Tensor, place: Place) -> NDArray[np.float32]:
    """Return the size of the gradient of a place's logarithm at every pixel, smoothed."""
    import torch

    from salviewer.first_use import cv2

    pixels = x.clone().requires_grad_(True)
    with torch.enable_grad():
        raw: Tensor = network(pixels, aspects)[0, 0]  # type: ignore[operator]
        logs = raw.flatten().log_softmax(0).view_as(raw)
        (found,) = torch.autograd.grad(_logarithm(logs, place), pixels)
    size = found[0].abs().sum(0).numpy()
    smooth = cv2.GaussianBlur(size, (0, 0), _BLUR * logs.shape[1])
    return np.asarray(smooth / max(float(smooth.sum()), 1e-30), np.float32)


def _logarithm(logs: Tensor, place: Place) -> Tensor:
    """Return the mean log-density around a point, or the logarithm of an area's share."""
    import torch

    height, width = logs.shape
    if isinstance(place, tuple):
        row, column = int(place[1] * (height - 1)), int(place[0] * (width - 1))
        return logs[max(row - 8, 0) : row + 9, max(column - 8, 0) : column + 9].mean()
    covered = torch.from_numpy(coverage(place, (height, width)).astype(np.float32))
    inside = covered > 0
    return (logs[inside] + covered[inside].log()).logsumexp(0)
