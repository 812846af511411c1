"""Video files of several codecs: every frame in order with its time, exact seeking, damage told."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from salviewer.errors import SourceError
from salviewer.media.video.files import VideoFile
from salviewer.media.video.folders import FrameFolder, places
from salviewer.media.video.frames import Frame, FrameSource
from salviewer.media.video.map_archive import joined_checksum
from salviewer.media.video.opening import SourceChoice
from salviewer.media.video.sequences import map_writer
from tests.video.videos import make_video, number_of, numbered, rotate

CODECS = [
    ("a.mp4", "mpeg4", "yuv420p"),
    ("a.mov", "libx264", "yuv420p"),
    ("a.webm", "libvpx-vp9", "yuv420p"),
    ("a.mkv", "ffv1", "yuv420p"),
    ("a.avi", "mjpeg", "yuvj420p"),
    ("a.ts", "mpeg2video", "yuv420p"),
    ("b.mov", "prores_ks", "yuv422p10le"),
]


def all_of(source: FrameSource) -> list[Frame]:
    return list(iter(source.read, None))


@pytest.mark.parametrize(("name", "codec", "pixel_format"), CODECS)
def test_every_frame_once_and_any_frame_exactly(
    tmp_path: Path, name: str, codec: str, pixel_format: str
) -> None:
    path = make_video(tmp_path / name, codec, pixel_format=pixel_format)
    with closing(VideoFile(path)) as video:
        frames = all_of(video)
        assert [number_of(frame.pixels) for frame in frames] == list(range(30))
        assert [frame.index for frame in frames] == list(range(30))
        assert np.allclose([frame.seconds for frame in frames], np.arange(30) / 25, atol=1e-3)
        assert video.note == ""
        assert (video.length(), video.info.size, video.info.rate) == (30, (96, 64), 25)
        for index in (17, 3, 29, 0, 12, 13, 25, 24):
            video.seek(index)
            frame = video.read()
            assert frame is not None
            assert (number_of(frame.pixels), frame.index) == (index, index)


def test_colours_are_those_that_were_encoded(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mkv", "ffv1", 1, pixel_format="yuv444p")
    with closing(VideoFile(path)) as video:
        frame = video.read()
    assert frame is not None
    assert np.abs(frame.pixels.astype(int) - numbered(0)).max() <= 4


def test_a_variable_frame_rate_keeps_its_times(tmp_path: Path) -> None:
    times = [0, 40, 50, 200, 210, 211, 400, 900, 901, 1500]
    with closing(VideoFile(make_video(tmp_path / "v.mp4", "libx264", 10, times=times))) as video:
        frames = all_of(video)
        assert [round(1000 * frame.seconds) for frame in frames] == times
        assert [number_of(frame.pixels) for frame in frames] == list(range(10))
        assert [video.index_at(seconds) for seconds in (0, 0.045, 0.199, 0.2, 0.89, 5)] == [0, 1, 2, 3, 6, 9]
        assert video.time_of(7) == pytest.approx(0.9)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_rotation_metadata_is_applied(tmp_path: Path, turns: int) -> None:
    path = rotate(make_video(tmp_path / "r.mp4", "mpeg4", 12), turns)
    with closing(VideoFile(path)) as video:
        frames = all_of(video)
        assert video.info.size == ((64, 96) if turns % 2 else (96, 64))
        upright = [np.rot90(frame.pixels, turns) for frame in frames]
        assert [number_of(pixels) for pixels in upright] == list(range(12))


def test_a_file_cut_off_in_the_middle_gives_what_it_has_and_says_so(tmp_path: Path) -> None:
    whole = make_video(tmp_path / "whole.mkv", "ffv1", 30)
    half = tmp_path / "half.mkv"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with closing(VideoFile(half)) as video:
        frames = all_of(video)
        assert 5 < len(frames) < 25
        assert [number_of(frame.pixels) for frame in frames] == list(range(len(frames)))
        assert "damaged" in video.note


def test_an_mp4_cut_off_in_the_middle_too(tmp_path: Path) -> None:
    """Its table of frames lies in front, so it is known what is missing."""
    whole, half = tmp_path / "whole.mp4", tmp_path / "half.mp4"
    _with_table_first(whole)
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with closing(VideoFile(half)) as video:
        frames = all_of(video)
        assert 2 < len(frames) < 30
        assert f"damaged: {len(frames)} of 30 frames" in video.note
        video.seek(1)  # what is there can still be gone to
        frame = video.read()
        assert frame is not None
        assert number_of(frame.pixels) == 1


def test_bytes_broken_in_the_middle_do_not_end_it(tmp_path: Path) -> None:
    path = make_video(tmp_path / "broken.ts", "mpeg2video", 60)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 1500] = bytes(1500)
    path.write_bytes(data)
    with closing(VideoFile(path)) as video:
        frames = all_of(video)
    assert number_of(frames[0].pixels) == 0
    assert number_of(frames[-1].pixels) == 59


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"not a video" * 99, "no video"), (None, "no such file")],
)
def test_what_is_no_video_is_one_sentence(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "x.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError) as refused:
        SourceChoice(str(path)).open()
    assert str(path) in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize(("rate", "said"), [(1, 25), (10, 25), (25, 25), (50, 25)])
def test_matroska_has_the_rate_of_its_frames(tmp_path: Path, rate: int, said: int) -> None:
    times = [round(1000 / rate * index) for index in range(12)]
    path = make_video(tmp_path / "a.mkv", "libx264", 12, times=times)  # its header says 25
    with closing(SourceChoice(str(path)).open()) as source:
        assert source.info.rate == pytest.approx(rate)
    data = path.read_bytes()
    at = data.index(b"\x23\xe3\x83\x84")  # how long a frame lasts, which need not be said
    path.write_bytes(data[:at] + b"\xec\x86" + bytes(6) + data[at + 8 :])
    with closing(SourceChoice(str(path)).open()) as source:
        assert source.info.rate == pytest.approx(rate)


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    import wave

    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(16000))
    with pytest.raises(SourceError, match="there is no video in it"):
        SourceChoice(str(path)).open()


def test_a_folder_of_numbered_frames(tmp_path: Path) -> None:
    for index in range(12):  # "frame2" comes before "frame10"
        Image.fromarray(numbered(index)).save(tmp_path / f"frame{index}.png")
    with closing(SourceChoice(str(tmp_path), rate=10).open()) as source:
        assert isinstance(source, FrameFolder)
        frames = all_of(source)
        assert [number_of(frame.pixels) for frame in frames] == list(range(12))
        assert frames[5].seconds == pytest.approx(0.5)
        source.seek(source.index_at(0.75))
        frame = source.read()
        assert frame is not None
        assert number_of(frame.pixels) == 7
    Image.fromarray(numbered(9, (48, 48))).save(tmp_path / "frame9.png")
    with closing(FrameFolder(tmp_path)) as source:
        frames = all_of(source)
        assert [frame.pixels.shape for frame in frames] == [(64, 96, 3)] * 12
        assert source.note == "frame9.png (48 x 48) scaled to 96 x 64"


def test_numbers_that_are_missing_keep_their_time(tmp_path: Path) -> None:
    for number in (10, 20, 30, 70, 80, 90):
        Image.fromarray(numbered(number)).save(tmp_path / f"take1_{number}.png")
    with closing(FrameFolder(tmp_path, 10)) as source:
        frames = all_of(source)
        assert [frame.seconds for frame in frames] == pytest.approx([0, 0.1, 0.2, 0.6, 0.7, 0.8])
        assert source.info.seconds == pytest.approx(0.9)
        assert source.note == "3 of the numbers are missing; their time is kept"
        assert [source.index_at(seconds) for seconds in (0, 0.25, 0.55, 0.6, 5)] == [0, 2, 2, 3, 5]
        assert source.time_of(3) == pytest.approx(0.6)


@pytest.mark.parametrize(
    "names",
    [["a", "b", "c"], ["1", "01", "2"], ["1700000000123", "1700000000167", "1700000000201"], ["7"]],
)
def test_names_that_are_no_numbers_of_frames_stand_one_after_the_other(names: list[str]) -> None:
    assert places([Path(f"{name}.png") for name in names]) == list(range(len(names)))


def test_a_frame_that_is_damaged_costs_itself_alone(tmp_path: Path) -> None:
    for number in range(4):
        Image.fromarray(numbered(number)).save(tmp_path / f"{number}.png")
    (tmp_path / "2.png").write_bytes(b"no picture")
    with closing(FrameFolder(tmp_path)) as source:
        frames = all_of(source)
        assert [number_of(frame.pixels) for frame in frames] == [0, 1, 3]
        assert frames[2].seconds == pytest.approx(3 / 25)
        assert source.note.startswith("2.png (") and source.note.endswith("left out")


def test_what_cannot_be_read_in_a_folder_of_frames_is_reported(tmp_path: Path) -> None:
    for number in range(4):
        Image.fromarray(numbered(number)).save(tmp_path / f"{number}.png")
    (tmp_path / "4.png").symlink_to("4.png")
    (tmp_path / "0.png").write_bytes(b"no picture")  # the first of all sets no size then
    with closing(FrameFolder(tmp_path)) as source:
        assert [number_of(frame.pixels) for frame in all_of(source)] == [1, 2, 3]
        assert source.note.startswith("4.png (it is a link that leads back to itself) and 1 more left out")


def test_a_folder_without_pictures_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=str(tmp_path)):
        SourceChoice(str(tmp_path)).open()


def _with_table_first(path: Path) -> None:
    import av

    with av.open(str(path), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.options = {"bf": "0"}
        for index in range(30):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(numbered(index), "rgb24")))
        container.mux(stream.encode())


def test_an_archive_of_maps_needs_its_room_once_and_is_whole(tmp_path: Path) -> None:
    """Maps go straight into the archive; before, they waited in a file beside it until the end."""
    maps = np.random.default_rng(5).random((9, 24, 32), dtype=np.float32)
    with map_writer(tmp_path / "maps.npz") as writer:
        for index, density in enumerate(maps):
            writer.write(density, Frame(np.zeros((1, 1, 3), np.uint8), index, index, index / 25))
            assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= maps.nbytes + 1000
    with zipfile.ZipFile(tmp_path / "maps.npz") as archive:
        assert archive.testzip() is None  # the checksums are right
    assert (tmp_path / "maps.npz").stat().st_size <= maps.nbytes + 1000
    read = np.load(tmp_path / "maps.npz")
    assert np.array_equal(read["maps"], maps) and read["maps"].dtype == np.float32
    assert read["seconds"].tolist() == [index / 25 for index in range(9)]


@pytest.mark.parametrize("length", [0, 1, 7, 1000])
def test_checksums_are_joined(length: int) -> None:
    first, second = b"header" * 20, bytes(range(256)) * 4
    joined = joined_checksum(zlib.crc32(first), zlib.crc32(second[:length]), length)
    assert joined == zlib.crc32(first + second[:length])
