"""How long the pictures of web pages are kept."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from salviewer.app.state.kept_pages import KeptPages
from salviewer.media.project import Project, ProjectPicture, save_project

DAY = 86_400


@pytest.fixture
def drawn(tmp_path: Path) -> list[Path]:
    """Five pictures of 1000 bytes; the first is the oldest, the last is of today."""
    paths = [tmp_path / "pages" / f"site-{number}" / "Title (desktop).png" for number in range(5)]
    for number, path in enumerate(paths):
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(1000))
        changed = time.time() - (4 - number) * 10 * DAY
        os.utime(path, (changed, changed))
    return paths


def left(paths: list[Path]) -> list[int]:
    return [number for number, path in enumerate(paths) if path.exists()]


def test_the_oldest_go_and_their_folders(drawn: list[Path], tmp_path: Path) -> None:
    kept = KeptPages(tmp_path / "pages")
    assert kept.prune(most=10**6, days=60) == []
    assert kept.prune(most=10**6, days=35) == drawn[:1] and not drawn[0].parent.exists()
    assert kept.prune(most=2500, days=60) == drawn[1:3] and left(drawn) == [3, 4]
    assert kept.prune(fresh=drawn[3:4], most=0, days=0) == drawn[4:]
    assert KeptPages(tmp_path / "missing").prune(most=0) == []


def test_what_a_project_or_a_list_refers_to_stays(drawn: list[Path], tmp_path: Path) -> None:
    kept = KeptPages(tmp_path / "pages")
    files = [tmp_path / f"{name}.salviewer.json" for name in ("noted", "gone", "found")]
    for file, path in zip(files, drawn, strict=False):
        save_project(file, Project((ProjectPicture(path),)))
    kept.note_project(files[0], drawn[:1])
    kept.note_project(files[1], drawn[1:2])
    files[1].unlink()  # on a disk that is not there
    kept.note_open(drawn[3:4])
    other = KeptPages(tmp_path / "pages", process=2**22 + 1)  # a window that has ended
    other.note_open(drawn[4:])
    assert other.prune(projects=files[2:], most=0, days=0) == drawn[4:]
    save_project(files[0], Project())
    kept.note_open(())
    assert KeptPages(tmp_path / "pages").prune(most=0, days=0) == [drawn[0], drawn[2], drawn[3]]
    assert left(drawn) == [1]


def test_nothing_goes_if_the_references_are_damaged(drawn: list[Path], tmp_path: Path) -> None:
    (tmp_path / "pages" / "references.json").write_text('{"projects": []')
    kept = KeptPages(tmp_path / "pages")
    kept.note_open(drawn)
    assert kept.prune(most=0, days=0) == [] and left(drawn) == [0, 1, 2, 3, 4]
