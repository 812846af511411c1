"""``salviewer export-model``: a network for other programs, as ONNX, OpenVINO's IR or torch's own export."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from salviewer import paths as locations
from salviewer.cli.options import UsageError, count, quoted, ranged
from salviewer.cli.report import counted

_FREE = "free"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument(
        "model",
        metavar="MODEL",
        help="live_net, deep_convnet, attention_net, or a model folder or weights file",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help="model.onnx, model.xml (OpenVINO, with model.bin beside it) or model.pt2 (torch.export)",
    )
    parser.add_argument(
        "--batch",
        type=ranged(_batch),
        default=1,
        metavar="N",
        help="pictures at a time, or free (default: 1)",
    )
    parser.add_argument(
        "--size",
        type=ranged(_size),
        default="own",
        metavar="WxH",
        help="of its input in pixels, own or free (default: own, at which it was trained)",
    )
    parser.add_argument("--opset", type=ranged(count), default=18, metavar="N", help="of ONNX (default: 18)")
    parser.add_argument(
        "--preprocessing",
        choices=["inside", "outside"],
        default="inside",
        help="inside: it takes uint8 (n, h, w, 3); outside: float32 (n, 3, h, w) in -1..1 (default: inside)",
    )
    parser.add_argument(
        "--postprocessing",
        choices=["inside", "outside"],
        default="inside",
        help="inside: it gives densities; outside: the network's own output (default: inside)",
    )
    parser.add_argument(
        "--resizing",
        choices=["inside", "outside"],
        default="inside",
        help="with --size free. inside: to the network's own size; outside: it computes at the size of each"
        " picture, which takes minutes to write (default: inside)",
    )
    parser.add_argument(
        "--check",
        nargs="+",
        metavar="PICTURE",
        help="pictures on which it is run beside torch (default: the bundled samples)",
    )


def run(options: argparse.Namespace) -> int:
    """Write and check it; return 0 on success."""
    from salviewer.media.images import find_pictures, load_picture
    from salviewer.models.catalog import find_model
    from salviewer.models.exchange import ExchangeRequest, exchange
    from salviewer.models.reading import read_arrays

    size = options.size
    if options.resizing == "outside" and size != _FREE:
        raise UsageError("--resizing outside needs --size free; a fixed size is never resized inside")
    if size == "own":
        size = read_arrays(find_model(options.model))[0].form.input_size
    try:
        request = ExchangeRequest(
            None if options.batch == _FREE else options.batch,
            None if size == _FREE else size,
            options.opset,
            options.preprocessing,
            options.postprocessing,
            options.resizing,
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    paths = find_pictures(options.check or [locations.resources() / "samples"])
    pictures = [load_picture(path).pixels for path in paths[:8]]
    made = exchange(options.model, options.output, request, pictures)
    for file in made.files:
        print(f"{file}: {file.stat().st_size / 2**20:.1f} MiB")
    print(
        f"{made.runner} and torch differ by at most {made.difference:.1e} of a map's peak on"
        f" {counted(made.pictures, 'picture')}"
    )
    return 0


def _batch(text: str) -> int | str:
    return _FREE if text == _FREE else count(text)


def _size(text: str) -> tuple[int, int] | str:
    """(height, width) of a text such as 320x240."""
    if text in ("own", _FREE):
        return text
    if not (match := re.fullmatch(r"(\d{2,4})x(\d{2,4})", text)):
        raise ValueError(f"{quoted(text)} is no size such as 320x240, own or free")
    return int(match[2]), int(match[1])
