"""List what to leave out of a bundle, and what PyInstaller does not find."""

from __future__ import annotations

import os
import sys
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NEEDED = ("openvino.opset13", "cv2", "scipy.io", "h5py", "PIL.AvifImagePlugin")
"""Modules that are imported under a computed name."""

UNUSED = (
    "salviewer.cluster",  # Ray and pyarrow are 400 MB; docs/adr/0020
    "ray",
    "pyarrow",
    "aiohttp",
    "botocore",
    "moto",
    "onnx",  # extras, 50 MB and more each
    "onnxruntime",
    "onnxscript",
    "onnx_ir",
    "google",
    "multimatch_gaze",
    "pysaliency",
    "mkdocs",
    "griffe",
    "ipykernel",
    "jupyter_client",
    "nbclient",
    "rapidocr",
    "pillow_heif",  # copyleft, and the extras heic and jxl; docs/adr/0027
    "pillow_jxl",
    "psd_tools",
    "omegaconf",
    "shapely",
    "pyclipper",
    "smartcrop",
    "openvino_telemetry",  # sends messages; see salviewer/models/engines/runtime.py
    "openvino.tools",
    "openvino.torch",
    "tkinter",
    "pytest",
    "_pytest",
    "pluggy",
    "PyInstaller",
    "hypothesis",
    "setuptools",
    "pip",
    "pysaliency",
    "skimage",
    "numba",
    "llvmlite",
    "matplotlib",
    "pandas",
    "IPython",
    "jinja2",
    "networkx",
    "fsspec",
    "requests",
    "mypy",
    "triton",
    "tensorboard",
    "torchvision",
    # scipy reads .mat files here and does nothing else.
    *(
        f"scipy.{name}"
        for name in ["cluster", "constants", "differentiate", "fft", "fftpack", "integrate", "interpolate"]
    ),
    *(
        f"scipy.{name}"
        for name in ["linalg", "ndimage", "odr", "optimize", "signal", "spatial", "special", "stats"]
    ),
    "scipy.sparse.linalg",
    *(
        f"PySide6.{name}"
        for name in ["QtQml", "QtQuick", "QtQuickWidgets", "QtSql", "QtTest", "QtDBus", "QtXml", "QtHelp"]
    ),
    *(
        f"PySide6.{name}"
        for name in ["QtDesigner", "QtUiTools", "QtOpenGL", "QtOpenGLWidgets", "QtConcurrent"]
    ),
    "h5py.tests",
    "PySide6.QtPrintSupport",
    "PySide6.QtSvgWidgets",
)


def belongs(module: str) -> bool:
    """Return whether a module of ours is part of the download."""
    return not any(module == name or module.startswith(f"{name}.") for name in UNUSED)


_DROPPED = (
    "*.h", "*.hpp", "*.cuh", "*.pxd", "*.pyx", "*.pyi", "*.a", "*.cmake", "*.lib",
    "*/tests/*", "*/test/*", "*.dist-info/licenses/*", "*.dist-info/LICENSE*",
    "torch/bin/test_*", "torch/bin/protoc*", "torch/include/*", "torch/share/*",
    "torch/lib/*test*", "torch/lib/libaoti_custom_ops*", "torch/lib/*backend_with_compiler*",
    "PySide6/Qt/translations/*", "PySide6/translations/*", "PySide6/Qt/qml/*", "PySide6/qml/*",
    "*/plugins/platforms/*eglfs*", "*/plugins/platforms/*linuxfb*", "*/plugins/platforms/*vkkhr*",
    "*/plugins/platforms/*vnc*", "*/plugins/platforms/*minimal*",
    "*/plugins/egldeviceintegrations/*", "*/plugins/generic/*", "*/plugins/networkinformation/*",
    "*/plugins/tls/*", "*/plugins/sqldrivers/*", "*/plugins/qmltooling/*", "*/plugins/printsupport/*",
    "*/plugins/platformthemes/*gtk*", "*/plugins/imageformats/*pdf*", "*/plugins/vectorimageformats/*",
    "*/plugins/platforminputcontexts/*virtualkeyboard*", "*/plugins/wayland-graphics-integration-server/*",
    "*libQt6Qml*", "*libQt6Quick*", "*libQt6VirtualKeyboard*", "*libQt6Pdf*", "*libQt6EglFS*",
    "*Qt6Qml*.dll", "*Qt6Quick*.dll", "*Qt6VirtualKeyboard*.dll", "*Qt6Pdf*.dll", "*opengl32sw.dll",
    "*libgtk-3*", "*libgdk-3*",
)  # fmt: skip
"""Patterns over places in the bundle, with forward slashes."""

