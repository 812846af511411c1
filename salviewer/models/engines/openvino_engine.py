"""Run networks on processors with OpenVINO, from arrays, without torch."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from salviewer.free_memory import give_back
from salviewer.models.architectures import ARCHITECTURES, Architecture, Output
from salviewer.models.engines import compiled_cache, kernel_file, runtime, trial
from salviewer.models.engines.base import EngineBusyError, EngineError
from salviewer.models.engines.runtime import Precision
from salviewer.models.reading import digest
from salviewer.version import __version__

REVISION = 11
"""Revision of the graphs and of the trial. Raise it with every change, so that networks compiled before are
not used."""

LARGE = 50_000_000
"""Bytes of weights from which a network that was just compiled is stored after its first map, which does not
wait for that, and then taken from the cache: it needs half the memory so, because its kernels are not held a
second time as they were before they were arranged. With kernels apart (`kernel_file`) there is little to
store."""

TITLES: dict[Precision, str] = {"f32": "float32", "bf16": "bfloat16"}

log = logging.getLogger(__name__)


def supports(architecture: str) -> bool:
    """Return whether it can compute this architecture on this machine."""
    return runtime.present() and bool(ARCHITECTURES[architecture].graph)


class OpenVinoEngine:
    """A network compiled for this processor, in float32, or in bfloat16 if `trial` found that it pays.

    Thread-safe: it has one infer request, and calls take turns.
    """

    name: Literal["openvino"] = "openvino"
    device = "cpu"

    def __init__(
        self,
        architecture: Architecture,
        weights: Mapping[str, NDArray[Any]],
        output: Output,
        shared: bool = False,
    ) -> None:
        """Compile the network, or take it from the cache.

        Args:
            architecture: the network, at the input size to compile for.
            weights: from `read_arrays`.
            output: what the network's output means.
            shared: whether the processor has other work meanwhile.

        Raises:
            EngineError: OpenVINO cannot be loaded or cannot compile it.
        """
        try:
            ready = _ready(architecture, weights, output, shared)
            compiled = self._compiled = ready.compiled  # holds kernels that the request reads
            self._content, precision = ready.content, ready.precision
            self._unstored = None if ready.place is None else (ready.place, compiled)
            self._settings = runtime.settings(precision, shared)
            self._again = partial(compile_network, architecture, weights, output, precision, shared)
            self.title = f"CPU, {TITLES[precision]}, OpenVINO"
            self._request = compiled.create_infer_request()
            if isinstance(compiled, kernel_file.WithKernels):
                give_back()  # OpenVINO had memory of its own for the kernels
            ports = compiled.inputs[1:] if architecture.state else []
            self._empty = [np.full(tuple(port.shape), -1, np.float32) for port in ports]  # no frame before
            self._turn = threading.Lock()
            self._storing: threading.Thread | None = None
            self._first = True
            self._takes_aspect = architecture.takes_aspect
        except Exception as error:  # a foreign library may raise anything
            raise EngineError(reason(error)) from error

    def densities(
        self, stimuli: NDArray[np.uint8], aspects: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Compute a batch, as `Engine` describes."""
        given: list[list[NDArray[Any]]] = [[one[None], *self._empty] for one in stimuli]
        if self._takes_aspect:
            own = stimuli.shape[2] / stimuli.shape[1]
            known = np.full(len(stimuli), own) if aspects is None else aspects
            for one, aspect in zip(given, known, strict=True):
                one.append(np.array([aspect], np.float32))
        return np.stack([self._infer(one)[0] for one in given])

    def step(
        self, stimulus: NDArray[np.uint8], state: NDArray[np.float32], seconds: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Compute a frame of a video, as `Engine` describes."""
        density, after = self._infer([stimulus[None], state[None], np.array([seconds], np.float32)])
        return density, after

    def _infer(self, inputs: list[NDArray[Any]]) -> list[NDArray[np.float32]]:
        """Return all outputs for one picture, without the dimension of the batch."""
        try:
            with self._turn:
                found = self._request.infer(inputs, share_inputs=True)
                arrays = [found[index][0].copy() for index in range(len(found))]
                self._tidy()
                if self._unstored is not None and self._storing is None:
                    self._storing = threading.Thread(target=self._store, name="store network")
                    self._storing.start()
                return arrays
        except Exception as error:
            broken = EngineBusyError if "is busy" in str(error).lower() else EngineError
            raise broken(reason(error)) from error

    def _tidy(self) -> None:
        """Give memory back: of kernels after each map; after the first, what compiling left."""
        if isinstance(self._compiled, kernel_file.WithKernels):
            self._compiled.rest()
            if self._first:
                self._first = False
                give_back()

    def _store(self) -> None:
        """Store the compiled network, and go on with what is stored if that succeeds."""
        assert self._unstored is not None
        place, compiled = self._unstored
        try:
            compiled_cache.store(place, _exported(compiled))
            with self._turn:
                self._unstored = None
                if compiled_cache.load(place) is None:
                    return
                # Freed before its successor takes as much.
                self._request = self._compiled = compiled = None
                found = _imported(place, self._settings)
                self._compiled, self._content = found or (self._again(), None)
                self._request = self._compiled.create_infer_request()
        except Exception as error:  # a foreign library may raise anything
            log.warning("a compiled network cannot be stored: %s", reason(error))


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """A compiled network, the memory that it may still read, its precision, and where it is to be stored."""

    compiled: Any
    content: NDArray[np.uint8] | None
    precision: Precision
    place: Path | None = None


def _ready(
    architecture: Architecture, weights: Mapping[str, NDArray[Any]], output: Output, shared: bool
) -> _Ready:
    """Return the network, from the cache if it is there; else compiled, and stored unless it is large."""
    from salviewer.models.engines.graph import Weights

    network = (
        __version__, str(REVISION), runtime.version(), runtime.processor(),
        architecture.name, repr(architecture.input_size), output, digest(weights),
    )  # fmt: skip

    def place(precision: Precision) -> Path:
        return compiled_cache.path_for(repr(sorted(runtime.settings(precision, shared).items())), *network)

    kernel_path = compiled_cache.path_for("kernels", *network[:2], architecture.name, network[-1])
    usual = 1 + 2 * bool(architecture.state) + architecture.takes_aspect

    def kernels() -> Iterator[NDArray[np.float32]]:
        yield from architecture.kernel_maker(Weights(weights))

    def apart(precision: Precision) -> bool:
        return bool(architecture.kernels) and precision == "f32"

    def make(precision: Precision) -> Any:
        if not apart(precision):
            return compile_network(architecture, weights, output, precision, shared)
        with ThreadPoolExecutor(1, "evaluate kernels") as beside:
            prepared = beside.submit(kernel_file.prepare, kernel_path, kernels)
            compiled = compile_network(architecture, weights, output, precision, shared, apart=True)
            prepared.result()
        return complete(compiled)

    def complete(compiled: Any) -> Any:
        shapes = [tuple(port.shape) for port in compiled.inputs[usual:]]
        return kernel_file.WithKernels(compiled, kernel_file.mapped(kernel_path, kernels, shapes))

    large = 4 * sum(map(attrgetter("size"), weights.values())) > LARGE
    # One decision for both values of `shared`: the window and the command line show the same map.
    decision = compiled_cache.path_for(*network).with_suffix(".precision")
    chosen = _decided(decision)
    if chosen is not None and (found := _imported(place(chosen), runtime.settings(chosen, shared))):
        compiled, content = found
        return _Ready(complete(compiled) if apart(chosen) else compiled, content, chosen)
    if architecture.state:  # errors of half precision would add up in it, frame after frame
        chosen = "f32"
        compiled_cache.store(decision, chosen.encode())
    if chosen is None:
        compiled, precision = trial.fastest(make, architecture.input_size)
        compiled_cache.store(decision, precision.encode())
    else:
        compiled, precision = make(chosen), chosen
    if large and not isinstance(compiled, kernel_file.WithKernels):
        return _Ready(compiled, None, precision, place(precision))
    compiled_cache.store(place(precision), _exported(compiled))
    return _Ready(compiled, None, precision)


def _imported(path: Path, settings: Mapping[str, Any]) -> tuple[Any, NDArray[np.uint8]] | None:
    """Return the network of a file of the cache, and the memory it may still read; None if it is unusable."""
    content = compiled_cache.load(path)
    if content is None:
        return None
    try:
        # If it were not shared, it would be copied, and the window would stall.
        tensor = runtime.openvino().Tensor(content, shared_memory=True)
        compiled = runtime.core().import_model(tensor, "CPU", settings)
    except Exception as error:
        log.warning("a compiled network cannot be used and is compiled again: %s", reason(error))
        compiled_cache.drop(path)
        return None
    compiled_cache.rest(content)
    return compiled, content


def _decided(path: Path) -> Precision | None:
    """Return the precision that an earlier trial chose on this machine; None if there was none."""
    content = compiled_cache.load(path)
    decided = None if content is None else bytes(content).decode(errors="replace")
    return next((precision for precision in trial.candidates() if precision == decided), None)


def compile_network(
    architecture: Architecture,
    weights: Mapping[str, NDArray[Any]],
    output: Output,
    precision: Precision = "f32",
    shared: bool = False,
    apart: bool = False,
) -> Any:
    """Compile an ``openvino.CompiledModel`` without the cache; `apart` as in `Weights`."""
    from salviewer.models.engines.graph import Weights

    model = architecture.graph_builder(Weights(weights, apart), architecture.input_size, output, precision)
    return runtime.core().compile_model(model, "CPU", runtime.settings(precision, shared))


def _exported(compiled: Any) -> bytes:
    content = compiled.export_model()
    return content if isinstance(content, bytes) else content.getvalue()


def reason(error: Exception) -> str:
    """Shorten an exception of OpenVINO to a clause for the user."""
    if isinstance(error, MemoryError) or "bad_alloc" in str(error):
        return "there is not enough memory"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
