"""Find text and the heights of its lines, for pseudo-labels; needed only for training.

    PYTHONPATH=. python -m research.domains.text_maps DETECTOR.onnx
        ../shared/data/screens OUT.npz

DETECTOR: a text detector of the DB kind (Liao et al., "Real-time scene text detection with differentiable
binarization", AAAI 2020), such as the PP-OCR one in PyPI's `rapidocr` (Apache-2.0). It is shown 480x640.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import openvino

from research.distil.card_data import SIZE
from research.domains.sets import pack_of

SHOWN = (480, 640)
HIGHEST = 0.2
"""Largest stored height of a line, as a share of the picture's."""


def text_of(network: object, stimulus: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return uint8 (240, 320) each: the probability of text, and the height of the line at a pixel."""
    large = cv2.resize(stimulus[..., ::-1], SHOWN[::-1], interpolation=cv2.INTER_CUBIC)
    x = (large.astype(np.float32) / 255 - 0.5) / 0.5
    probability = network(np.ascontiguousarray(x.transpose(2, 0, 1)[None]))[0][0, 0]  # type: ignore[operator]
    count, parts, stats, _ = cv2.connectedComponentsWithStats((probability > 0.3).astype(np.uint8))
    heights = np.zeros(count, np.float32)
    heights[1:] = np.minimum(stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]) / SHOWN[0]
    high = np.minimum(heights[parts] / HIGHEST, 1)
    both = [cv2.resize(some, SIZE[::-1], interpolation=cv2.INTER_AREA) for some in (probability, high)]
    return np.rint(255 * both[0]).astype(np.uint8), np.rint(255 * both[1]).astype(np.uint8)


def main() -> None:
    """Write text maps for all pictures of a folder."""
    model, folder, out = sys.argv[1:]
    core = openvino.Core()
    read = core.read_model(model)
    read.reshape([1, 3, *SHOWN])
    network = core.compile_model(read, "CPU", {"PERFORMANCE_HINT": "LATENCY"})
    pack = pack_of(Path(folder))
    found = []
    for row in range(len(pack.names)):
        found.append(text_of(network, np.asarray(pack.stimuli[row])))
        if row % 100 == 0:
            print(row, flush=True)
    text, high = (np.stack(column) for column in zip(*found, strict=True))
    np.savez(out, text=text, high=high, names=np.array(pack.names))


if __name__ == "__main__":
    main()
