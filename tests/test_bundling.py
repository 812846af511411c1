"""What the download is made with, tried without making it."""

from __future__ import annotations

import configparser
import importlib.metadata
import os
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from salviewer import __version__, launch
from scripts.bundling import elf, icons, notices, plist, pruning, sizes, version_resource

ROOT = Path(__file__).parents[1]
LINUX = ROOT / "scripts" / "bundling" / "linux"
needs_compiler = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("cc") is None or shutil.which("readelf") is None,
    reason="stand-ins are made on Linux, with a compiler",
)


@needs_compiler
def test_a_stand_in_is_loaded_in_a_librarys_place_and_orphans_go(tmp_path: Path) -> None:
    libs = tmp_path / "av.libs"
    libs.mkdir()

    def build(name: str, code: str, *options: str) -> Path:
        source = tmp_path / f"{name}.c"
        source.write_text(code)
        made = libs / f"{name}.so"
        command = ["cc", "-shared", "-fPIC", f"-Wl,-soname,{name}.so", "-Wl,-rpath,$ORIGIN", str(source)]
        subprocess.run([*command, "-o", str(made), f"-L{libs}", *options], check=True)
        return made

    (tmp_path / "versions").write_text("BIG_1 { global: big; table; unused; local: *; };\n")
    deep = build("libdeep", "int deep(void) { return 5; }")
    code = (
        "int deep(void); int table[9] = {4}; int big(void) { return deep(); } int unused(void) { return 1; }"
    )
    big = build("libbig", code, "-l:libdeep.so", f"-Wl,--version-script={tmp_path / 'versions'}")
    code = "int big(void); extern int table[]; int ask(void) { return 100 + big(); }"
    code += " int look(void) { return 200 + table[0]; }"
    user = build("libuser", code, "-l:libbig.so")
    ask = "import ctypes, sys; user = ctypes.CDLL(sys.argv[1]); print(user.ask(), user.look())"

    def answer() -> str:
        command = [sys.executable, "-c", ask, str(user)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    assert answer() == "105 204"
    elf.stand_in(big, [user])
    assert answer() == "100 200"
    assert elf.needed(big) == set() and elf.needed(user) >= {"libbig.so"}
    (tmp_path / "libtop.so").symlink_to(deep)
    needs = {path: elf.needed(path) for path in (big, user, deep)}
    elf.drop_orphans(tmp_path, needs)
    assert not (tmp_path / "libtop.so").is_symlink() and deep.is_file()


def test_what_torch_reads_is_kept_and_what_nothing_uses_is_not() -> None:
    for kept in (
        "torch/nn/functional.py", "torch/version.py", "torch/_inductor/config.py",
        "torch/lib/libtorch_cpu.so",
        "openvino/libs/libopenvino_intel_cpu_plugin.so", "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so", "resources/icons/style.qss",
    ):  # fmt: skip
        assert not pruning.dropped(kept), kept
    for gone in (
        "torch/include/torch/script.h", "torch/bin/test_api", "torch/_inductor/ir.py",
        "openvino/libs/libopenvino_intel_gpu_plugin.so", "PySide6\\Qt\\translations\\qt_de.qm",
        "PySide6/Qt/plugins/platforms/libqeglfs.so", "PySide6/Qt/lib/libQt6Qml.so.6",
    ):  # fmt: skip
        assert pruning.dropped(gone), gone
    plugins = [Path(source).name for source, _ in pruning.openvino_plugins()]
    assert any("ir_frontend" in name for name in plugins)
    assert any("intel_cpu_plugin" in name for name in plugins) and not any("gpu" in name for name in plugins)


def test_licences_are_found_and_packages_named_by_their_files() -> None:
    numpy = importlib.metadata.distribution("numpy")
    module = next(Path(str(file.locate())) for file in numpy.files or () if file.name == "__init__.py")
    (found,) = notices.packages_of([module, ROOT / "pyproject.toml"])
    assert found.metadata["Name"] == "numpy"
    text = notices.licence(found)
    assert "Redistribution and use in source and binary forms" in text and "OpenBLAS" in text


def test_icons_of_all_systems_are_drawn_at_every_size(tmp_path: Path) -> None:
    made = icons.make(ROOT / "resources" / "icons" / "salviewer.svg", tmp_path)
    assert {Image.open(made.folder / f"{size}.png").width for size in icons.SIZES} == set(icons.SIZES)
    assert (256, 256) in Image.open(made.windows).info["sizes"]
    assert Image.open(made.macos).size == (1024, 1024)
    middle = Image.open(made.folder / "64.png").convert("RGBA").getpixel((32, 32))
    assert middle[0] > 200 and middle[3] == 255


def test_systems_know_the_version_and_why_a_camera_is_used() -> None:
    assert version_resource.version(ROOT) == __version__
    text = version_resource.text("1.2.3", "salviewer")
    assert "filevers=(1, 2, 3, 0)" in text and '"OriginalFilename", "salviewer.exe"' in text
    compile(text, "version", "eval")
    read = plistlib.loads(plistlib.dumps(plist.entries("1.2.3")))
    assert "camera" in read["NSCameraUsageDescription"] and read["CFBundleShortVersionString"] == "1.2.3"


@pytest.mark.skipif(sys.platform != "linux", reason="for Linux")
def test_a_desktop_learns_of_the_program_and_forgets_it(tmp_path: Path) -> None:
    here = tmp_path / "with space" / "desktop"
    shutil.copytree(LINUX, here)
    shutil.copy(ROOT / "resources" / "icons" / "salviewer.svg", here)
    (here / "icons").mkdir()
    Image.new("RGBA", (16, 16)).save(here / "icons" / "16.png")
    (here.parent / "salviewer").write_text("#!/bin/sh\necho started\n")
    (here.parent / "salviewer").chmod(0o755)
    home = tmp_path / "home"
    values = {"HOME": str(home), "PATH": os.environ["PATH"]}
    subprocess.run(["sh", str(here / "register.sh")], env=values, check=True, capture_output=True)
    entry = configparser.RawConfigParser()
    entry.read(home / ".local/share/applications/salviewer.desktop")
    assert entry["Desktop Entry"]["Exec"].endswith('/desktop/../salviewer" %F')
    assert "image/png" in entry["Desktop Entry"]["MimeType"].split(";")
    assert subprocess.check_output([home / ".local/bin/salviewer"], text=True) == "started\n"
    assert (home / ".local/share/icons/hicolor/16x16/apps/salviewer.png").is_file()
    subprocess.run(["sh", str(here / "register.sh"), "--remove"], env=values, check=True, capture_output=True)
    left = [path.name for path in home.rglob("salviewer*")]
    assert left == []


def test_sizes_go_to_the_package_that_brings_them(tmp_path: Path) -> None:
    for name, size in {
        "_internal/cv2/a.so": 7,
        "_internal/opencv_python_headless.libs/b": 5,
        "salviewer": 3,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * size)
    assert sizes.weigh(tmp_path) == {"OpenCV": 12, "the program and Python's modules": 3}


def test_the_frozen_program_starts_itself_for_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/salviewer/salviewer")
    assert launch.command("train", "--run", "x") == ["/opt/salviewer/salviewer", "train", "--run", "x"]
    assert launch.environment().get("PYTHONPATH") == os.environ.get("PYTHONPATH")
