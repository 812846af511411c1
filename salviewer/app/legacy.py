# mypy: ignore-errors
# ruff: noqa
"""For features that still take the window: what they ask of it, and their menus as commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, TypeVar

from PySide6.QtGui import QAction, QActionGroup

from salviewer.app.menus.spec import Menu, Spec
from salviewer.app.shell.keymap import plain
from salviewer.app.workbench import Command, Workbench
from salviewer.core.postprocess import PostprocessSettings
from salviewer.core.render import OverlayStyle
from salviewer.core.scene import Scene

TOOLBAR = {
    "open_files": (1, 1),
    "save_overlay": (1, 2),
    "export": (1, 3),
    "show_folder": (2, 1),
}
FILE_PLACES = {"open_camera": (1, 3), "open_stream": (1, 4), "open_frames": (1, 5)}

AnyMenu = TypeVar("AnyMenu", bound=Menu)


class Catalogue:
    """Actions by name."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def __getitem__(self, name: str) -> QAction:
        return self._bench.commands[name]

    def keys(self, name: str) -> str:
        return self._bench.commands.key(name)

    def set_thumbnails(self, size: int) -> None:
        self["thumbnails_" + ("small", "medium", "large")[size]].setChecked(True)


class Conditions(dict[str, Callable[[], bool]]):
    """Registers with the commands."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench

    def __ior__(self, other: Any) -> Any:
        self._bench.commands.add_conditions(**other)
        return self

    def __getitem__(self, name: str) -> Callable[[], bool]:
        return lambda: self._bench.commands.is_possible(name)


class Legacy:
    """Attributes of the window of old."""

    def __init__(self, window: Any, bench: Workbench) -> None:
        self._bench, self._window = bench, window
        self.session, self.preferences, self.theme = bench.session, bench.settings, bench.theme
        self.stage, self.canvas, self.panel = bench.stage, bench.stage.canvas, bench.panel
        self.status, self.banner, self.empty = bench.status, bench.notices, window.first_page
        self.saver, self.copier, self.documents = (
            bench.files.saver,
            bench.files.copier,
            bench.files.documents,
        )
        self.catalogue, self.conditions = Catalogue(bench), Conditions(bench)
        self.menus: dict[type[Menu], Menu] = {}
        self._groups: dict[str, QActionGroup] = {}

    def menu(self, kind: type[AnyMenu]) -> AnyMenu:
        menu = self.menus[kind]
        assert isinstance(menu, kind)
        return menu

    def enable(self) -> None:
        self._bench.commands.refresh()

    def change_look(self, **fields: Any) -> None:
        self._bench.settings.change(**fields)

    def show_look(self, heat: PostprocessSettings, style: OverlayStyle) -> None:
        self._bench.settings.change(heat=heat, style=style)

    def scene(self) -> Scene:
        return self._bench.shown.scene

    @property
    def across(self) -> Any:
        return self._window._across

    @property
    def body(self) -> Any:
        return self._window._column

    def widen_panel(self, width: int) -> None:
        self._window.widen_panel(width, 1.0)

    @property
    def lanes(self) -> list[Any]:
        return list(self._bench.workers.all)

    def focus_picture(self) -> None:
        self._bench.layout.focus_picture()

    def take_menu(self, menu: Menu) -> None:
        """Register the actions of an old menu."""
        self.menus[type(menu)] = menu
        section, position = 1, 0
        for spec in menu.SPECS:
            if not spec.text:
                section, position = section + 1, 0
                continue
            position += 1
            self._add(menu, spec, (section, position))

    def _add(self, menu: Menu, spec: Spec, place: tuple[int, int]) -> None:
        run = getattr(menu, spec.name)
        command = Command(
            spec.name,
            spec.text,
            (lambda: None) if spec.check else run,
            "File" if spec.name in FILE_PLACES else plain(menu.TITLE),
            FILE_PLACES.get(spec.name) or place,
            spec.keys,
            spec.icon,
            spec.tip,
            spec.needs,
            submenu=spec.under,
            toolbar=TOOLBAR.get(spec.name),
        )
        self._bench.commands.add(command)
        action = self._bench.commands[spec.name]
        if spec.check or spec.group:
            action.setCheckable(True)
            action.setIconVisibleInMenu(False)
        if spec.group:
            self._groups.setdefault(spec.group, QActionGroup(self._bench.dialog_parent)).addAction(action)
        if spec.check:
            action.toggled.connect(run)


class _Bridge:
    """A feature of old, as the window asks features."""

    def __init__(self, window: Any, ask: Any = None, close: Callable[[], object] | None = None) -> None:
        self._window, self._ask, self._close = window, ask, close

    def may_close(self) -> bool:
        return True if self._ask is None else bool(self._ask.may_close(self._window.close))

    def close(self) -> None:
        if self._close is not None:
            self._close()


class _Joined:
    """Threads that are joined only."""

    def __init__(self, join: Callable[[float], bool]) -> None:
        self.join = join

    def close(self) -> None:
        """They were told already."""


class _Frames:
    """Takes the hotspots of frames."""

    def __init__(self, shown: Any) -> None:
        object.__setattr__(self, "_shown", shown)

    def __setattr__(self, name: str, value: Any) -> None:
        assert name == "hotspots"
        self._shown.set_hotspots(value)


def build_legacy(window: Any, bench: Workbench) -> Sequence[Any]:
    """Make the features that still take the window."""
    from salviewer.app.features.live.controller import LiveDesk
    from salviewer.app.features.live.menu import LiveMenu

    window.legacy = legacy = Legacy(window, bench)
    legacy.take_menu(LiveMenu(window))
    shown = bench.shown  # what live still asks of the window, until it has moved
    legacy.areas = SimpleNamespace(model=bench.areas, scores=SimpleNamespace(show=shown.set_scores))
    legacy.hotspots = SimpleNamespace(first=_Frames(shown), page=SimpleNamespace(set_hotspots=lambda _: None))
    legacy.compare = SimpleNamespace(stop=lambda: None, page=SimpleNamespace(setEnabled=lambda _: None))
    legacy.live = LiveDesk(window, bench.workers.before_torch)
    bench.workers.add(_Joined(legacy.live.join))
    bench.workers.add(*legacy.live.lanes)
    legacy.live.apply(bench.settings.now)
    return (_Bridge(window, None, legacy.live.close),)
