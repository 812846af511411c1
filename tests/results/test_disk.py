"""Full disks and killed processes."""

import os
import subprocess
import sys

import pytest
from PIL import Image

from salviewer.cli import main
from salviewer.results.order import Order, Size
from salviewer.results.record import RECORD_NAME
from salviewer.results.request import Batch
from salviewer.results.run import Watch, run
from tests.disks import small_disk
from tests.folders import files_in


@pytest.fixture
def full_disk(tmp_path):
    """A file system of 64 KiB."""
    with small_disk(tmp_path / "disk") as folder:
        yield folder


def whole(folder, killed=False):
    """The pictures of a folder, each of which opens; what a killed program wrote at has a hidden name yet."""
    found = []
    for path in sorted(folder.glob("[!.]*.png" if killed else "*.png")):
        with Image.open(path) as image:
            image.load()
        found.append(path.name)
    return found


def test_a_full_disk_leaves_whole_files_and_a_sentence_each(pictures, predict, full_disk):
    batch = Batch(pictures, full_disk, Order(size=Size.parse("200")), policy="skip-done", summed=True)
    said = []
    outcomes = list(
        run(batch, batch.plan(), predict, watch=Watch(complain=lambda error: said.append(str(error))))
    )
    done = [outcome.job.files[0].path.name for outcome in outcomes if outcome.status == "done"]
    failed = [outcome.sentence for outcome in outcomes if outcome.status == "failed"]
    assert done and failed and len(done) + len(failed) == len(pictures)
    assert all(text.endswith("it could not be written: the disk is full") for text in failed)
    assert whole(full_disk) == sorted(done)
    assert not list(full_disk.glob(".salviewer-*"))
    assert all(text.endswith("the disk is full") for text in said)


CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from salviewer.cli import main
sys.exit(main(sys.argv[1:]))
"""


def cli(*arguments, code=None):
    program = ["-m", "salviewer"] if code is None else ["-c", code]
    return subprocess.Popen(
        [sys.executable, *program, "predict", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )


def test_files_that_may_not_grow(pictures, model_folder, tmp_path):
    """What a quota does, wherever this runs."""
    for path in pictures[3:]:
        Image.new("RGB", (20, 10)).save(path)
    out = tmp_path / "out"
    child = cli(*pictures, "-o", out, "--model", model_folder, "--size", 100, "--device", "cpu", code=CHILD)
    said, complained = child.communicate(timeout=120)
    assert child.returncode == 1 and "Traceback" not in complained
    lines = [line for line in complained.splitlines() if "allowed" in line and str(out) in line]
    assert len(lines) == 3 and "3 overlays written, 3 failed" in said
    assert whole(out) == ["p3.png", "p4.png", "p5.png"]
    assert len(list(files_in(out))) == 3


def test_killed_and_gone_on(pictures, model_folder, tmp_path, capsys):
    many = [pictures[0].with_name(f"q{number:02}.png") for number in range(30)]
    for path in many:
        path.hardlink_to(pictures[0])
    out = tmp_path / "out"
    arguments = (*many, "-o", out, "--model", model_folder, "--device", "cpu", "--skip-done", "--summary")
    child = cli(*arguments)
    assert child.stdout is not None
    for _ in range(5):
        assert child.stdout.readline()
    child.kill()
    child.communicate(timeout=60)
    assert child.returncode < 0
    assert (out / RECORD_NAME).exists() and 5 <= len(whole(out, killed=True)) <= 30
    assert not (out / "salviewer-summary.csv").exists()

    capsys.readouterr()
    assert main(["predict", *map(str, arguments)]) == 0
    lines = capsys.readouterr().out.splitlines()
    skipped = [line for line in lines if line.endswith("(done before)")]
    assert skipped and f"{len(skipped)} done before" in lines[-1] and len(lines) == 31
    assert (
        len(whole(out, killed=True)) == 30
        and len({(out / name).read_bytes() for name in whole(out, killed=True)}) == 1
    )
    assert (out / "salviewer-summary.csv").exists()
