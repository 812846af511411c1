"""Estimate a training's time and memory, from its first steps in a process of its own."""

from __future__ import annotations

import json
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from salviewer import launch
from salviewer.app.features.training.tasks import Tell
from salviewer.app.translation import tr
from salviewer.app.widgets.amounts import duration, size
from salviewer.errors import SalviewerError
from salviewer.training.order import Order
from salviewer.training.recipe import Recipe
from salviewer.training.run_history import last_words
from salviewer.training.run_setup import write


def estimate(order: Order, recipe: Recipe, pictures: int, tell: Tell, stop: threading.Event) -> str:
    """Return a sentence about a run on this many pictures; call it in a thread of its own.

    Raises:
        SalviewerError: the first steps failed; the message says why.
    """
    found: list[dict[str, Any]] = []

    def line(text: str) -> None:
        if text.startswith("{"):
            found.append(json.loads(text))

    with tempfile.TemporaryDirectory() as folder:
        path, log = Path(folder) / "recipe.json", Path(folder) / "log.txt"
        write(path, recipe.to_dict())
        order = replace(order, recipe=str(path), run=Path(folder) / "run")
        code = launch.run([*order.arguments(), f"--estimate={pictures}"], log, stop, line)
        if code and not stop.is_set():
            said = last_words(log)
            raise SalviewerError(
                said[-1] if said else tr("The estimate ended with the code {code}.", code=code)
            )
    return _sentence(found[-1]) if found else ""


def _sentence(values: dict[str, Any]) -> str:
    import psutil  # slow to import, so not while the window starts

    memory, free = float(values["memory"]), psutil.virtual_memory().available
    text = tr(
        "About {duration} after the pictures are read: {steps} steps of {time} on "
        "{device}, with {size} of memory",
        duration=duration(values["seconds"]),
        steps=values["steps"],
        time=_short(values["step"]),
        device=values["device"],
        size=size(memory),
    )
    if "CPU" in values["device"] and memory > free:
        return tr("{text}, but only {size} are free. A smaller batch needs less.", text=text, size=size(free))
    return f"{text}."


def _short(seconds: float) -> str:
    return (
        tr("{seconds:.0f} ms", seconds=1000 * seconds)
        if seconds < 1
        else tr("{seconds:.1f} s", seconds=seconds)
    )
