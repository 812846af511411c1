"""Write the trained memory with live_net's own weights as a model's folder.

PYTHONPATH=. python -m research.recurrent.finish --work FOLDER --out model_weights/live_net_recurrent
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from research.recurrent.network import start
from research.recurrent.teacher import Teacher
from salviewer.models.card import ModelCard
from salviewer.models.catalog import find_model
from salviewer.models.checkpoints import write_model
from salviewer.models.reading import read_arrays

DESCRIPTION = (
    "live_net with a memory for video: steadier maps from frame to frame. On a single picture it is live_net."
)
NOTES = (
    "Its memory was trained without labels, on sequences made from stills: no video with recorded gaze could"
    " be had. Encoder, decoder and head are live_net's, unchanged; its scores are those of live_net. Pictures"
    " of the data sets' test parts, and the last 100 of the sets without a split, were held back for"
    " docs/research/live_net_recurrent.md."
)


def write(place: Path, out: Path, before: str = "") -> None:
    """Write the model's folder from a checkpoint of `research.recurrent.train`.

    Args:
        place: the checkpoint.
        out: the folder.
        before: what the memory began with, for the card.
    """
    found = torch.load(place, weights_only=True)
    network = start(Teacher())
    network.memory.load_state_dict(found["kept"])
    below = read_arrays(find_model("live_net"))[0]
    curve = found["curve"]
    card = ModelCard(
        architecture="live_net_recurrent",
        title="Live net with memory",
        output="logits",
        description=DESCRIPTION,
        data=below.data,
        recipe={
            "name": "research/recurrent/train.py",
            "command": "see docs/research/live_net_recurrent.md",
        },
        seed=found["seed"],
        epochs=found["passes"],
        curves={"train_loss": [row["kl"] for row in curve], "step": [row["step"] for row in curve]},
        metrics=below.metrics,
        started_from=f"live_net, its weights frozen (sha256 {below.sha256}){before}; {below.started_from}",
        licence=below.licence,
        trained_on=f"one core for {found['spent'] / 60:.0f} minutes, {found['step']} steps",
        notes=NOTES,
    )
    card = write_model(out, replace(card, input_size=below.input_size), network)
    print(f"{out}: {card.sha256}")


def main() -> int:
    """Write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--name", default="memory")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    write(args.work / f"{args.name}.checkpoint", args.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
