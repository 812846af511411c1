"""Folders and files become lists of pictures."""

import os
from contextlib import contextmanager
from pathlib import Path

import pytest

from salviewer.errors import ImageError
from salviewer.media.images import PICTURE_SUFFIXES, find_pictures
from salviewer.media.listing import find_pictures_below, pictures_still_there
from salviewer.media.written import WRITTEN_NAME, note_written, written_in


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
    with pytest.raises(ImageError, match=r"there are no pictures in this folder$"):
        find_pictures([tmp_path])
    with pytest.raises(ImageError, match="there is no such file or folder"):
        find_pictures([tmp_path / "none"])
    with pytest.raises(ImageError):
        find_pictures(["a\0b"])
    assert find_pictures([]) == []


@pytest.fixture
def as_nobody(tmp_path):
    """A block that runs without root's permissions."""

    @contextmanager
    def lowered():
        if root := os.geteuid() == 0:
            for outer in (tmp_path, *tmp_path.parents[:3]):
                outer.chmod(outer.stat().st_mode | 0o055)
            os.seteuid(65534)
        try:
            yield
        finally:
            if root:
                os.seteuid(0)

    return lowered


def test_folder_without_permission(tmp_path, as_nobody):
    folder = tmp_path / "secret"
    folder.mkdir(mode=0)
    with as_nobody(), pytest.raises(ImageError, match="you do not have permission to read it"):
        find_pictures([folder])


def test_suffixes():
    assert {".jpg", ".jpeg", ".png", ".webp", ".tif", ".bmp", ".gif"} <= PICTURE_SUFFIXES
    assert not {".eps", ".txt", ".mp4", ".html"} & PICTURE_SUFFIXES


def test_an_entry_that_cannot_be_looked_at_costs_itself_alone(tmp_path):
    (tmp_path / "a.png").touch()
    (tmp_path / "b.png").symlink_to("b.png")
    (tmp_path / "c.png").symlink_to("nowhere.png")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "d.png").symlink_to("d.png")
    (tmp_path / "below" / "e.png").touch()
    missed = []
    assert find_pictures([tmp_path], complain=missed.append) == [tmp_path / "a.png"]
    assert sorted(map(str, missed)) == [
        f"{tmp_path / 'b.png'}: it is a link that leads back to itself",
        f"{tmp_path / 'c.png'}: it is a link to a file that is not there",
    ]
    missed.clear()
    found = find_pictures_below(tmp_path, complain=missed.append)
    assert found == [tmp_path / "a.png", tmp_path / "below" / "e.png"]
    assert sorted(Path(error.path).name for error in missed) == ["b.png", "c.png", "d.png"]
    assert pictures_still_there([tmp_path]) == [tmp_path / "a.png"]


def test_a_link_that_leads_back_to_itself_is_told_whatever_its_name(tmp_path):
    (tmp_path / "a.png").touch()
    (tmp_path / "self").symlink_to("self")
    (tmp_path / "gone").symlink_to("nowhere")
    (tmp_path / "notes.txt").symlink_to("notes.txt")
    for find in (lambda complain: find_pictures([tmp_path], complain=complain),
                 lambda complain: find_pictures_below(tmp_path, complain=complain)):  # fmt: skip
        missed = []
        assert find(missed.append) == [tmp_path / "a.png"]
        assert list(map(str, missed)) == [f"{tmp_path / 'self'}: it is a link that leads back to itself"]


def test_a_folder_whose_pictures_all_fail_says_that(tmp_path):
    (tmp_path / "a.png").symlink_to("a.png")
    missed = []
    with pytest.raises(ImageError, match="no pictures in this folder that can be read"):
        find_pictures([tmp_path], complain=missed.append)
    assert len(missed) == 1


def test_a_folder_below_that_cannot_be_listed_is_reported(tmp_path, as_nobody):
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "a.png").touch()
    (tmp_path / "secret").mkdir(mode=0)
    missed = []
    with as_nobody():
        found = find_pictures_below(tmp_path, complain=missed.append)
    assert found == [tmp_path / "open" / "a.png"]
    assert list(map(str, missed)) == [f"{tmp_path / 'secret'}: you do not have permission to read it"]


def test_what_the_program_wrote_is_no_picture_unasked(tmp_path):
    pictures, results = tmp_path / "pictures", tmp_path / "pictures" / "attention"
    results.mkdir(parents=True)
    for path in (pictures / "a.jpg", pictures / "a.png", results / "a.png"):
        path.write_bytes(b"1234")
    note_written(pictures / "a.png")
    note_written(results / "a.png")
    assert find_pictures([pictures]) == [pictures / "a.jpg"]
    assert find_pictures_below(pictures) == [pictures / "a.jpg"]
    assert pictures_still_there([pictures]) == [pictures / "a.jpg"]
    # what is named, and a folder of nothing but results, is meant
    assert find_pictures([pictures / "a.png"]) == [pictures / "a.png"]
    assert find_pictures([results]) == [results / "a.png"]
    assert pictures_still_there([pictures], beside=pictures / "a.png")[-1] == pictures / "a.png"
    (pictures / "a.png").write_bytes(b"a picture of the user's own")
    assert find_pictures([pictures]) == [pictures / "a.jpg", pictures / "a.png"]


def test_a_damaged_record_of_results_costs_its_bad_lines_alone(tmp_path):
    for name in ("a.jpg", "a.png", "b.png"):
        (tmp_path / name).write_bytes(b"1234")
    (tmp_path / WRITTEN_NAME).write_bytes(
        b'{"name": "b.png", "bytes": 4}\n{"name": 3\n[]\n\xff\n{"name": "a.png", "byt'
    )
    assert find_pictures([tmp_path]) == [tmp_path / "a.jpg", tmp_path / "a.png"]
    assert dict(written_in(tmp_path)) == {"b.png": 4}


def test_a_folder_of_videos_alone_says_how_they_are_taken(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"")
    with pytest.raises(
        ImageError, match="no pictures in this folder; its video is taken only if it is named"
    ):
        find_pictures([tmp_path])
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "b.mkv").write_bytes(b"")
    with pytest.raises(ImageError, match="or below it; its 2 videos are taken only if they are named"):
        find_pictures_below(tmp_path)
