"""What is installed brings everything the program needs: code, resources and weights."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from salviewer import __version__
from salviewer.app.features.help.pages import CONTENTS

ROOT = Path(__file__).parents[1]


def shipped(folder: str) -> set[str]:
    """The files git knows under a folder, or all of them where this is no checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", folder], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        return {name for name in listed.stdout.split("\0") if name}
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*") if path.is_file()}


def installed_starts_itself(wheel, folder):
    """The processes that an installed program starts, to train say, are its own: told by its version."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.endswith(".py")])
    package = folder / "salviewer" / "version.py"
    package.write_text(package.read_text().replace(__version__, "99.9"))
    program = (
        "import sys, threading, pathlib; from salviewer import launch;"
        "sys.exit(launch.run(['--version'], pathlib.Path(sys.argv[1]), threading.Event(), print))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, folder / "log.txt"],
        cwd=folder, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(folder)},
    )  # fmt: skip
    assert done.stdout == "salviewer 99.9\n"


def test_the_wheel_holds_code_resources_and_weights(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=ROOT, check=True
    )
    (wheel,) = tmp_path.iterdir()
    assert wheel.name == f"salviewer-{__version__}-py3-none-any.whl"
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("resources", "model_weights"):
        files = shipped(folder)
        assert files and {f"salviewer/{name}" for name in files} <= inside
    assert shipped("salviewer") <= inside
    manual = {f"salviewer/manual/{name}.md" for _, names in CONTENTS for name in names}
    assert manual <= inside and "salviewer/manual/screenshots/variants.png" in inside
    installed_starts_itself(wheel, tmp_path / "installed")
    assert {name.split("/")[0] for name in inside} == {"salviewer", f"salviewer-{__version__}.dist-info"}


def test_constraints_pin_what_is_needed_and_name_no_address():
    text = (ROOT / "constraints.txt").read_text()
    assert "torch==2.13.0\n" in text
    assert not any(word in text for word in ("://", "+cpu", "nvidia", "--"))
