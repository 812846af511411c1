"""Print how much of a model's density lies within a degree of a recorded fixation: what `reward` pays for.

PYTHONPATH=. python -m research.recurrent.hits --data ../shared/data/eyetracking --model live_net RUN/model
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from research.domains.sets import pack_of, part_of
from salviewer.models.loading import load_model
from salviewer.training.batches import fixation_counts
from salviewer.training.rewards import reward_map


def main() -> int:
    """Print a line for each model: the mean over pictures of the expected reward, and of the peak's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", default="test")
    parser.add_argument("--model", nargs="+", required=True)
    args = parser.parse_args()
    pack = pack_of(args.data)
    place = {name: row for row, name in enumerate(pack.names)}
    rows = [place[name] for name in part_of(args.data, args.part) if name in place]
    for model in args.model:
        predictor = load_model(model, "cpu")
        hits, peaks = [], []
        for row in rows:
            density = predictor.densities(np.asarray(pack.stimuli[row : row + 1]))[0]
            size = (density.shape[0], density.shape[1])
            counts = torch.from_numpy(fixation_counts(pack.fixations_of(row), size))[None]
            earned = reward_map(torch.zeros_like(counts), counts)[0].numpy()
            hits.append(float((density * earned).sum()))
            peaks.append(float(earned.flat[density.argmax()]))
        print(f"{model}: {np.mean(hits):.4f} of the density, peak {np.mean(peaks):.4f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
