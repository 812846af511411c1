"""Folders and files become lists of pictures."""

import os

import pytest

from salviewer.errors import ImageError
from salviewer.media.images import PICTURE_SUFFIXES, find_pictures


def test_folder_in_natural_order(tmp_path):
    for name in ("b10.png", "b2.PNG", "B1.jpg", "notes.txt", ".hidden.png", "c.webp"):
        (tmp_path / name).touch()
    (tmp_path / "folder.png").mkdir()
    assert [path.name for path in find_pictures([tmp_path])] == ["B1.jpg", "b2.PNG", "b10.png", "c.webp"]


def test_files_as_given_and_folders_where_they_stand(tmp_path):
    (tmp_path / "more").mkdir()
    for name in ("z.dat", "a.png", "more/2.png", "more/1.png"):
        (tmp_path / name).touch()
    found = find_pictures([str(tmp_path / "z.dat"), tmp_path / "more", tmp_path / "a.png"])
    assert [path.name for path in found] == ["z.dat", "1.png", "2.png", "a.png"]


def test_nothing_there(tmp_path):
    with pytest.raises(ImageError, match="there are no pictures in this folder"):
        find_pictures([tmp_path])
    with pytest.raises(ImageError, match="there is no such file or folder"):
        find_pictures([tmp_path / "none"])
    with pytest.raises(ImageError):
        find_pictures(["a\0b"])
    assert find_pictures([]) == []


def test_folder_without_permission(tmp_path):
    folder = tmp_path / "secret"
    folder.mkdir(mode=0)
    if root := os.geteuid() == 0:
        for outer in (tmp_path, *tmp_path.parents[:3]):
            outer.chmod(outer.stat().st_mode | 0o055)
        os.seteuid(65534)
    try:
        with pytest.raises(ImageError, match="you do not have permission to read it"):
            find_pictures([folder])
    finally:
        if root:
            os.seteuid(0)


def test_suffixes():
    assert {".jpg", ".jpeg", ".png", ".webp", ".tif", ".bmp", ".gif"} <= PICTURE_SUFFIXES
    assert not {".svg", ".pdf", ".eps", ".txt", ".mp4", ".heic"} & PICTURE_SUFFIXES
