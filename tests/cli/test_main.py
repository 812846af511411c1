"""Which command runs, and how the program ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from salviewer import __version__, cli
from salviewer.cli.report import counted
from salviewer.errors import SalviewerError
from tests.folders import files_in


def usual_signals() -> None:
    """Jobs in a shell's background ignore some."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


def start(*arguments: object, **options) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "salviewer", *map(str, arguments)]
    if sys.platform != "win32":
        options["preexec_fn"] = usual_signals
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


@pytest.fixture
def shown(monkeypatch, tmp_path):
    """Calls of the window, which is not opened."""
    from salviewer.app import main as window

    calls = []
    monkeypatch.setattr(window, "run", lambda paths, instance, **options: calls.append((paths, options)) or 0)
    monkeypatch.setenv("SALVIEWER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":99")
    return calls


@pytest.mark.parametrize(
    ("arguments", "paths", "model"),
    [
        ((), [], None),
        (("photo.jpg",), ["photo.jpg"], None),
        (("a.jpg", "folder"), ["a.jpg", "folder"], None),
        (("view", "a.jpg", "--model", "deep_convnet"), ["a.jpg"], "deep_convnet"),
        (("--model", "deep_convnet", "a.jpg"), ["a.jpg"], "deep_convnet"),
    ],
)
def test_view_is_the_default(salviewer, shown, arguments, paths, model):
    assert salviewer(*arguments).code == 0
    assert shown == [
        (paths, {"model": model, "device": "auto", "engine": "auto", "language": None, "page_choices": None})
    ]


def test_a_typing_error_opens_no_window(salviewer, shown):
    ended = salviewer("pedict", "photo.jpg", "-o", "out")
    assert ended.code == 2 and "did you mean 'predict'?" in ended.err[-1] and shown == []


def test_no_display(salviewer, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    ended = salviewer("photo.jpg")
    assert ended.code == 1 and len(ended.err) == 1
    assert "no display" in ended.err[0] and "salviewer predict" in ended.err[0]


def test_a_missing_system_library_is_named(salviewer, monkeypatch, tmp_path):
    monkeypatch.setenv("SALVIEWER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setitem(sys.modules, "salviewer.app.main", None)
    monkeypatch.setattr(
        "builtins.__import__", _failing_import(ImportError("libEGL.so.1: cannot open shared object file"))
    )
    ended = salviewer("photo.jpg")
    assert ended.code == 1 and len(ended.err) == 1 and "libEGL.so.1" in ended.err[0]


def _failing_import(error: ImportError, original=__import__):
    def fail(name: str, *rest):
        if name == "salviewer.app.main":
            raise error
        return original(name, *rest)

    return fail


def test_version_and_help(salviewer):
    assert salviewer("--version").out == [f"salviewer {__version__}"]
    text = "\n".join(salviewer("--help").out)
    assert all(command in text for command in ("view", "predict", "train"))


@pytest.mark.parametrize(
    "arguments", [["--help"], ["predict", "--help"], ["train", "--help"], ["predict", "no.jpg", "-o", "x"]]
)
def test_commands_without_a_window_import_no_qt_and_help_no_torch(arguments):
    code = (
        "import sys\nfrom salviewer.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        "print('LOADED', [name for name in ('PySide6', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "LOADED []", done.stderr


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (SalviewerError("x.jpg: it is broken"), 1, "salviewer: x.jpg: it is broken"),
        (KeyboardInterrupt(), 130, "salviewer: interrupted"),
        (
            RuntimeError("two\nlines"),
            1,
            r"salviewer: something unexpected went wrong (RuntimeError: two\nlines);"
            " SALVIEWER_DEBUG=1 shows where",
        ),
    ],
)
def test_errors_end_in_one_line(salviewer, monkeypatch, error, code, said):
    def fail(options):
        raise error

    monkeypatch.setattr(cli.predict, "run", fail)
    ended = salviewer("predict", "x.jpg", "-o", "out")
    assert (ended.code, ended.err) == (code, [said])


def test_debugging_shows_the_traceback(monkeypatch, capsys):
    monkeypatch.setenv("SALVIEWER_DEBUG", "1")
    monkeypatch.setattr(cli.predict, "run", lambda options: 1 / 0)
    assert cli.main(["predict", "x.jpg", "-o", "out"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A folder of twelve pictures that each take a while to encode."""
    folder = tmp_path / "large"
    folder.mkdir()
    pixels = np.tile(data.coffee(), (3, 3, 1))
    Image.fromarray(pixels).save(folder / "p1.jpg")
    for number in range(2, 13):
        os.link(folder / "p1.jpg", folder / f"p{number}.jpg")
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_real_process_interrupted_leaves_only_whole_files(large, model_folder, tmp_path, name):
    out = tmp_path / "out"
    process = start("predict", large, "-o", out, "--model", model_folder, "--save-map", "npy")
    assert process.stdout is not None
    assert "p1.jpg -> " in process.stdout.readline()
    process.send_signal(getattr(signal, name))
    begin = time.monotonic()
    _, errors = process.communicate(timeout=60)
    assert time.monotonic() - begin < 30
    assert process.returncode == 130 and errors == "salviewer: interrupted\n"
    files = list(files_in(out))
    overlays = [path for path in files if path.suffix == ".png"]
    assert 1 <= len(overlays) < 12
    assert not [path for path in files if path.name.startswith(".")]
    for path in files:
        if path.suffix == ".png":
            with Image.open(path) as image:
                image.load()
        else:
            assert np.load(path).shape == (240, 320)


def test_a_real_process_whose_reader_leaves(large, model_folder, tmp_path):
    process = start("predict", large, "-o", tmp_path / "out", "--model", model_folder)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 1


@pytest.mark.parametrize(
    ("arguments", "usage"),
    [
        (["bench", "--nothing"], "salviewer bench"),
        (["apply", "crop", "x.png", "-o", "y"], "salviewer apply crop"),
        (["apply", "cutout", "", "-o", "y"], "salviewer apply cutout"),
        (["submit", "x", "-o", "y.txt"], "salviewer submit"),
    ],
)
def test_a_wrong_argument_is_told_with_the_usage_of_its_command(capsys, arguments, usage):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    said = capsys.readouterr().err.splitlines()
    assert ended.value.code == 2 and said[0].startswith(f"usage: {usage} [") and said[-1].startswith(usage)


@pytest.mark.parametrize(
    ("command", "name"), [("submit", "MIT/Tuebingen"), ("export-model", "ONNX, OpenVINO")]
)
def test_help_keeps_the_letters_of_names(capsys, command, name):
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    assert name in capsys.readouterr().out.split("positional arguments")[0]


@pytest.mark.parametrize(("count", "said"), [(0, "0 frames"), (1, "1 frame"), (2000, "2,000 frames")])
def test_one_has_no_plural(count, said):
    assert counted(count, "frame") == said
