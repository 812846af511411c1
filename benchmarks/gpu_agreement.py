"""Compare maps from the processor and from a CUDA card, and their scores.

    python benchmarks/gpu_agreement.py --data ../shared/data/eyetracking [--every N] [--json FILE]

Takes each network's maps of the test pictures, by torch on the processor in float32 and on the card as the
program uses it (float16). Prints the lowest and median correlation, the largest difference of maps scaled to
peak 1, and the difference of the mean NSS.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from common import about_a_card, options, shipped, write

from salviewer.core import metrics
from salviewer.models.loading import load_model
from salviewer.models.preprocess import resize
from salviewer.training.datasets import open_dataset
from salviewer.training.evaluation import SIZE, fixation_cells
from salviewer.training.pack import Pack, open_pack
from salviewer.training.splits import read_split


def main() -> int:
    """Print the table."""
    parser = options(__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--every", type=int, default=4, help="one of so many test pictures")
    chosen = parser.parse_args()
    known = about_a_card(chosen.json)
    if known is None:
        return 0
    dataset = open_dataset(chosen.data)
    if dataset.split_file is None:
        raise SystemExit(f"{chosen.data} has no split")
    test = set(read_split(dataset.split_file, dataset).test)
    samples = [sample for sample in dataset.samples if sample.name in test][:: chosen.every]
    pack = open_pack(samples, SIZE)
    rows = []
    for name in shipped():
        row = compared(name, pack)
        rows.append(row)
        print(
            f"{name:16}{row['pictures']:>5} pictures  CC at worst {row['worst_cc']:.6f}, median"
            f" {row['median_cc']:.6f}; largest difference {row['largest']:.4f}; NSS {row['nss_cpu']:.4f},"
            f" on the card {row['nss_card'] - row['nss_cpu']:+.5f}"
        )
    write(chosen.json, known, {"card": torch.cuda.get_device_name(), "networks": rows})
    return 0


def compared(name: str, pack: Pack) -> dict[str, Any]:
    """Compare one network on both."""
    likeness, largest, scores = [], 0.0, []
    processor, card = load_model(name, "cpu", "torch"), load_model(name, "cuda", "torch")
    for row in range(len(pack.names)):
        stimulus = np.asarray(pack.stimuli[[row]])
        pair = [np.asarray(one.densities(stimulus)[0], np.float64) for one in (processor, card)]
        likeness.append(np.corrcoef(pair[0].ravel(), pair[1].ravel())[0, 1])
        largest = max(largest, float(np.abs(pair[0] / pair[0].max() - pair[1] / pair[1].max()).max()))
        cells = fixation_cells(pack, row)
        scores.append([metrics.nss(np.asarray(resize(one.astype(np.float32), SIZE)), cells) for one in pair])
    means = np.mean(scores, 0)
    return {
        "network": name, "pictures": len(pack.names), "worst_cc": float(np.min(likeness)),
        "median_cc": float(np.median(likeness)), "largest": largest,
        "nss_cpu": float(means[0]), "nss_card": float(means[1]),
    }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