_SOURCELESS = frozenset({
    "_decomp", "_dynamo", "_export", "_functorch", "_higher_order_ops", "_inductor", "_numpy", "_prims",
    "_refs", "_subclasses", "ao", "distributed", "distributions", "export", "fx", "masked", "onnx", "package",
    "profiler", "quantization", "sparse", "testing",
})  # fmt: skip
"""Parts of torch that are shipped only compiled. torch reads the source of others when it imports them."""

_SOURCES = frozenset(
    {"config.py", "_config.py", "_functional_collectives.py", "_collective_utils.py", "streams.py"}
    | {"_trace_wrapped_higher_order_op.py", "_impl.py", "_symbolic_impl.py"}
)
"""Files of `_SOURCELESS` whose source is read anyway; found by an audit hook on ``open``."""

_OPENVINO = (
    "openvino.",
    "openvino_intel_cpu_plugin",
    "openvino_ir_frontend.",
    "tbb.",
    "tbb12.",
    "tbbmalloc.",
    "hwloc.",
)
"""OpenVINO opens its plugin by name. Graphs are built here, so only the frontend that reads compiled networks
from the cache is needed."""


def fribidi() -> list[tuple[str, str]]:
    """Return the library with which Pillow orders right-to-left text, as PyInstaller's ``binaries``.

    If the building machine lacks it, the program uses that of the machine on which it runs, if any.
    """
    names = {
        "win32": ("fribidi.dll", "libfribidi-0.dll"),
        "darwin": ("libfribidi.0.dylib", "libfribidi.dylib"),
    }
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep)]
    if sys.platform != "win32":
        folders = [Path("/opt/homebrew/lib"), Path("/usr/local/lib"), *Path("/usr/lib").glob("*-linux-gnu")]
        folders += [Path("/usr/lib64"), Path("/usr/lib"), *Path("/lib").glob("*-linux-gnu")]
    for name in names.get(sys.platform, ("libfribidi.so.0",)):
        for folder in folders:
            if (folder / name).is_file():
                return [(str(folder / name), ".")]
    return []


def openvino_plugins() -> list[tuple[str, str]]:
    """List OpenVINO's libraries that are opened at run time, as PyInstaller's ``binaries``."""
    spec = find_spec("openvino")
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent / "libs"
    wanted = [
        path
        for path in sorted(folder.iterdir())
        if path.name.removeprefix("lib").startswith(_OPENVINO) and path.suffix not in {".pc", ".lib"}
    ]
    return [(str(path), "openvino/libs") for path in wanted]


def prune(analysis: Any) -> None:
    """Remove what `_DROPPED` names and what OpenVINO does not need from PyInstaller's lists."""
    for name in ("binaries", "datas"):
        entries = getattr(analysis, name)
        setattr(analysis, name, type(entries)(entry for entry in entries if not dropped(entry[0])))


def dropped(place: str) -> bool:
    """Return whether a file is left out, by its path in the bundle."""
    place = place.replace("\\", "/")
    if place.startswith("openvino/") and not place.endswith((".py", ".pyc")):
        name = place.rsplit("/", 1)[1].removeprefix("lib")
        return not name.startswith((*_OPENVINO, "_pyopenvino"))
    if place.startswith("torch/") and place.endswith(".py"):
        parts = place.split("/")
        return parts[1] in _SOURCELESS and parts[-1] not in _SOURCES
    return any(fnmatch(place, pattern) for pattern in _DROPPED)
