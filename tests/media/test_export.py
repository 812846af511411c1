"""Files are complete or absent, and failures are sentences."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from salviewer.errors import ExportError
from salviewer.media.colour import srgb_profile
from salviewer.media.images import load_picture
from salviewer.media.saving import (
    atomic_path,
    save_map_npy,
    save_map_png8,
    save_map_png16,
    save_map_tiff,
    save_picture,
)

COFFEE = data.coffee()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refusal(path: Path, write=lambda path: save_picture(path, COFFEE)) -> str:
    """The reason; and nothing new lies in the folder."""
    before = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    with pytest.raises(ExportError) as caught:
        write(path)
    assert before == (sorted(path.parent.iterdir()) if path.parent.is_dir() else [])
    sentence = str(caught.value)
    assert sentence.startswith(f"{path}: ") and "\n" not in sentence
    return sentence[len(f"{path}: ") :]


@pytest.mark.parametrize("suffix", [".png", ".tif", ".tiff", ".PNG"])
@pytest.mark.parametrize("channels", [3, 4])
def test_lossless_formats_come_back_exactly(tmp_path, suffix, channels):
    pixels = np.dstack([COFFEE, COFFEE[..., 0]])[..., :channels]
    save_picture(tmp_path / f"a{suffix}", pixels)
    assert np.array_equal(np.asarray(Image.open(tmp_path / f"a{suffix}")), pixels)
    assert names(tmp_path) == [f"a{suffix}"]


@pytest.mark.parametrize("suffix", [".jpg", ".jpeg", ".webp"])
def test_lossy_formats_and_quality(tmp_path, suffix):
    errors, sizes = [], []
    for quality in (20, 95):
        path = tmp_path / f"{quality}{suffix}"
        save_picture(path, COFFEE, quality=quality)
        errors.append(np.abs(load_picture(path).pixels.astype(float) - COFFEE).mean())
        sizes.append(path.stat().st_size)
    assert errors[1] < 3 < errors[0] and sizes[0] < sizes[1] / 2


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tif"])
def test_same_input_same_bytes_and_profile_kept(tmp_path, suffix):
    for name in "ab":
        save_picture(tmp_path / f"{name}{suffix}", COFFEE, icc=srgb_profile())
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()
    assert Image.open(tmp_path / f"a{suffix}").info["icc_profile"] == srgb_profile()
    save_picture(tmp_path / f"c{suffix}", COFFEE)
    assert "icc_profile" not in Image.open(tmp_path / f"c{suffix}").info


def test_jpeg_lays_transparency_over_white(tmp_path):
    save_picture(tmp_path / "a.jpg", np.zeros((16, 16, 4), np.uint8))
    assert np.asarray(Image.open(tmp_path / "a.jpg")).min() == 255


def test_strides_do_not_matter(tmp_path):
    save_picture(tmp_path / "a.png", COFFEE[::-2, ::3])
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), COFFEE[::-2, ::3])


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 1, 4), (2, 1_000_001, 3), (1_000_001, 1, 4)])
def test_png_of_any_shape_with_its_profile(tmp_path, shape):
    pixels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    save_picture(tmp_path / "a.png", pixels, icc=srgb_profile())
    with Image.open(tmp_path / "a.png") as image:
        image.verify()  # every chunk's checksum
    with Image.open(tmp_path / "a.png") as image:
        assert image.info["icc_profile"] == srgb_profile()
        assert np.array_equal(np.asarray(image), pixels)


def test_16_bit_map(tmp_path):
    density = np.random.default_rng(0).random((37, 53)).astype(np.float32) * 1e-5
    density[3, 4] = 0.0
    save_map_png16(tmp_path / "a.png", density)
    stored = np.asarray(Image.open(tmp_path / "a.png"))
    assert stored.dtype == np.uint16 and stored.max() == 65535 and stored[3, 4] == 0
    assert np.abs(stored / 65535.0 - density / density.max()).max() <= 0.51 / 65535
    save_map_png16(tmp_path / "b.png", np.zeros((5, 5), np.float32))
    assert np.asarray(Image.open(tmp_path / "b.png")).max() == 0


def test_8_bit_map(tmp_path):
    density = np.random.default_rng(0).random((37, 53)).astype(np.float32) * 1e-5
    save_map_png8(tmp_path / "a.png", density)
    stored = np.asarray(Image.open(tmp_path / "a.png"))
    assert stored.dtype == np.uint8 and stored.max() == 255
    assert np.abs(stored / 255 - density / density.max()).max() <= 0.51 / 255


def test_float_tiff_map_is_the_density_itself(tmp_path):
    density = np.random.default_rng(0).random((37, 53)).astype(np.float32)[:, ::2]
    save_map_tiff(tmp_path / "a.tiff", density, "Shares of all fixations.")
    with Image.open(tmp_path / "a.tiff") as image:
        stored = np.asarray(image)
        assert image.tag_v2[270] == "Shares of all fixations." and image.tag_v2[305].startswith("salviewer")
    assert stored.dtype == np.float32 and np.array_equal(stored, density)


def test_grey_maps_say_what_their_largest_value_stands_for(tmp_path):
    density = np.full((3, 3), 0.25, np.float32)
    for save, top in ((save_map_png8, 255), (save_map_png16, 65535)):
        save(tmp_path / "a.png", density, "Öl, dünn.")
        with Image.open(tmp_path / "a.png") as image:
            assert image.info["Description"] == f"Öl, dünn. {top} stands for 0.25."


def test_npy_map_is_the_density_itself(tmp_path):
    density = np.random.default_rng(0).random((37, 53)).astype(np.float32)[:, ::2]
    save_map_npy(tmp_path / "a.npy", density)
    stored = np.load(tmp_path / "a.npy", allow_pickle=False)
    assert stored.dtype == np.float32 and np.array_equal(stored, density)


def test_maps_want_their_suffix(tmp_path):
    density = np.ones((3, 3), np.float32)
    assert '".png"' in refusal(tmp_path / "a.jpg", lambda path: save_map_png16(path, density))
    assert '".png"' in refusal(tmp_path / "a.tif", lambda path: save_map_png8(path, density))
    assert '".npy"' in refusal(tmp_path / "a.png", lambda path: save_map_npy(path, density))
    assert '".tif"' in refusal(tmp_path / "a.png", lambda path: save_map_tiff(path, density))


@pytest.mark.parametrize("bad", [np.full((3, 3), np.nan), -np.ones((3, 3)), np.ones(3), np.ones((3, 3), int)])
def test_maps_that_are_none_are_a_fault_of_the_caller(tmp_path, bad):
    writers = {save_map_png8: ".png", save_map_png16: ".png", save_map_npy: ".npy", save_map_tiff: ".tif"}
    for save, suffix in writers.items():
        with pytest.raises(ValueError, match="density"):
            save(tmp_path / f"a{suffix}", bad)
    assert names(tmp_path) == []


def test_pixels_that_are_none_are_a_fault_of_the_caller(tmp_path):
    for bad in (COFFEE[..., 0], COFFEE.astype(float), np.zeros((0, 5, 3), np.uint8)):
        with pytest.raises(ValueError, match="pixels"):
            save_picture(tmp_path / "a.png", bad)
    with pytest.raises(ValueError, match="quality"):
        save_picture(tmp_path / "a.jpg", COFFEE, quality=0)


def test_unknown_suffix(tmp_path):
    assert refusal(tmp_path / "a.xyz").startswith('".xyz" is not a format this program writes; choose .png')
    refusal(tmp_path / "a")


def test_missing_folder(tmp_path):
    assert refusal(tmp_path / "none" / "a.png") == "its folder does not exist"
    (tmp_path / "file").write_text("x")
    assert refusal(tmp_path / "file" / "a.png") == "its folder does not exist"


def test_folder_or_pipe_of_that_name(tmp_path):
    (tmp_path / "folder.png").mkdir()
    assert refusal(tmp_path / "folder.png") == "there is a folder of this name"
    os.mkfifo(tmp_path / "pipe.png")
    assert refusal(tmp_path / "pipe.png") == "it is a pipe or a device, not a file"


def test_impossible_names(tmp_path):
    refusal(tmp_path / ("a" * 300 + ".png"))
    assert refusal(tmp_path / "a\0b.png") == "this is not a valid file name"


@pytest.fixture
def ordinary_user(tmp_path):
    """Root may write everywhere; become nobody for a while."""
    root = os.geteuid() == 0
    if root:
        for folder in (tmp_path, *tmp_path.parents[:3]):
            folder.chmod(folder.stat().st_mode | 0o055)
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


def test_folder_without_permission(tmp_path, ordinary_user):
    if os.geteuid() != 65534:
        tmp_path.chmod(0o555)
    assert refusal(tmp_path / "a.png") == "it could not be written: you do not have permission to write there"


def test_read_only_file_stays(tmp_path, request):
    (tmp_path / "a.png").write_bytes(b"old")
    (tmp_path / "a.png").chmod(0o444)
    tmp_path.chmod(0o777)
    request.getfixturevalue("ordinary_user")
    assert refusal(tmp_path / "a.png") == "the file is there already and is read-only"
    assert (tmp_path / "a.png").read_bytes() == b"old"


def test_file_size_limit_leaves_the_old_file(tmp_path):
    """The kernel cuts the write short, as a full disk does."""
    (tmp_path / "a.png").write_bytes(b"old")
    code = """if True:
        import resource, sys
        import numpy as np
        from salviewer.errors import ExportError
        from salviewer.media.saving import save_picture
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        noise = np.random.default_rng(0).integers(0, 256, (400, 400, 3), np.uint8)
        try: save_picture(sys.argv[1], noise)
        except ExportError as error: print(error.reason)
    """
    command = [sys.executable, "-c", code, str(tmp_path / "a.png")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout == "it could not be written: the file would be larger than is allowed here\n"
    assert names(tmp_path) == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"old"


def test_disk_full(tmp_path):
    """A disk of 64 kB."""
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(tmp_path)]
    mounted = subprocess.run(command, capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("this user may not mount a small disk")
    try:
        (tmp_path / "a.png").write_bytes(b"old")
        assert refusal(tmp_path / "a.png") == "it could not be written: the disk is full"
        assert (tmp_path / "a.png").read_bytes() == b"old"
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_dev_full(tmp_path):
    """The same answer of the kernel where nothing can be mounted: the temporary name leads to /dev/full."""
    with pytest.raises(ExportError, match="the disk is full"), atomic_path(tmp_path / "a.txt") as temporary:
        temporary.symlink_to("/dev/full")
        with temporary.open("wb", buffering=0) as stream:
            stream.write(b"x")
    assert names(tmp_path) == []
    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize(
    ("suffix", "size", "limit"), [(".webp", (16_384, 1), "16383"), (".jpg", (2, 65_501), "65500")]
)
def test_limits_of_formats(tmp_path, suffix, size, limit):
    width, height = size
    black = np.zeros((height, width, 3), np.uint8)
    reason = refusal(tmp_path / f"a{suffix}", lambda path: save_picture(path, black))
    assert limit in reason and "choose PNG or TIFF" in reason


@pytest.mark.parametrize(("suffix", "longest"), [(".webp", 16_383), (".jpg", 65_500), (".png", 70_000)])
def test_just_within_limits_of_formats(tmp_path, suffix, longest):
    save_picture(tmp_path / f"a{suffix}", np.zeros((2, longest, 3), np.uint8))
    assert load_picture(tmp_path / f"a{suffix}").full_size == (longest, 2)


class TestAtomicPath:
    def test_replaces_and_keeps_the_mode(self, tmp_path):
        final = tmp_path / "a.txt"
        final.write_text("old")
        final.chmod(0o640)
        with atomic_path(final, sync=True) as temporary:
            assert temporary.parent == tmp_path and temporary.suffix == ".txt"
            temporary.write_text("new")
            assert final.read_text() == "old"
        assert final.read_text() == "new" and final.stat().st_mode & 0o777 == 0o640
        assert names(tmp_path) == ["a.txt"]

    def test_a_new_file_has_the_user_s_usual_mode(self, tmp_path):
        (tmp_path / "usual").touch()
        with atomic_path(tmp_path / "a") as temporary:
            temporary.touch()
        assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode

    @pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, RuntimeError, ValueError])
    def test_interrupted(self, tmp_path, error):
        (tmp_path / "a.txt").write_text("old")
        with pytest.raises(error), atomic_path(tmp_path / "a.txt") as temporary:
            temporary.write_text("half")
            raise error
        assert names(tmp_path) == ["a.txt"]
        assert (tmp_path / "a.txt").read_text() == "old"

    def test_nothing_written(self, tmp_path):
        with pytest.raises(ExportError), atomic_path(tmp_path / "a.txt"):
            pass
        assert names(tmp_path) == []

    def test_a_link_stays_a_link(self, tmp_path):
        (tmp_path / "real.txt").write_text("old")
        (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
        with atomic_path(tmp_path / "link.txt") as temporary:
            temporary.write_text("new")
        assert (tmp_path / "link.txt").is_symlink()
        assert (tmp_path / "real.txt").read_text() == "new"
