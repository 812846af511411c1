"""Measure the time until the window and the first heatmap appear, and memory.

    python benchmarks/startup.py [--rounds 5] [--model live_net] [--json FILE] [--quick]

Each run is a new process that calls the real `salviewer.app.main.run` on a generated photograph, under
DISPLAY or offscreen, with settings of its own. Times count from the start of the process. "Warm":
files are in memory and the compiled network is in its cache; "fresh": that cache is empty.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WAYS = {
    "OpenVINO, warm": ("openvino", False),
    "OpenVINO, fresh": ("openvino", True),
    "torch": ("torch", False),
}


def main() -> int:
    """Run the children and print the table; or run as a child."""
    if sys.argv[1:2] == ["--child"]:  # before anything else is imported: it would count
        picture, model, engine, begun = sys.argv[2:]
        return child(picture, model, engine, float(begun))
    import numpy as np
    from common import about, heading, options, photograph, write

    parser = options(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--model", default="live_net")
    chosen = parser.parse_args()
    rounds = 1 if chosen.quick else chosen.rounds
    known = about()
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        file = photograph(Path(folder), 0.5 if chosen.quick else 12.0)
        for number in range(rounds + 1):
            for way, (engine, fresh) in WAYS.items():
                cache = Path(folder) / (f"fresh{number}" if fresh else "cache")
                run = start(file, chosen.model, engine, Path(folder) / "settings", cache)
                if number:  # the first fills the caches
                    found[way].append(run)
    print(heading(known))
    print(f"{chosen.model}, a photograph, {rounds} runs each, best and median")
    values: dict[str, dict[str, dict[str, float]]] = {}
    for way, runs in found.items():
        print(way)
        for key in runs[0]:
            numbers = [run[key] for run in runs]
            best, median = min(numbers), float(np.median(numbers))
            values.setdefault(way, {})[key] = {"best": best, "median": median}
            print(f"  {key:44} {best:8.0f} {median:8.0f}")
    write(chosen.json, known, {"model": chosen.model, "runs": rounds, "ways": values})
    return 0


def start(picture: Path, model: str, engine: str, settings: Path, cache: Path) -> dict[str, float]:
    """Run a child and return its numbers."""
    variables = {"SALVIEWER_CONFIG_DIR": str(settings), "SALVIEWER_CACHE": str(cache)}
    variables["PYTHONDONTWRITEBYTECODE"] = ""  # an installed program is compiled
    if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
        variables["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, __file__, "--child", str(picture), model, engine, repr(time.time())]
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"the program ended with {done.returncode}: {done.stderr}")
    numbers: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return numbers


def child(picture: str, model: str, engine: str, begun: float) -> int:
    """Open the window, record when things appear, close it."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from salviewer.app import main as program
    from salviewer.app.window import Window

    application = QApplication([sys.argv[0]])
    notes: dict[str, float] = {}

    def look() -> None:
        windows = [w for w in application.topLevelWidgets() if isinstance(w, Window) and w.isVisible()]
        if not windows:
            return
        window, now = windows[0], 1000 * (time.time() - begun)
        if "window visible, ms" not in notes:
            notes["window visible, ms"] = now
            notes["memory with the window alone, MB"] = memory()
        if window.bench.session.loaded is not None:
            notes.setdefault("picture visible, ms", now)
        if window.bench.stage.canvas.layer is not None and "heatmap visible, ms" not in notes:
            notes["heatmap visible, ms"] = now
            notes["memory with the first heatmap, MB"] = memory()
            window.close()
        if window.bench.notices.text:
            raise SystemExit(window.bench.notices.text)

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(5)
    code = program.run([picture], model=model, device="cpu", engine=engine)  # type: ignore[arg-type]
    print(json.dumps(notes))
    return code


def memory() -> float:
    """Return resident memory in MB; 0 without /proc."""
    try:
        text = Path("/proc/self/status").read_text()
    except OSError:
        return 0.0
    return next(float(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    raise SystemExit(main())
