"""Boxes and outlines in a picture as files that labelling and training tools open: COCO, YOLO, labelme."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Annotation:
    """One thing in a picture.

    Attributes:
        label: what it is.
        left, top, right, bottom: its box, in fractions of the picture's sides, 0..1.
        outline: three points (x, y) or more in the same fractions; empty for the box alone.
        score: 0..1.
        facts: what else is known, as JSON can store it.
    """

    label: str
    left: float
    top: float
    right: float
    bottom: float
    outline: tuple[tuple[float, float], ...] = ()
    score: float = 1.0
    facts: dict[str, float | int | str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Annotated:
    """A picture with what is in it.

    Attributes:
        file: its name or path, as the file that is written names it.
        size: (width, height) in pixels.
        things: what is in it.
    """

    file: str
    size: tuple[int, int]
    things: tuple[Annotation, ...]


def coco(pictures: Sequence[Annotated]) -> dict[str, Any]:
    """Return a data set in COCO's format: images, annotations, categories (numbered from 1).

    Boxes are (x, y, width, height) in pixels, outlines are segmentations; facts and score stand beside.
    """
    labels = dict.fromkeys(thing.label for picture in pictures for thing in picture.things)
    numbers = {label: number for number, label in enumerate(labels, 1)}
    annotations: list[dict[str, Any]] = []
    for image, picture in enumerate(pictures, 1):
        wide, high = picture.size
        for thing in picture.things:
            points = thing.outline or _corners(thing)
            scaled = [(x * wide, y * high) for x, y in points]
            box = (thing.left * wide, thing.top * high)
            extent = ((thing.right - thing.left) * wide, (thing.bottom - thing.top) * high)
            entry = {
                "id": len(annotations) + 1,
                "image_id": image,
                "category_id": numbers[thing.label],
                "bbox": [round(value, 2) for value in (*box, *extent)],
                "segmentation": [[round(value, 2) for point in scaled for value in point]],
                "area": round(_area(scaled), 2),
                "iscrowd": 0,
                "score": round(thing.score, 6),
            }
            annotations.append(entry | thing.facts)
    return {
        "info": {"description": "salviewer: regions that draw attention"},
        "licenses": [],
        "images": [
            {"id": number, "file_name": each.file, "width": each.size[0], "height": each.size[1]}
            for number, each in enumerate(pictures, 1)
        ],
        "annotations": annotations,
        "categories": [
            {"id": number, "name": label, "supercategory": ""} for label, number in numbers.items()
        ],
    }


def yolo(picture: Annotated, classes: Sequence[str]) -> str:
    """Return a label file of YOLO: class, centre x, centre y, width, height in fractions, one line a thing.

    Args:
        classes: their names; a thing with another label is left out.
    """
    lines = []
    for thing in picture.things:
        if thing.label in classes:
            box = (
                (thing.left + thing.right) / 2,
                (thing.top + thing.bottom) / 2,
                thing.right - thing.left,
                thing.bottom - thing.top,
            )
            lines.append(f"{list(classes).index(thing.label)} " + " ".join(f"{value:.6f}" for value in box))
    return "".join(f"{line}\n" for line in lines)


def labelme(picture: Annotated) -> dict[str, Any]:
    """Return a file of labelme: polygons, or rectangles for what has no outline, in pixels."""
    wide, high = picture.size
    shapes: list[dict[str, Any]] = []
    for thing in picture.things:
        points = thing.outline or ((thing.left, thing.top), (thing.right, thing.bottom))
        shapes.append(
            {
                "label": thing.label,
                "points": [[round(x * wide, 2), round(y * high, 2)] for x, y in points],
                "group_id": None,
                "description": ", ".join(f"{key} {value}" for key, value in thing.facts.items()),
                "shape_type": "polygon" if thing.outline else "rectangle",
                "flags": {},
                "mask": None,
            }
        )
    return {
        "version": "5.5.0",
        "flags": {},
        "shapes": shapes,
        "imagePath": picture.file,
        "imageData": None,
        "imageHeight": high,
        "imageWidth": wide,
    }


def json_text(value: object) -> str:
    """Format as JSON with a final line end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _corners(thing: Annotation) -> tuple[tuple[float, float], ...]:
    left, top, right, bottom = thing.left, thing.top, thing.right, thing.bottom
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _area(points: Sequence[tuple[float, float]]) -> float:
    x, y = np.array(points).T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
