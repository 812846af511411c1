"""The only place that imports OpenVINO, with its telemetry blocked."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Literal

import numpy as np

from salviewer.first_use import load_shared
from salviewer.models.machine import beside, sparing, usable_processors

_CONVERTER = "openvino.tools.ovc"

Precision = Literal["f32", "bf16"]


def present() -> bool:
    """Return whether OpenVINO is installed."""
    return importlib.util.find_spec("openvino") is not None


@cache
def openvino() -> ModuleType:
    """Import the package.

    It would send a message over the network if ``openvino_telemetry``, an optional import, were available. A
    None in ``sys.modules`` makes that import fail, and OpenVINO works without it. Its converter of other
    formats takes as long to import as all the rest, and is left out in the same way, until it is called.

    Raises:
        ImportError: it is not installed, or not for this processor.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    if "openvino" not in sys.modules:
        load_shared("openvino", "_pyopenvino*.so", "libs/libopenvino_*_cpu_plugin.so")
        sys.modules[_CONVERTER] = None  # type: ignore[assignment]
        try:
            package: Any = import_module("openvino")
        finally:
            sys.modules.pop(_CONVERTER, None)
        package.convert_model = _convert
    return import_module("openvino")


def _convert(*given: Any, **named: Any) -> Any:
    return import_module(_CONVERTER).convert_model(*given, **named)


def operations() -> Any:
    """Return the operations that our graphs are made of."""
    openvino()
    return import_module("openvino.opset13")


@cache
def core() -> Any:
    """Return the one `openvino.Core`, so that plugins are loaded once."""
    return openvino().Core()


def version() -> str:
    """Return OpenVINO's version, with the build."""
    return str(openvino().__version__)


def processor() -> str:
    """Return the processor's name as OpenVINO reports it."""
    return str(_known("FULL_DEVICE_NAME"))


def capabilities() -> tuple[str, ...]:
    """List the number formats that the processor multiplies itself, e.g. ``("FP32", "BF16", "INT8")``."""
    known = _known("OPTIMIZATION_CAPABILITIES")
    return tuple(name for name in ("FP32", "FP16", "BF16", "INT8") if name in known)


def _known(name: str) -> Any:
    threads()  # loads the plugin, which `get_property` would do without letting other threads run
    return core().get_property("CPU", name)


@cache
def threads(shared: bool = False) -> int:
    """Return the number of threads: OpenVINO's own choice (the fast physical cores), less one by `sparing`.

    Args:
        shared: whether the processor has other work meanwhile (`beside`).
    """
    ops = operations()
    x = ops.parameter([1], np.float32)
    model = openvino().Model([ops.relu(x)], [x], "probe")
    chosen = int(core().compile_model(model, "CPU", _COMMON).get_property("INFERENCE_NUM_THREADS"))
    return (beside if shared else sparing)(chosen, usable_processors())


_COMMON = {
    "PERFORMANCE_HINT": "LATENCY",
    "NUM_STREAMS": 1,
    "ENABLE_CPU_PINNING": False,  # a pinned thread waits for its core even if another is idle
}


def settings(precision: Precision, shared: bool = False) -> dict[str, Any]:
    """Return the settings for compiling and importing; `shared` as in `threads`."""
    return {**_COMMON, "INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": threads(shared)}
