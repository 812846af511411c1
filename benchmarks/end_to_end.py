"""Where the time of one prediction goes, from a 12 megapixel JPEG to the overlay's JPEG.

python benchmarks/end_to_end.py [--model live_net] [--megapixels 12] [--rounds 10] [--engine auto]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from common import heading, photograph

from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle, heat_layer, overlay
from salviewer.core.saliency_map import SaliencyMap
from salviewer.media.export import save_picture
from salviewer.media.images import load_picture
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.loading import load_model
from salviewer.models.preprocess import resize


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", default="live_net")
    parser.add_argument("--engine", default="auto", choices=["auto", "torch", "openvino"])
    parser.add_argument("--megapixels", type=float, default=12.0)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    predictor = load_model(options.model, "auto", options.engine)
    size = ARCHITECTURES[predictor.card.architecture].input_size
    taken: dict[str, list[float]] = {}

    @contextmanager
    def timed(what: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        taken.setdefault(what, []).append(1000 * (time.perf_counter() - start))

    with tempfile.TemporaryDirectory() as folder:
        path = photograph(Path(folder), options.megapixels)
        for _ in range(options.rounds + 1):
            with timed("decode"):
                shown = load_picture(path).pixels
            with timed("resize to the network's input"):
                batch = np.ascontiguousarray(resize(shown, size)[None], dtype=np.uint8)
            with timed("network"):
                maps = predictor.densities(batch)
            saliency = SaliencyMap(maps[0], (shown.shape[1], shown.shape[0]), predictor.name)
            with timed("smooth, threshold, colour"):
                layer = heat_layer(saliency, PostprocessSettings(), OverlayStyle())
            with timed("lay over the whole picture"):
                result = overlay(shown, layer)
            with timed("encode and write"):
                save_picture(Path(folder) / "out.jpg", result)
    print(heading())
    print(f"{options.megapixels:g} megapixels, {predictor.name} on {predictor.device_title}")
    best = {what: min(values[1:]) for what, values in taken.items()}
    whole = sum(best.values())
    for what, values in taken.items():
        median = float(np.median(values[1:]))
        print(f"{what:32} best {best[what]:7.1f} ms {best[what] / whole:5.0%}   median {median:7.1f} ms")
    print(f"{'all':32} best {whole:7.1f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
