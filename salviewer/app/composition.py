"""Build the workbench, then the features in order. The only module that imports features."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtWidgets import QApplication, QWidget

from salviewer.app.features.areas.feature import AreasFeature
from salviewer.app.features.batch.feature import BatchFeature
from salviewer.app.features.compare.feature import CompareFeature
from salviewer.app.features.explain.feature import ExplainFeature
from salviewer.app.features.export.feature import ExportFeature
from salviewer.app.features.files.commands import RECENT_MENU
from salviewer.app.features.files.feature import FilesFeature
from salviewer.app.features.folder.feature import FolderFeature
from salviewer.app.features.help.feature import HelpFeature
from salviewer.app.features.hotspots.feature import HotspotsFeature
from salviewer.app.features.live.feature import LiveFeature
from salviewer.app.features.preferences.feature import PreferencesFeature
from salviewer.app.features.screen.feature import ScreenFeature
from salviewer.app.features.training.feature import TrainingFeature
from salviewer.app.features.uses.feature import UsesFeature
from salviewer.app.features.variants.feature import VariantsFeature
from salviewer.app.features.views.commands import PRESETS_MENU
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.features.watching.feature import WatchingFeature
from salviewer.app.features.webpages.feature import WebPagesFeature
from salviewer.app.menu_bar import submenu
from salviewer.app.shell.first_page import FirstPage
from salviewer.app.shell.notices import Notices
from salviewer.app.shell.status import Status
from salviewer.app.shell.theme import Theme
from salviewer.app.state.areas import AreaStore
from salviewer.app.state.models import ModelList
from salviewer.app.state.project import ProjectStore
from salviewer.app.state.session import Session
from salviewer.app.state.settings import SettingsFile
from salviewer.app.state.settings_store import SettingsStore
from salviewer.app.state.shown import Shown
from salviewer.app.translation import tr
from salviewer.app.viewer.panel import Panel
from salviewer.app.viewer.picture_view import PictureView
from salviewer.app.viewer.stage import Stage
from salviewer.app.window import Window
from salviewer.app.workbench import Commands, Feature, Layout, Workbench
from salviewer.app.workers.file_jobs import FileJobs
from salviewer.app.workers.inference import Engine
from salviewer.app.workers.pool import Workers

FEATURES: tuple[Callable[[Workbench], Feature], ...] = (
    FilesFeature,
    FolderFeature,
    ViewsFeature,
    AreasFeature,
    WatchingFeature,
    HotspotsFeature,
    UsesFeature,
    ExplainFeature,
    CompareFeature,
    VariantsFeature,
    ExportFeature,
    BatchFeature,
    TrainingFeature,
    LiveFeature,
    ScreenFeature,
    WebPagesFeature,
    PreferencesFeature,
    HelpFeature,
)


def compose(file: SettingsFile, engine: Engine, before_torch: Callable[[], None] | None = None) -> Window:
    """Build the window with everything in it.

    Args:
        file: the file of settings.
        engine: what to predict with in this run; "" and "auto" leave the choice to the settings.
        before_torch: called before torch is imported, in the importing thread.
    """
    settings = SettingsStore(file)
    application = cast("QApplication", QApplication.instance())
    theme = Theme(application, settings.now.appearance, sheet=False)
    window = Window(FirstPage(theme))
    settings.setParent(window)
    theme.setParent(window)
    bench = make_workbench(window, window, settings, theme, engine, before_torch)
    window.hold(bench)
    features = [make(bench) for make in FEATURES]
    window.lay_out(features)
    window.feature(FilesFeature).recent.fill(submenu(window, tr(RECENT_MENU)))
    window.feature(ViewsFeature).displays.fill(submenu(window, tr(PRESETS_MENU)))
    bench.commands.set_keys(settings.now.shortcuts)
    bench.commands.refresh()
    if settings.complaint:
        bench.notices.error(settings.complaint, stays=True)
    return window


def make_workbench(
    parent: QWidget,
    layout: Layout,
    settings: SettingsStore,
    theme: Theme,
    engine: Engine,
    before_torch: Callable[[], None] | None = None,
) -> Workbench:
    """Build a workbench without features.

    Args:
        parent: owns the objects, and is the parent of dialogs.
        layout: the places for widgets.
        settings, theme: those that the window was made with.
        engine, before_torch: as in `compose`.
    """
    now = settings.now
    device = now.device if engine.device == "auto" else engine.device
    kind = now.engine if engine.kind == "auto" else engine.kind
    workers = Workers(before_torch)
    session = Session(Engine(engine.model or now.model, device, kind), before_torch, parent)
    areas = AreaStore(parent)
    models = ModelList(parent)
    shown = Shown(session, settings, areas, models, parent)
    files = FileJobs(workers, parent)
    stage, notices, commands = Stage(), Notices(theme), Commands(theme, parent)
    view = PictureView(session, settings, shown, stage, parent)
    workers.add(*session.workers, view.layers.worker)
    bench = Workbench(
        session=session,
        settings=settings,
        areas=areas,
        project=ProjectStore(session, settings, areas, parent),
        shown=shown,
        models=models,
        commands=commands,
        panel=Panel(),
        stage=stage,
        status=Status(),
        notices=notices,
        files=files,
        workers=workers,
        theme=theme,
        layout=layout,
        dialog_parent=parent,
    )
    _add_conditions(bench)
    for source in (view.layers, settings, files.writer, files.clipboard, files.documents):
        source.failed.connect(notices.error)
    settings.changed.connect(commands.refresh_after)
    for signal in (
        session.picture_changed,
        session.map_changed,
        session.listing_changed,
        session.live_changed,
    ):
        signal.connect(lambda *_: commands.refresh())
    session.changing.connect(commands.hold)
    bench.project.changed.connect(commands.refresh)
    return bench


def _add_conditions(bench: Workbench) -> None:
    """Register the conditions that commands of several features use."""
    session, settings = bench.session, bench.settings
    bench.commands.add_conditions(
        **{
            "file": lambda: session.shown is not None,
            "picture": lambda: session.loaded is not None,
            "still": lambda: session.loaded is not None and not session.live,
            "map": lambda: session.saliency is not None,
            "shown map": lambda: session.saliency is not None and settings.now.shown,
        }
    )
