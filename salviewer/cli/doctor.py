"""``salviewer doctor``: show what is installed, what computes, and how fast."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from salviewer.cli.report import one_line

if TYPE_CHECKING:
    from salviewer.models.diagnosis import Diagnosis


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options; scripts rely on their names."""
    parser.add_argument("--json", action="store_true", help="print it as JSON")


def run(options: argparse.Namespace) -> int:
    """Report; return 0 if every shipped model can be used, else 1."""
    from salviewer.models.diagnosis import diagnose

    found, places = diagnose(), _places()
    if options.json:
        print(json.dumps(found.to_dict() | {"places": places}, indent=1))
    else:
        for line in [*_lines(found), *(f"{name:<10} {place}" for name, place in places.items())]:
            print(one_line(line))
    return 0 if all(not model.trouble for model in found.models) else 1


def _places() -> dict[str, str]:
    """Return folders and files that are useful in a problem report."""
    from salviewer import paths as locations
    from salviewer.app.state.settings import config_folder, log_folder
    from salviewer.paths import data_folder

    kind = "bundle" if getattr(sys, "frozen", False) else "Python package"
    return {
        "program": f"{locations.resources().parent} ({kind})",
        "settings": str(config_folder()),
        "data": str(data_folder()),
        "log": str(log_folder() / "salviewer.log"),
    }


def _lines(found: Diagnosis) -> list[str]:
    machine = found.machine
    lines = [
        f"salviewer {found.version}, Python {machine.python}, {machine.system}",
        f"processor  {machine.processor}, {machine.cores} cores",
    ]
    lines += [f"device     {name}: {title}" for name, title in found.devices]
    lines += [
        f"engine     {engine.title} {engine.version or 'is not installed'}{engine.detail}"
        for engine in found.engines
    ]
    for model in found.models:
        if model.trouble:
            lines.append(f"model      {model.trouble}")
            continue
        lines.append(
            f"model      {model.name}: {model.engine}, {model.milliseconds:.1f} ms a picture,"
            f" ready in {model.load_milliseconds:.0f} ms{'; ' + model.note if model.note else ''}"
        )
    lines.append(f"cache      {found.cache}, {found.cache_bytes / 1e6:.0f} MB")
    return lines
