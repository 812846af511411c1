"""One truth about how long a file is: no false alarm, and no unreported damage."""

from __future__ import annotations

import struct
from contextlib import closing
from pathlib import Path

import pytest

from salviewer.media.video.files import VideoFile
from tests.video import test_sound
from tests.video.videos import make_video, number_of


def read(path: Path) -> tuple[int, int | None, int, str]:
    """(frames read, frames promised, frames counted, what is said)."""
    with closing(VideoFile(path)) as video:
        came = sum(1 for _ in iter(video.read, None))
        return came, video.info.count, video.length(), video.note


def cut_losslessly(path: Path, first: int) -> Path:
    """Let an MP4 begin at this frame by an edit list, as tools do that cut without encoding anew."""
    data = bytearray(path.read_bytes())
    at = data.index(b"elst")
    assert struct.unpack(">I", data[at + 8 : at + 12]) == (1,)
    duration, start = struct.unpack(">Ii", data[at + 12 : at + 20])
    mdhd = data.index(b"mdhd")
    (scale,) = struct.unpack(">I", data[mdhd + 16 : mdhd + 20])
    mvhd = data.index(b"mvhd")
    (film,) = struct.unpack(">I", data[mvhd + 16 : mvhd + 20])
    skipped = first / 25
    struct.pack_into(">Ii", data, at + 12, duration - round(skipped * film), start + round(skipped * scale))
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_a_lossless_cut_is_no_damage(tmp_path: Path, codec: str) -> None:
    path = cut_losslessly(make_video(tmp_path / "cut.mp4", codec, 50, gop=10), 23)
    assert read(path) == (27, 27, 27, "")
    with closing(VideoFile(path)) as video:
        frame = video.read()
        assert frame is not None and number_of(frame.pixels) == 23


def test_places_without_a_frame_in_an_avi_are_no_damage(tmp_path: Path) -> None:
    times = [0, *range(80, 2000, 40)]  # one frame is left out after the first: the AVI keeps its place
    path = make_video(tmp_path / "gap.avi", "mpeg4", len(times), times=times)
    came, _, counted, note = read(path)
    assert (came, counted, note) == (len(times), len(times), "")


@pytest.mark.parametrize("name", ["a.mkv", "a.webm", "a.mp4", "a.ts", "a.avi"])
@pytest.mark.parametrize("sound", [False, True])
def test_whole_files_are_not_complained_of(tmp_path: Path, name: str, sound: bool) -> None:
    path = tmp_path / name
    if sound and name != "a.webm":
        test_sound.make(path, "libmp3lame" if name == "a.avi" else "aac")
    else:
        make_video(path, "libvpx-vp9" if name == "a.webm" else "libx264", 50)
    came, promised, counted, note = read(path)
    assert (came, counted, note) == (50, 50, "")
    assert promised in (None, 50)


@pytest.mark.parametrize("sound", [False, True])
@pytest.mark.parametrize("percent", [35, 55, 80, 97])
def test_a_transport_stream_that_breaks_off_is_reported(tmp_path: Path, sound: bool, percent: int) -> None:
    path = tmp_path / "a.ts"
    if sound:
        test_sound.make(path, "aac", 48000)
    else:
        make_video(path, "libx264", 50)
    data = path.read_bytes()
    assert read(path)[3] == "" and not len(data) % 188
    path.write_bytes(data[: len(data) * percent // 100 // 188 * 188 + 100])  # within a packet
    came, _, _, note = read(path)
    assert came <= 50 and note.startswith("it breaks off at "), note


def test_a_cut_between_two_packets_is_reported_where_it_parts_the_sound(tmp_path: Path) -> None:
    path = test_sound.make(tmp_path / "a.ts", "aac", 48000)
    data = path.read_bytes()
    notes = []
    for packets in range(len(data) // 188 // 2, len(data) // 188 - 4):
        path.write_bytes(data[: packets * 188])
        notes.append(read(path)[3])
    assert any(note.startswith("it breaks off at ") for note in notes)


@pytest.mark.parametrize(("name", "codec"), [("a.mkv", "aac"), ("a.mkv", "libopus"), ("a.ts", "aac")])
@pytest.mark.parametrize("kind", ["cut off", "hole"])
def test_damage_is_reported_for_files_with_sound_too(
    tmp_path: Path, name: str, codec: str, kind: str
) -> None:
    path = test_sound.make(tmp_path / name, codec, 48000)
    data = path.read_bytes()
    if kind == "cut off":
        if name == "a.ts":
            pytest.skip("nothing in a stream says how long it was to be")
        data = data[: len(data) * 55 // 100]
    else:
        start, end = (len(data) * percent // 100 for percent in (40, 60))
        data = data[:start] + bytes(end - start) + data[end:]
    path.write_bytes(data)
    came, _, _, note = read(path)
    assert 10 < came < 48
    assert note.startswith("it is damaged: ")
