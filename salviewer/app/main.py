"""Start the window. The only place that decides the order of torch and Qt.

- On Windows, torch's libraries must be loaded before Qt's, or loading torch fails: torch comes first.
- Elsewhere the window comes first. Once it was painted, the inference worker imports torch. Most of that is
  loading one large library; loaded beforehand by a call that releases the interpreter, it does not block the
  window.

See docs/adr/0002 and 0003.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from salviewer.app.qt_import import import_qt
from salviewer.first_use import load_shared

if TYPE_CHECKING:
    from salviewer.app.shell.single_instance import SingleInstance
    from salviewer.app.state.page_choices import PageChoices
    from salviewer.app.window import Window
    from salviewer.models.engines.base import EngineRequest

log = logging.getLogger(__name__)

PROMPT = 0.0005
"""Seconds after which a thread that runs Python gives way to the window's, which would wait ten times as long
by default, and that after each call to Qt."""


def preload_torch() -> None:
    """Load torch's large library without holding the interpreter."""
    load_shared("torch", "lib/libtorch_cpu.so", "lib/libtorch_cpu.dylib")


def import_server() -> None:
    """Import the server of the single instance, without holding the interpreter for its library."""
    load_shared("PySide6", "QtNetwork*.so")
    import salviewer.app.shell.single_instance_server  # noqa: F401


def start(
    window: Window,
    paths: Sequence[str],
    instance: SingleInstance | None = None,
    page_choices: PageChoices | None = None,
) -> None:
    """Open in the new window what later starts are asked to open; then the pictures or the project.

    The server's library comes first, before those that other workers load: one would wait for the other.
    """
    from PySide6.QtCore import QTimer

    def serve() -> None:
        from salviewer.app.shell.single_instance import SingleInstance
        from salviewer.app.shell.single_instance_server import SingleInstanceServer

        SingleInstanceServer(instance or SingleInstance(), window).asked.connect(
            lambda asked: come_forward(window, asked)
        )
        QTimer.singleShot(0, window, lambda: load(window, paths, page_choices))

    window.bench.workers.once("server modules", window, import_server, serve)


def load(window: Window, paths: Sequence[str], page_choices: PageChoices | None = None) -> None:
    """Open the pictures or the project in the new window, and load their model."""
    if page_choices is None:
        window.bench.session.request(paths)
    else:
        window.bench.session.address_requested.emit(paths[0], page_choices)
    window.bench.session.warm_up()


def come_forward(window: Window, paths: Sequence[str]) -> None:
    """Open files that a second start or the system asks for; without files, only raise the window."""
    from PySide6.QtCore import Qt

    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.raise_()
    window.activateWindow()
    window.bench.session.request(paths)


def run(
    paths: Sequence[str],
    model: str | None = None,
    device: str = "auto",
    engine: EngineRequest = "auto",
    instance: SingleInstance | None = None,
    language: str | None = None,
    page_choices: PageChoices | None = None,
) -> int:
    """Show the window and return when it is closed.

    Args:
        paths: pictures and folders to open.
        model: a model's name or path for this run; None for that in the settings.
        device, engine: as in `load_model`; "auto" for those in the settings.
        instance: the single instance, which opens the files of later starts; None for a window of its own.
        language: a key of `translation.LANGUAGES` for this run; None for the one in the settings.
        page_choices: how to draw the web page whose address `paths` has; None for the usual way.

    Returns:
        the exit code.
    """
    usual = sys.getswitchinterval()
    gc.disable()  # imports and widgets leave no garbage, and looking for it takes a tenth of the start
    if sys.platform == "win32":
        import torch  # noqa: F401
    import_qt()

    from PySide6.QtWidgets import QApplication

    from salviewer.app.composition import compose
    from salviewer.app.shell import fonts, icons
    from salviewer.app.shell.crash import Crashes
    from salviewer.app.shell.error_dialogs import Guard, Relay
    from salviewer.app.shell.first_paint import FirstPaint
    from salviewer.app.shell.language import set_up
    from salviewer.app.shell.log import LOG, log_to, stop_logging
    from salviewer.app.shell.stop_signals import StopSignals
    from salviewer.app.state.settings import SettingsFile, config_folder, log_folder, saved_language
    from salviewer.app.workers.inference import Engine
    from salviewer.version import __version__

    application = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(application, QApplication)
    application.setApplicationName("salviewer")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("salviewer")
    application.setWindowIcon(icons.app_icon())
    for missing in (log_to(log_folder()), fonts.complaint()):
        if missing:
            log.warning(missing)
            print(missing, file=sys.stderr, flush=True)
    set_up(application, language or saved_language(config_folder()))
    relay = Relay()
    guard = Guard(relay)
    try:
        window = compose(SettingsFile(), Engine(model or "", device, engine), preload_torch)
        relay.said.connect(window.bench.notices.error)
        crashes = Crashes(log_folder() / LOG, window)
        relay.crashed.connect(crashes.take)
        painted = FirstPaint(window)
        painted.over.connect(lambda: start(window, paths, instance, page_choices))
        window.show()
        signals = StopSignals(window, window.bench.workers, window.features)
        gc.freeze()  # else every thread stands while the first collection looks at all this
        gc.enable()
        sys.setswitchinterval(PROMPT)
        code = application.exec()
        signals.remove()
        stopped = window.stopped
        window.deleteLater()
    finally:
        sys.setswitchinterval(usual)
        gc.unfreeze()
        gc.enable()
        guard.remove()
        stop_logging()
    if not stopped:  # a thread that still computes would crash the interpreter at exit
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
