"""Put a finished run's model among those that ship, with the scores that `salviewer evaluate` measured.

    salviewer evaluate --model RUN/model --data DIR --json scores.json
    python scripts/ship_model.py RUN/model NAME --scores scores.json --about about.json [--before FIRST_RUN]

`about.json` holds the card's words: title, description, licence, notes and, where the run's own do not tell
it all, started_from and trained_on. `--before` names a run that this one started from; its recipe and curves
go into the card too.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

from salviewer import paths as locations
from salviewer.models.card import CARD_NAME, WEIGHTS_NAME, ModelCard, read_card
from salviewer.training.run_folder import RunFolder
from salviewer.training.trainer import curves

WORDS = ("title", "description", "licence", "notes", "started_from", "trained_on")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("name")
    parser.add_argument("--scores", type=Path, required=True)
    parser.add_argument("--about", type=Path, required=True)
    parser.add_argument("--before", type=Path)
    options = parser.parse_args()
    scores = json.loads(options.scores.read_text())
    about = json.loads(options.about.read_text())
    card = read_card(options.model / CARD_NAME)
    if scores["sha256"] != card.sha256:
        raise SystemExit(f"{options.scores} was measured on other weights")
    rows = [{key: _rounded(value) for key, value in row.items()} for row in scores["rows"]]
    metrics = {
        "command": f"salviewer evaluate --model {options.name} --data ../shared/data/eyetracking",
        "device": scores["device"],
        "size": scores["size"],
        "test": [row for row in rows if row["predictor"] != "centre bias"],
        "centre_bias": [row for row in rows if row["predictor"] == "centre bias"],
    }
    for row in metrics["test"]:
        row["predictor"] = options.name
    changes: dict[str, Any] = {"metrics": metrics, **{key: about[key] for key in WORDS if key in about}}
    if options.before:
        changes["data"] = {**card.data, "run_before": _run(options.before)}
    card = ModelCard.from_dict(card.to_dict() | changes)
    place = locations.model_weights() / options.name
    place.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(options.model / WEIGHTS_NAME, place / WEIGHTS_NAME)
    (place / CARD_NAME).write_text(json.dumps(card.to_dict(), indent=1) + "\n", encoding="utf-8")


def _run(folder: Path) -> dict[str, Any]:
    """What a run did, from its last checkpoint."""
    state = RunFolder(folder).load_checkpoint()
    return {
        "recipe": json.loads(state["recipe"]),
        "seed": state["seed"],
        "steps": state["step"],
        "of_steps": state["total"],
        "minutes": round(state["seconds"] / 60),
        "curves": curves(json.loads(state["history"])),
    }


def _rounded(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
