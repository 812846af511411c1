"""Make the tables behind Focus, Seen first and Competition: what live_net predicts for many pictures.

    nice python scripts/reference_scores.py [--data ../shared/data] [--most 400]

writes ``model_weights/live_net/reference.json``: percentiles of four raw values (`core.scores`) in three
classes of pictures, with the weights' sha256. Run it again whenever live_net's weights change; it takes a few
minutes. The pictures are read in place and only aggregate numbers are written.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from pathlib import Path

import numpy as np

from salviewer import api, paths
from salviewer.core.coverage import ellipse_outline
from salviewer.core.hotspots import RADIUS
from salviewer.core.saliency_map import SaliencyMap
from salviewer.core.scores import STEPS, entropy, half_area, rival_share
from salviewer.core.visits import visits
from salviewer.media.images import load_picture
from salviewer.media.saving import atomic_path
from salviewer.models.reference import REFERENCE_NAME

MODEL = "live_net"
GOALS = 5  # places of each picture whose rivals are counted
CLASSES = {
    "photographs": ("eyetracking/trainSet/Stimuli/*/*.jpg",),
    "advertisements": ("designs/trainSet/Stimuli/*/*.jpg",),
    "pages": ("screens/web_*.jpg", "screens/mail_*.jpg", "screens/theme_*.jpg", "screens/theme2_*.jpg"),
}


def values_of(saliency: SaliencyMap) -> dict[str, list[float]]:
    """Return a list for each raw value of a picture; `rival_share` has one entry per first place."""
    stops = visits(saliency)
    width, height = saliency.source_size
    radius = RADIUS * width
    discs = [
        ellipse_outline(stop.x / width, stop.y / height, radius / width, radius / height)
        for stop in stops[:GOALS]
    ]
    return {
        "half_area": [half_area(saliency)],
        "entropy": [entropy(saliency)],
        "first_share": [stops[0].share],
        "rival_share": [rival_share(disc, saliency) for disc in discs],
    }


def main() -> int:
    """Measure all classes and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--most", type=int, default=400, help="pictures of a class, drawn at random")
    options = parser.parse_args()
    predictor = api.load_model(MODEL, "cpu")
    classes, pictures = {}, {}
    for name, patterns in CLASSES.items():
        files = sorted(path for pattern in patterns for path in options.data.glob(pattern))
        if not files:
            print(f"there are no {name} in {options.data}", file=sys.stderr)
            return 1
        random.Random(0).shuffle(files)
        found: dict[str, list[float]] = {}
        for number, path in enumerate(files[: options.most], 1):
            for key, values in values_of(api.predict(predictor, load_picture(path))).items():
                found.setdefault(key, []).extend(values)
            if number % 100 == 0:
                print(f"{name}: {number}", flush=True)
        pictures[name] = min(len(files), options.most)
        classes[name] = {
            key: [float(f"{value:.4g}") for value in np.percentile(values, np.linspace(0, 100, STEPS))]
            for key, values in found.items()
        }
    target = paths.model_weights() / MODEL / REFERENCE_NAME
    content = {"weights": predictor.card.sha256, "pictures": pictures, "classes": classes}
    with atomic_path(target) as temporary:
        temporary.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"-> {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
