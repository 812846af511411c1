"""Put into a model's card which pictures it was fitted to, chosen on and tested on: digests of their files.

``salviewer evaluate`` uses that split, or says how many of the scored pictures the model was fitted to. A
training run does this by itself. The shipped models were made by several runs, on the data sets' own splits:

    data=../shared/data
    python -m research.domains.card_pictures model_weights/live_net $data/eyetracking $data/designs
    python -m research.domains.card_pictures model_weights/deep_convnet $data/eyetracking

Pictures without fixations that a model was taught on are not among them: nothing can be scored on them.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from salviewer.models.card import CARD_NAME
from salviewer.training.datasets import open_dataset
from salviewer.training.decoding import digest_of
from salviewer.training.known_pictures import PICTURES
from salviewer.training.splits import read_split

PARTS = ("train", "val", "test")


def pictures_of(folders: list[Path]) -> dict[str, str]:
    """Return the digests of the pictures of data sets, by the parts of their own splits."""
    found: dict[str, list[str]] = {part: [] for part in PARTS}
    for folder in folders:
        dataset = open_dataset(folder)
        if dataset.split_file is None:
            raise SystemExit(f"{folder} brings no split.json")
        split = read_split(dataset.split_file, dataset)
        files = {sample.name: sample.stimulus for sample in dataset.samples}
        for part in PARTS:
            found[part] += [digest_of(files[name]) for name in getattr(split, part)]
    return {part: " ".join(digests) for part, digests in found.items()}


def main(model: Path, folders: list[Path]) -> None:
    """Rewrite the card of a model; everything else in it stays."""
    path = model / CARD_NAME
    card = json.loads(path.read_text(encoding="utf-8"))
    card["data"][PICTURES] = pictures_of(folders)
    path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    counts = {part: len(digests.split()) for part, digests in card["data"][PICTURES].items()}
    print(f"{path}: {counts}, fitted {card['data'].get('fitted')}, test {card['data'].get('test')}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
