"""Large convolutions through the Fourier transform, in tiles: less arithmetic, with gradients."""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class _Product(torch.autograd.Function):
    """Products of complex64 (n, a, b) and (n, b, c) by numpy's library, the quicker one on AMD processors."""

    @staticmethod
    def forward(context: Any, first: Tensor, second: Tensor) -> Tensor:
        first, second = first.resolve_conj().contiguous(), second.resolve_conj().contiguous()
        context.save_for_backward(first, second)
        return torch.from_numpy(first.numpy() @ second.numpy())

    @staticmethod
    def backward(context: Any, *gradients: Any) -> tuple[Tensor | None, Tensor | None]:
        first, second = (some.numpy() for some in context.saved_tensors)
        given = gradients[0].resolve_conj().numpy()
        of_first, of_second = context.needs_input_grad
        return (
            torch.from_numpy(given @ second.conj().transpose(0, 2, 1)) if of_first else None,
            torch.from_numpy(first.conj().transpose(0, 2, 1) @ given) if of_second else None,
        )


class QuickConvolution(nn.Module):
    """The same values as a convolution of stride 1 with padding, computed in overlapping tiles.

    A tile of ``tile`` x ``tile`` cells gives (tile - kernel + 1) squared cells of the result; each pair of
    channels costs one complex product per frequency instead of kernel squared products per cell.

    Args:
        convolution: whose weights it shares; odd kernel, stride 1, padding kernel // 2.
        tile: side of the tiles.
    """

    def __init__(self, convolution: nn.Conv2d, tile: int) -> None:
        super().__init__()
        self.weight, self.bias = convolution.weight, convolution.bias
        self.tile = tile
        self._held: tuple[Tensor, Tensor] | None = None

    def hold(self) -> None:
        """Transform the weights once for several passes, until `release`."""
        waves = self._weight_waves()
        self._held = waves, waves.detach().requires_grad_()

    def release(self) -> None:
        """Give the weights the gradients of all passes since `hold`."""
        assert self._held is not None
        waves, leaf = self._held
        self._held = None
        waves.backward(leaf.grad)  # type: ignore[no-untyped-call]

    def _weight_waves(self) -> Tensor:
        """Return complex64 (frequencies, c, d)."""
        waves: Tensor = torch.fft.rfft2(self.weight, (self.tile, self.tile)).conj().permute(2, 3, 1, 0)
        return waves.reshape(-1, self.weight.shape[1], len(self.weight))

    def forward(self, x: Tensor) -> Tensor:
        """Map (n, c, h, w) to (n, d, h, w)."""
        count, channels, height, width = x.shape
        out, kernel, tile = len(self.weight), self.weight.shape[-1], self.tile
        step = tile - kernel + 1
        rows, columns = math.ceil(height / step), math.ceil(width / step)
        pad = kernel // 2
        x = F.pad(x, (pad, columns * step - width + pad, pad, rows * step - height + pad))
        tiles = x.unfold(2, tile, step).unfold(3, tile, step)  # n, c, rows, columns, tile, tile
        waves = torch.fft.rfft2(tiles).permute(4, 5, 0, 2, 3, 1).reshape(-1, count * rows * columns, channels)
        kernels = self._weight_waves() if self._held is None else self._held[1]
        product: Tensor = _Product.apply(waves, kernels)  # type: ignore[no-untyped-call]
        product = product.view(tile, tile // 2 + 1, count, rows, columns, out).permute(2, 5, 3, 4, 0, 1)
        cells = torch.fft.irfft2(product, (tile, tile))[..., :step, :step]
        whole = cells.permute(0, 1, 2, 4, 3, 5).reshape(count, out, rows * step, columns * step)
        assert self.bias is not None
        result: Tensor = whole[..., :height, :width] + self.bias[None, :, None, None]
        return result
