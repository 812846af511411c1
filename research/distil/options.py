"""The options that `train` and `record` share."""

from __future__ import annotations

import argparse
from pathlib import Path

from research.distil.card_data import SIZE
from research.distil.networks import NAMES


def height_width(text: str) -> tuple[int, int]:
    """Parse HEIGHTxWIDTH."""
    height, width = map(int, text.split("x"))
    return height, width


def fold_of_folds(text: str) -> tuple[int, int]:
    """Parse K/N."""
    fold, of = map(int, text.split("/"))
    return fold, of


def arguments(description: str | None) -> argparse.Namespace:
    """Parse the command line.

    Args:
        description: the command's docstring, shown by ``--help``.
    """
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--student", choices=NAMES, required=True)
    add("--init", default="", help="initial weights, of the whole network or of its encoder")
    add("--teachers", type=Path)
    add("--recorded", type=Path, help="teachers' maps written by `record`, instead of --teachers")
    add(
        "--hints",
        type=Path,
        help="weights of a live_net or a dino, named like a teacher's; the student predicts its features",
    )
    add("--data", type=Path, required=True)
    add("--photos", type=Path, nargs="*", default=[], help="folders of pictures without fixations")
    add("--fold", type=fold_of_folds, default=(0, 1), help="K/N: leave fold K of train out")
    add("--seconds", type=float, required=True)
    add("--steps", type=int, default=0, help="end after this many steps if that comes first")
    add(
        "--out",
        type=Path,
        required=True,
        help="a .safetensors file; the curves are written beside it as .json",
    )
    add("--device", default="cuda:0")
    add("--seed", type=int, default=1)
    add("--batch", type=int, default=32)
    add("--parts", type=int, default=1, help="training steps per batch; small steps suit a processor")
    add("--labelled", type=float, default=0.5, help="share of each batch that has fixations")
    add(
        "--truth",
        type=float,
        default=0.5,
        help="share of the ground truth in the target of a picture with fixations",
    )
    add("--asked", type=int, default=1, help="teachers used in each step")
    add("--lr", type=float, required=True)
    add("--encoder-lr", type=float, default=0)
    add("--decay", type=float, default=0.01)
    add("--ema", type=float, default=0.998)
    add("--clip", type=float, default=1.0)
    add("--crop", type=float, default=0.5)
    add("--mix", type=float, default=0.3)
    add("--stretch", type=float, default=0.2)
    add("--degrade", type=float, default=0.2)
    add("--colour", type=float, default=0.2)
    add("--loss", choices=["probabilistic", "mse"], default="probabilistic")
    add("--nss", type=float, default=0.1, help="weight of NSS in the loss")
    add("--smoothed", action="store_true", help="take NSS at the target instead of the fixations")
    add("--hint-weight", type=float, default=1.0)
    add("--size", type=height_width, nargs="+", default=[SIZE], help="input sizes; each step draws one")
    add(
        "--stored",
        type=height_width,
        default=SIZE,
        help="size of the pictures on the card, which teachers see",
    )
    add("--small", type=float, default=0, help="share of the time spent at 7/10 of the size")
    add("--watch", type=float, default=15, help="seconds between scores on val")
    return parser.parse_args()
