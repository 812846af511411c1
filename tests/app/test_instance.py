"""A second start hands its pictures to the window that is there: two real processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from salviewer.app.main import come_forward
from salviewer.app.shell.single_instance import SingleInstance, settle
from salviewer.app.shell.single_instance_server import SingleInstanceServer
from salviewer.app.window import Window

ROOT = Path(__file__).resolve().parents[2]
HOLD = (
    "import sys, time; from salviewer.app.shell.single_instance import settle;"
    "instance = settle([]); print(instance.address, flush=True);"
)
LONG = 60_000


@pytest.fixture(autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets of our own, in a place whose name is short enough for one."""
    folder = tmp_path_factory.mktemp("r")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))


def start(*arguments: str, code: str = "", cwd: Path = ROOT) -> subprocess.Popen[str]:
    what = ["-c", code] if code else ["-m", "salviewer"]
    return subprocess.Popen(
        [sys.executable, *what, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def seated(window: Window) -> Window:
    """A window that later starts find."""
    instance = settle([])
    assert instance is not None and instance.address
    server = SingleInstanceServer(instance, window)
    server.asked.connect(lambda paths: come_forward(window, paths))
    yield window
    server.close()
    instance.leave()


def test_a_second_process_opens_its_picture_here_and_ends(
    qtbot: QtBot, seated: Window, pictures: list[Path]
) -> None:
    seated.showMinimized()
    second = start(pictures[0].name, cwd=pictures[0].parent)
    qtbot.waitUntil(lambda: seated.bench.session.loaded is not None, timeout=LONG)
    assert seated.bench.session.loaded.picture.path == pictures[0]
    assert second.wait(60) == 0 and "--new-window" in second.stdout.read()
    assert not seated.isMinimized()
    second = start()  # asks for the window alone
    qtbot.waitUntil(lambda: second.poll() == 0, timeout=LONG)
    assert seated.bench.session.loaded.picture.path == pictures[0]


def test_an_address_is_passed_on_as_it_is(qtbot: QtBot, seated: Window) -> None:
    asked: list[tuple[str, ...]] = []
    seated.bench.session.requested.connect(asked.append)
    addresses = ("rtsp://127.0.0.1:9/a", "screen:0,0,64,64")
    second = threading.Thread(target=settle, args=(addresses,))
    second.start()
    qtbot.waitUntil(lambda: not second.is_alive(), timeout=LONG)
    qtbot.waitUntil(lambda: asked == [addresses], timeout=LONG)
    qtbot.waitUntil(lambda: bool(seated.bench.notices.text), timeout=LONG)


def test_a_killed_windows_seat_and_socket_are_taken_over(tmp_path: Path) -> None:
    listen = "import socket; s=socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]);"
    first = start(code=HOLD + "time.sleep(600)")
    address = first.stdout.readline().strip()
    start(address, code=f"import sys; {listen}").wait(60)
    assert Path(address).is_socket()
    assert (
        settle([], patience=0) == SingleInstance()
    )  # held: a window that takes nothing in, after all patience
    first.send_signal(signal.SIGKILL)
    first.wait(60)
    instance = settle([], patience=0)
    assert instance is not None and instance.address == address
    owner = QApplication.instance()
    server = SingleInstanceServer(instance, owner)
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(address)
    server.close()
    server.deleteLater()
    instance.leave()


def test_whoever_holds_the_seat_but_does_not_answer_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = settle([])
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(instance.address)
        deaf.listen()
        assert settle(["x.png"], patience=0.3) == SingleInstance()
    instance.leave()
    again = settle([])
    assert again is not None and again.address
    again.leave()


def test_other_settings_and_other_displays_have_their_own_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = settle([])
    monkeypatch.setenv("DISPLAY", ":77")
    second = settle([])
    monkeypatch.setenv("SALVIEWER_CONFIG_DIR", str(tmp_path / "other"))
    third = settle([])
    addresses = {instance.address for instance in (first, second, third)}
    assert len(addresses) == 3 and "" not in addresses
    for instance in (first, second, third):
        instance.leave()


def test_a_folder_that_others_can_write_is_not_trusted(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / f"salviewer-{os.getuid()}").mkdir()
    (tmp_path / f"salviewer-{os.getuid()}").chmod(0o777)
    assert settle([]) == SingleInstance()


def test_nonsense_is_refused_and_the_next_message_understood(
    qtbot: QtBot, seated: Window, pictures: list[Path], say: Callable[[bytes], socket.socket]
) -> None:
    for nonsense in (b"\x00\xff\n", b'{"a": 1}\n', b'["a", 3]\n', b'["half'):
        say(nonsense)
    say(b'["%s"]\n' % os.fsencode(pictures[1]))
    qtbot.waitUntil(lambda: seated.bench.session.loaded is not None, timeout=LONG)
    assert seated.bench.session.loaded.picture.path == pictures[1]


@pytest.fixture
def say() -> Callable[[bytes], socket.socket]:
    """Send bytes to the window as another process would; lines stay open for as long as the test runs."""
    lines = []

    def send(message: bytes) -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        (address,) = (p for p in Path(os.environ["XDG_RUNTIME_DIR"]).rglob("*") if p.is_socket())
        line.connect(str(address))
        line.sendall(message)
        lines.append(line)
        return line

    yield send
    for line in lines:
        line.close()


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salviewer.app.shell.single_instance_server.FINDER", True)


@pytest.mark.usefixtures("finder")
def test_finder_asks_by_an_event(qtbot: QtBot, seated: Window, pictures: list[Path]) -> None:
    event = QFileOpenEvent(QUrl.fromLocalFile(str(pictures[2])))
    QApplication.sendEvent(QApplication.instance(), event)
    qtbot.waitUntil(lambda: seated.bench.session.loaded is not None, timeout=LONG)
    assert seated.bench.session.loaded.picture.path == pictures[2]


def test_a_file_that_is_not_there_is_said_in_the_window(qtbot: QtBot, seated: Window) -> None:
    second = start("nowhere/gone.png")
    qtbot.waitUntil(lambda: "gone.png" in seated.bench.notices.text, timeout=LONG)
    assert second.wait(60) == 0
