"""Convolutions with fewer multiplications: the matrices of Cook and Toom, and the rows they read.

Lavin and Gray ("Fast Algorithms for Convolutional Neural Networks", CVPR 2016) compute m x m outputs of an
r x r convolution with (m + r - 1)^2 multiplications instead of (m r)^2, by evaluating input and kernel as
polynomials at m + r - 1 points. Larger kernels are split into blocks of m x m whose products are added; the
blocks share the evaluated inputs because they lie a whole number of tiles apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

_POINTS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5)
"""Points, besides infinity, at which polynomials are evaluated: small, to keep float32 exact enough."""

TILE = 4
"""Outputs per tile and axis. Eight points (5x5 kernels) err by 1e-5; ten would by 3e-4, and gain a fifth."""


@dataclass(frozen=True, slots=True, eq=False)
class Bilinear:
    """Three matrices with y = outputs @ ((kernels @ g) * (inputs @ x)) for every correlation y of x with g.

    Attributes:
        outputs: (m, n).
        kernels: (n, r).
        inputs: (n, n).
    """

    outputs: Matrix
    kernels: Matrix
    inputs: Matrix


def bilinear(m: int, r: int) -> Bilinear:
    """Return the algorithm for m outputs of a filter with r taps, with n = m + r - 1 <= 8 multiplications."""
    n = m + r - 1
    points = np.array(_POINTS[: n - 1])
    outputs, kernels = np.zeros((m, n)), np.zeros((n, r))
    outputs[:, :-1] = points ** np.arange(m)[:, None]
    kernels[:-1] = points[:, None] ** np.arange(r)
    outputs[-1, -1] = kernels[-1, -1] = 1
    for index, point in enumerate(points):
        kernels[index] /= np.prod(point - np.delete(points, index))
    # The third follows from the other two: the products must add up to y[i] = sum over k of g[k] x[i + k].
    products = np.einsum("in,nk->ikn", outputs, kernels).reshape(m * r, n)
    wanted = np.eye(n)[np.add.outer(np.arange(m), np.arange(r)).ravel()]
    inputs: Matrix = np.linalg.lstsq(products, wanted, rcond=None)[0]
    return Bilinear(outputs, kernels, inputs)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The tiling of a convolution with "same" padding.

    Attributes:
        taps: taps per block and axis, r.
        blocks: blocks per side into which the kernel is split.
        grid: (rows, columns) of output tiles.
        tiles: (rows, columns) of input tiles: ``blocks - 1`` more of each.
        rows: (points^2 * tiles,), the source pixel of each input of each tile; the source's number of pixels
            stands for a zero.
    """

    taps: int
    blocks: int
    grid: tuple[int, int]
    tiles: tuple[int, int]
    rows: NDArray[np.int32]

    @property
    def points(self) -> int:
        """Points per axis."""
        return TILE + self.taps - 1


def plan(kernel: int, height: int, width: int) -> Plan:
    """Plan tiles for an odd kernel over (height, width) pixels."""
    blocks = 1 if kernel <= TILE + 1 else -(-kernel // TILE)
    taps = kernel if blocks == 1 else TILE
    grid = (-(-height // TILE), -(-width // TILE))
    tiles = (grid[0] + blocks - 1, grid[1] + blocks - 1)
    points = TILE + taps - 1
    down = np.add.outer(np.arange(points), TILE * np.arange(tiles[0])) - kernel // 2
    right = np.add.outer(np.arange(points), TILE * np.arange(tiles[1])) - kernel // 2
    y, x = down[:, None, :, None], right[None, :, None, :]
    inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
    rows = np.where(inside, y * width + x, height * width)
    return Plan(taps, blocks, grid, tiles, rows.ravel().astype(np.int32))


def evaluated_kernels(weight: NDArray[np.float32], plan: Plan) -> list[NDArray[np.float32]]:
    """Evaluate the kernel's blocks at the points, in row order of the blocks.

    Args:
        weight: (outputs, inputs, k, k).

    Returns:
        ``blocks^2`` arrays of float32 (points^2, inputs, outputs).
    """
    outputs, inputs, kernel, _ = weight.shape
    side = plan.taps * plan.blocks
    taps_first = np.zeros((side, side, inputs, outputs), np.float32)
    taps_first[:kernel, :kernel] = weight.transpose(2, 3, 1, 0)
    at = bilinear(TILE, plan.taps).kernels
    both = np.kron(at, at).astype(np.float32)
    result = []
    for top in range(0, side, plan.taps):
        for left in range(0, side, plan.taps):
            block = taps_first[top : top + plan.taps, left : left + plan.taps]
            values = both @ block.reshape(plan.taps**2, inputs * outputs)
            result.append(values.reshape(-1, inputs, outputs))
    return result


def pixel_rows(plan: Plan, height: int, width: int) -> NDArray[np.int32]:
    """Return where each pixel of (height, width) is among the tiles' outputs, ordered (TILE, TILE, *grid)."""
    y, x = np.mgrid[:height, :width]
    rows = ((y % TILE * TILE + x % TILE) * plan.grid[0] + y // TILE) * plan.grid[1] + x // TILE
    return np.asarray(rows, np.int32)
