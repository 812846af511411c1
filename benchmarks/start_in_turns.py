"""Compare the processor time until the window is shown, of several checkouts in turns.

    python benchmarks/start_in_turns.py FOLDER FOLDER [--rounds 9]

Each run is a new process that shows the window of one checkout, offscreen, with settings of its own.
Processor time is steadier than elapsed time; turns make the influence of other programs alike for all.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

CHILD = """
import gc; gc.disable()
import os
import salviewer.library_settings  # as the program does: without it, threads of numpy's library spin
try:
    from salviewer.app.qt_import import import_qt
    import_qt()
except ImportError:  # an earlier version
    pass
from PySide6.QtWidgets import QApplication
application = QApplication([""])
try:
    from salviewer.app.composition import compose
    from salviewer.app.state.settings import SettingsFile
    from salviewer.app.workers.inference import Engine
except ImportError:  # version 0.1
    from salviewer.app.settings import SettingsFile
    from salviewer.app.work.inference import Engine
    from salviewer.app.window import Window as compose
window = compose(SettingsFile(), Engine("", "cpu", "openvino"))
window.show()
application.processEvents()
times = os.times()
print(times.user + times.system, flush=True)
os._exit(0)
"""


def main() -> int:
    """Run the checkouts in turns and print the least and the median of each."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=plain)
    parser.add_argument("checkouts", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    chosen = parser.parse_args()
    found: dict[Path, list[float]] = {checkout: [] for checkout in chosen.checkouts}
    with tempfile.TemporaryDirectory() as scratch:
        for number in range(chosen.rounds + 1):
            for index, checkout in enumerate(chosen.checkouts):
                seconds = shown(checkout.absolute(), Path(scratch) / str(index))
                if number:  # the first compiles
                    found[checkout].append(seconds)
    for checkout, runs in found.items():
        print(f"{checkout}: {1000 * min(runs):.0f} ms at best, {1000 * median(runs):.0f} in the median")
    return 0


def shown(checkout: Path, settings: Path) -> float:
    """Show a window and return the process's seconds of processor time."""
    variables = {"PYTHONPATH": str(checkout), "SALVIEWER_CONFIG_DIR": str(settings)}
    variables |= {"PYTHONDONTWRITEBYTECODE": "", "QT_QPA_PLATFORM": "offscreen"}
    run = [sys.executable, "-c", CHILD]
    done = subprocess.run(run, cwd=checkout, env=os.environ | variables, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{checkout}: {done.stderr}")
    return float(done.stdout)


if __name__ == "__main__":
    raise SystemExit(main())
