"""Evaluated kernels in memory that the network reads in place: mapped from a file of the cache.

As constants of a graph, OpenVINO would copy them, export them and copy them again: each time hundreds of
megabytes. As inputs they are there once, in pages that the system can take back and read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.models.engines import compiled_cache, runtime

Array = NDArray[np.float32]

_LINE = 64  # bytes at a multiple of which each array begins, as the processor reads them


def prepare(path: Path, make: Callable[[], Iterator[Array]]) -> None:
    """Store the arrays that `make` yields, if the file is not there.

    Args:
        path: from `compiled_cache.path_for`, with everything the arrays depend on.
        make: yields them in order, float32.
    """
    if compiled_cache.load(path) is None:
        compiled_cache.store_in_parts(path, (piece for array in make() for piece in _padded(array)))


def mapped(path: Path, make: Callable[[], Iterator[Array]], shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """Return the arrays of a file; made anew if it is not there, damaged or cannot be stored.

    Args:
        path, make: as for `prepare`.
        shapes: of the arrays.
    """
    found = _read(path, shapes)
    if found is None:
        compiled_cache.drop(path)
        prepare(path, make)
        found = _read(path, shapes)
    return list(make()) if found is None else found


def _padded(array: Array) -> Iterator[bytes | memoryview]:
    yield np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
    yield bytes(-array.nbytes % _LINE)


def _read(path: Path, shapes: Sequence[tuple[int, ...]]) -> list[Array] | None:
    content = compiled_cache.load(path)
    sizes = [4 * prod(shape) for shape in shapes]
    if content is None or len(content) != sum(size + -size % _LINE for size in sizes):
        return None
    found, begin = [], 0
    for size, shape in zip(sizes, shapes, strict=True):
        found.append(content[begin : begin + size].view(np.float32).reshape(shape))
        begin += size + -size % _LINE
    return found


class WithKernels:
    """A compiled network that takes kernels as its last inputs, used as one that has only the others.

    Attributes:
        inputs: the other inputs.
    """

    def __init__(self, compiled: Any, kernels: Sequence[Array]) -> None:
        self._compiled = compiled
        self._kernels = kernels  # the memory that the tensors point to
        self._tensors = [runtime.openvino().Tensor(array, shared_memory=True) for array in kernels]
        self.inputs = compiled.inputs[: len(compiled.inputs) - len(kernels)]

    def __call__(self, given: Sequence[NDArray[Any]]) -> Any:
        """Compute once."""
        return self.create_infer_request().infer(given)

    def create_infer_request(self) -> Any:
        """Return a request that has the kernels."""
        request = self._compiled.create_infer_request()
        for index, tensor in enumerate(self._tensors, len(self.inputs)):
            request.set_input_tensor(index, tensor)
        return request

    def rest(self) -> None:
        """Release the memory of the kernels, if a file has them: the next run maps them again."""
        compiled_cache.rest(self._kernels[0])

    def get_property(self, name: str) -> Any:
        """Return a property of the compiled network."""
        return self._compiled.get_property(name)

    def export_model(self) -> Any:
        """Export the compiled network, without the kernels."""
        return self._compiled.export_model()
