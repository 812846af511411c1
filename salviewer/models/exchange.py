"""Networks for other programs: ONNX, OpenVINO's IR and `torch.export`, checked after they were written."""

from __future__ import annotations

import json
import logging
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from salviewer.errors import ExportError, SalviewerError
from salviewer.media.saving import atomic_path, save_bytes
from salviewer.models.card import ModelCard
from salviewer.models.catalog import find_model
from salviewer.models.checkpoints import read_model
from salviewer.models.engines.torch_engine import density
from salviewer.models.preprocess import MEAN, STD, normalised, resize

Where = Literal["inside", "outside"]
PLACES: tuple[Where, ...] = get_args(Where)
OPSET = 18
"""The default of ONNX; torch's exporter knows none below."""

_EXTRA = ("onnx", "onnxscript")


@dataclass(frozen=True, slots=True)
class ExchangeRequest:
    """Options to write a network.

    Attributes:
        batch: pictures at a time; None for any number.
        size: (height, width) of its input in pixels, at which it computes. The network was trained at its
            own size, and sees things smaller or larger at another. None for pictures of any size.
        resizing: for pictures of any size, ``inside`` resizes them to the network's own, bilinearly with
            antialiasing; ``outside`` computes at the size of each picture, 64 pixels or more a side.
        opset: of ONNX.
        preprocessing: ``inside`` takes uint8 (n, h, w, 3) sRGB; ``outside`` float32 (n, 3, h, w) in -1..1.
        postprocessing: ``inside`` gives densities (n, h, w), each summing to 1; ``outside`` what the network
            gives, (n, 1, h, w) logits or intensities.

    Raises:
        ValueError: a value outside its range.
    """

    batch: int | None = 1
    size: tuple[int, int] | None = (240, 320)
    opset: int = OPSET
    preprocessing: Where = "inside"
    postprocessing: Where = "inside"
    resizing: Where = "inside"

    def __post_init__(self) -> None:
        if self.batch is not None and self.batch < 1:
            raise ValueError(f"a batch has at least one picture, not {self.batch}")
        if self.size is not None and not all(64 <= side <= 4096 for side in self.size):
            raise ValueError(f"an input has 64 to 4096 pixels a side, not {self.size[1]}x{self.size[0]}")
        if not {self.preprocessing, self.postprocessing, self.resizing} <= set(PLACES):
            raise ValueError("preprocessing, postprocessing and resizing are inside or outside")


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The written files, and how they compare with the network.

    Attributes:
        files: the files.
        runner: the program that ran it for the check, such as ``"onnxruntime 1.20"``.
        difference: the largest difference from torch over all pictures of the check, as a share of the
            largest value of each picture's map.
        pictures: how many were compared.
    """

    files: tuple[Path, ...]
    runner: str
    difference: float
    pictures: int


def exchange(
    ref: str | Path, target: Path, request: ExchangeRequest, pictures: Sequence[NDArray[np.uint8]]
) -> Exchanged:
    """Write a network for other programs, and run it on pictures beside torch.

    Args:
        ref: as for `load_model`.
        target: ends in ``.onnx``, ``.xml`` (OpenVINO, with a ``.bin`` beside it) or ``.pt2``
            (``torch.export``). The model's card goes into the file: ONNX's metadata, the IR's ``rt_info``,
            ``card.json`` of the archive.
        request: batch, size, and what is inside.
        pictures: uint8 (H, W, 3), at least one.

    Raises:
        ModelError: the model cannot be found or read.
        ExportError: another suffix, or the file cannot be written.
        SalviewerError: a package is missing, the exporter refuses, or what it wrote does not run.
    """
    if getattr(sys, "frozen", False):
        raise SalviewerError("the download does not export networks; install the Python package for that")
    kind = target.suffix.lower()
    if kind not in _WRITERS:
        raise ExportError(
            target, f'"{kind}" is none of {", ".join(_WRITERS)}, the forms a network is written in'
        )
    card, weights = read_model(find_model(ref))
    network = card.form.build_empty()
    network.load_state_dict(weights, assign=True)
    form = _Form(network, card, request).eval().requires_grad_(False)
    if kind == ".onnx":
        require_onnx()
    example = _inputs([pictures[0]] * (request.batch or 2), request)
    free: dict[int, Any] = {}
    if request.batch is None:
        free[0] = torch.export.Dim.DYNAMIC
    if request.size is None:
        first = 1 if request.preprocessing == "inside" else 2
        free |= {first: torch.export.Dim.DYNAMIC, first + 1: torch.export.Dim.DYNAMIC}
    with _quiet(), torch.no_grad():
        try:
            program = torch.export.export(
                form, (torch.from_numpy(example),), dynamic_shapes={"picture": free} if free else None
            )
            files = _WRITERS[kind](program, target, card, request)
        except (RuntimeError, ValueError, TypeError, NotImplementedError) as error:
            reason = next(iter(str(error).splitlines()), "") or type(error).__name__
            raise SalviewerError(f"{ref} cannot be exported so: {reason}") from error
        run, runner = _RUNNERS[kind](target)
        worst = 0.0
        for pixels in pictures:
            given = _inputs([pixels] * (request.batch or 1), request)
            expected = form(torch.from_numpy(given)).numpy()
            found = run(given)
            worst = max(worst, float(np.abs(found - expected).max() / np.abs(expected).max()))
    return Exchanged(files, runner, worst, len(pictures))


def require_onnx() -> None:
    """Check that the packages that write ONNX are installed.

    Raises:
        SalviewerError: one is missing.
    """
    if missing := [name for name in _EXTRA if find_spec(name) is None]:
        raise SalviewerError(
            f"ONNX needs the package {missing[0]}; install it with `pip install 'salviewer[onnx]'`"
        )


class _Form(nn.Module):
    """The network with what a request puts inside."""

    def __init__(self, network: nn.Module, card: ModelCard, request: ExchangeRequest) -> None:
        super().__init__()
        self.network = network
        self._prepares = request.preprocessing == "inside"
        self._finishes = request.postprocessing == "inside"
        self._output = card.output
        free = request.size is None
        self._resized = card.form.input_size if free and request.resizing == "inside" else None
        self._tells_aspect = card.form.takes_aspect

    def forward(self, picture: Tensor) -> Tensor:
        if self._prepares:
            picture = picture.permute(0, 3, 1, 2).float() * (1 / (255 * STD)) - MEAN / STD
        known: tuple[Tensor, ...] = ()
        if self._resized is not None:
            if self._tells_aspect:
                known = (picture.new_ones(picture.shape[0]) * (picture.shape[-1] / picture.shape[-2]),)
            picture = F.interpolate(
                picture, size=self._resized, mode="bilinear", align_corners=False, antialias=True
            )
        raw: Tensor = self.network(picture, *known)
        return density(raw, self._output) if self._finishes else raw


def _inputs(pictures: Sequence[NDArray[np.uint8]], request: ExchangeRequest) -> NDArray[Any]:
    size = request.size
    stimuli = np.stack([np.asarray(resize(each, size), np.uint8) if size else each for each in pictures])
    if request.preprocessing == "inside":
        return stimuli
    return np.ascontiguousarray(normalised(stimuli).transpose(0, 3, 1, 2))


def _about(card: ModelCard, request: ExchangeRequest) -> dict[str, str]:
    """Return the metadata of the file, as texts."""
    taken = (
        "uint8 (n, height, width, 3) sRGB"
        if request.preprocessing == "inside"
        else "float32 (n, 3, height, width), sRGB / 127.5 - 1"
    )
    given = (
        "fixation density (n, height, width), each sums to 1"
        if request.postprocessing == "inside"
        else f"{card.output} (n, 1, height, width)"
    )
    height, width = card.form.input_size
    stretched = "stretch a picture to its size"
    if request.size is None:
        inside = request.resizing == "inside"
        stretched = "to which it is resized inside" if inside else "computes at each picture's own size"
    return {
        "title": card.title,
        "input": f"{taken}; trained at {width}x{height}, {stretched}",
        "output": given,
        "card": json.dumps(card.to_dict()),
    }


def _write_onnx(program: Any, target: Path, card: ModelCard, request: ExchangeRequest) -> tuple[Path, ...]:
    made = torch.onnx.export(
        program,
        dynamo=True,
        opset_version=request.opset,
        input_names=["picture"],
        output_names=[_result(request)],
        verbose=False,
    )
    assert made is not None
    made.model.metadata_props.update(_about(card, request))
    with atomic_path(target) as scratch:
        made.save(scratch, external_data=False)
    return (target,)


def _write_ir(program: Any, target: Path, card: ModelCard, request: ExchangeRequest) -> tuple[Path, ...]:
    import openvino

    model = openvino.convert_model(program)
    if request.batch is not None and request.size is not None:
        model.reshape(program.example_inputs[0][0].shape)
    model.inputs[0].get_tensor().set_names({"picture"})
    model.outputs[0].get_tensor().set_names({_result(request)})
    for name, text in _about(card, request).items():
        model.set_rt_info(text, ["salviewer", name])
    weights = target.with_suffix(".bin")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "model.xml"
        openvino.save_model(model, made, compress_to_fp16=False)
        for final, source in ((weights, made.with_suffix(".bin")), (target, made)):
            save_bytes(final, source.read_bytes())
    return (target, weights)


def _write_program(program: Any, target: Path, card: ModelCard, request: ExchangeRequest) -> tuple[Path, ...]:
    with atomic_path(target) as scratch:
        texts = {f"{name}.txt": text for name, text in _about(card, request).items() if name != "card"}
        torch.export.save(program, scratch, extra_files={"card.json": json.dumps(card.to_dict()), **texts})
    return (target,)


def _result(request: ExchangeRequest) -> str:
    return "density" if request.postprocessing == "inside" else "raw"


_Run = Callable[[NDArray[Any]], NDArray[np.float32]]


def _run_onnx(path: Path) -> tuple[_Run, str]:
    """Run it in onnxruntime, or where that is not installed in OpenVINO, which reads ONNX too."""
    if find_spec("onnxruntime") is None:
        return _run_ir(path)
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return lambda given: session.run(None, {"picture": given})[0], f"onnxruntime {onnxruntime.__version__}"


def _run_ir(path: Path) -> tuple[_Run, str]:
    import openvino

    # In float32: in bfloat16, its choice on some processors, it would be off by some per cent
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(path, "CPU", exact)
    version = openvino.__version__.split("-")[0]
    return lambda given: np.array(compiled(given)[0]), f"OpenVINO {version}"


def _run_program(path: Path) -> tuple[_Run, str]:
    module = torch.export.load(path).module()
    return lambda given: module(torch.from_numpy(given)).numpy(), f"torch {torch.__version__}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporters' remarks to programmers to themselves."""
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)


_WRITERS: dict[str, Callable[[Any, Path, ModelCard, ExchangeRequest], tuple[Path, ...]]] = {
    ".onnx": _write_onnx,
    ".xml": _write_ir,
    ".pt2": _write_program,
}
_RUNNERS: dict[str, Callable[[Path], tuple[_Run, str]]] = {
    ".onnx": _run_onnx,
    ".xml": _run_ir,
    ".pt2": _run_program,
}
EXCHANGE_SUFFIXES = tuple(_WRITERS)
"""Endings of a written network's name."""
