"""``salviewer view``, and ``salviewer PICTURE``: open the window."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from salviewer.addresses import is_web
from salviewer.app.languages import LANGUAGES
from salviewer.cli import pages
from salviewer.cli.options import add_document_arguments, add_engine_arguments
from salviewer.errors import SalviewerError
from salviewer.webpages.viewports import DESKTOP

if TYPE_CHECKING:
    from salviewer.app.state.page_choices import PageChoices


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PICTURE",
        help="pictures, videos and folders; or a project file, or the address of a web page or a stream",
    )
    parser.add_argument(
        "--new-window",
        action="store_true",
        help="open another window; without it, and without the options below, an existing window opens the"
        " pictures",
    )
    parser.add_argument(
        "--language",
        metavar="NAME",
        type=_language,
        help="language of the window: system, en, de or zh_CN; the one of the preferences where left out",
    )
    add_engine_arguments(parser, None)
    add_document_arguments(parser)
    pages.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Show the window until it is closed; return its exit code, or at once if another window takes over."""
    if not _has_display():
        raise SalviewerError(
            "there is no display to open a window on; `salviewer predict PICTURE -o OUT/` works without one"
        )
    from salviewer.app.shell.single_instance import SingleInstance, settle

    page_choices = _page_choices(options)
    own = (options.model, options.device, options.engine, options.language) != (None, "auto", "auto", None)
    own = own or options.dpi is not None or options.password is not None or page_choices is not None
    instance = SingleInstance() if options.new_window or own else settle(options.paths)
    if instance is None:
        print("Opened in the existing window; --new-window opens another.")
        return 0
    try:
        show = _window()
        return show(
            options.paths,
            model=options.model,
            device=options.device,
            engine=options.engine,
            instance=instance,
            language=options.language,
            page_choices=page_choices,
        )
    finally:
        instance.leave()


def _page_choices(options: argparse.Namespace) -> PageChoices | None:
    """Return how to draw a page; None where no option says it.

    Raises:
        UsageError: one does, and there is not one address.
    """
    if not (options.viewport or options.whole_page or options.dark or options.browser):
        return None
    if len(options.paths) != 1 or not is_web(options.paths[0]):
        pages.refuse(options)
    from salviewer.app.state.page_choices import PageChoices

    viewports = dict.fromkeys(one.name for one in options.viewport or (DESKTOP,))
    return PageChoices(tuple(viewports), options.whole_page, options.dark, options.browser)


def _language(name: str) -> str:
    known = {each.lower(): each for each in LANGUAGES}
    try:
        return known[name.lower().replace("-", "_")]
    except KeyError:
        raise argparse.ArgumentTypeError(f"{name!r} is not one of {', '.join(LANGUAGES)}") from None


def _window() -> Callable[..., int]:
    try:
        from salviewer.app.main import run
    except ImportError as error:
        if not (error.name or "").startswith("PySide6") and ".so" not in str(error):
            raise
        raise SalviewerError(
            f"the window cannot open because a part of Qt is missing ({error}); `bash scripts/start.sh`"
            " installs it, and `salviewer predict` works without it"
        ) from error
    return run


def _has_display() -> bool:
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
