"""Comparing in the window: what stands beside the picture, how both are arranged, what is told of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QSignalBlocker, Signal

from salviewer.app.features.compare.contrast import Contrast, Contrasts, Task
from salviewer.app.features.compare.drop import PAGE, Drops
from salviewer.app.features.compare.export import Comparing, suggestion
from salviewer.app.features.compare.names import Names
from salviewer.app.features.compare.page import ComparePage
from salviewer.app.features.compare.scale import OneScale
from salviewer.app.features.compare.second import OtherModel, OtherPicture, People, Second
from salviewer.app.features.compare.showing import ARRANGEMENTS, Showing
from salviewer.app.features.compare.truth import FixationMarks, GroundTruth, Truth
from salviewer.app.shell import dialogs
from salviewer.app.state.settings import ViewerSettings
from salviewer.app.viewer.stage import StageArrangement
from salviewer.app.workers.latest_only import Lane
from salviewer.app.workers.overlay_layers import Heat, HeatLayers, Looks
from salviewer.core.agreement import centre_bias
from salviewer.core.pairs import PairArrangement, PairScene, Side
from salviewer.core.scene import Arrangement

if TYPE_CHECKING:
    from salviewer.app.window import Window

_OTHER_SHAPE = 0.02  # pictures whose width / height differ by less are of one shape
_NOTHING = "Nothing was recorded beside this picture."


class Compare(QObject):
    """The picture on screen is one of the two; the other comes and goes without touching it.

    Of the two, A is the left one. The picture on screen is A until they are swapped.
    """

    failed = Signal(str)

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.page = ComparePage()
        self.second = Second(window.session, self)
        self.heat = HeatLayers(self)
        self.contrasts = Contrasts(self)
        self.truth = GroundTruth(self)
        self.marks = FixationMarks()
        self.drops = Drops(window, self.take, self._drops_here)
        self._showing = Showing(window, self.second, self.marks)
        self._scale = OneScale(window)
        self._names = Names(window.session)
        self._comparing = False
        self._kind: StageArrangement = "side"  # while comparing
        self._flipped = False
        self._peak: float | None = None
        self._applied: tuple[object, ...] = ()  # of the settings, when there is nothing to compare
        window.canvas.add_ornament(self.marks, of_layer=True)
        window.panel.add_page(PAGE, self.page)
        self.page.add_arrangements([window.catalogue[name] for name in ARRANGEMENTS])
        self._connect()

    def start(self) -> None:
        """Show what the settings say, once the window has all its parts."""
        self._window.stage.set_divider(self._window.preferences.now.divider)
        self._apply(self._window.preferences.now)
        self._show_truth(None)

    def _connect(self) -> None:
        window, page = self._window, self.page
        for source in (self.second, self.heat, self.contrasts, self.truth):
            source.failed.connect(self.failed)
        self.second.changed.connect(self._renew)
        self.second.activity_changed.connect(lambda what: window.status.set_activity("compare", what))
        self.heat.made.connect(self._show_heat)
        self.contrasts.made.connect(self._show_contrast)
        self.truth.changed.connect(self._show_truth)
        self.truth.measured.connect(page.set_scores)
        page.chosen.connect(self._choose)
        page.swap_wanted.connect(self.swap)
        page.stop_wanted.connect(self.stop)
        page.scale_changed.connect(lambda on: self._scale.set_on(on, self.contrast))
        page.peak_changed.connect(self._set_peak)
        page.fixations_changed.connect(lambda shown: window.preferences.change(fixations=shown))
        window.session.picture_changed.connect(self.truth.set_picture)
        for signal in (window.session.picture_changed, window.session.engine_changed):
            signal.connect(lambda _: self._names_changed())
        window.session.map_changed.connect(lambda _: self._maps_changed())
        window.preferences.changed.connect(lambda _, now: self._apply(now))
        window.hotspots.second_changed.connect(self._present)
        window.stage.divider_moved.connect(lambda place: window.preferences.change(divider=place))

    @property
    def lanes(self) -> list[Lane]:
        """Its threads."""
        return [self.second.lane, self.heat.lane, self.contrasts.lane, self.truth.lane]

    @property
    def contrast(self) -> Contrast | None:
        """How the two differ; None until it is known."""
        return self._showing.contrast

    @property
    def comparing(self) -> bool:
        """Whether there are two."""
        return self.second.rival is not None

    @property
    def any_fixations(self) -> bool:
        """Whether single fixations were recorded."""
        return self.truth.truth is not None and len(self.truth.truth.recorded.fixations) > 0

    @property
    def arrangement(self) -> StageArrangement:
        """How the picture is shown, alone or with another."""
        return self._kind if self.comparing else self._window.preferences.now.arrangement

    def _drops_here(self) -> bool:
        """Whether what is dropped may be the other of two."""
        return self.arrangement != "single" and not self._window.session.live

    # What a person asks for

    def toggle(self, kind: StageArrangement, on: bool) -> None:
        """Arrange as told, or show one alone."""
        if on == (self.arrangement == kind):
            return
        wanted = kind if on else "single"
        if self.comparing:
            self._kind = wanted
            self._contrast()
        else:
            self._window.preferences.change(arrangement=cast("Arrangement", wanted))
        if wanted == "difference":
            self._window.catalogue["show_heat"].setChecked(True)
        self._present()

    def ask_picture(self) -> None:
        """Ask which picture to compare with."""
        folder = self._window.preferences.now.folder
        dialogs.ask_second(self._window, folder, lambda path: self.take(Path(path)))

    def take(self, path: Path) -> None:
        """Compare with a picture."""
        self.second.choose(OtherPicture(path))

    def take_next(self) -> None:
        """Compare with the next picture of the list; after the last comes the first."""
        paths, (which, _) = self._window.session.listing.walked, self._window.session.position
        if len(paths) > 1:
            self.take(paths[which % len(paths)])

    def swap(self) -> None:
        """A becomes B, and B becomes A."""
        self._flipped = not self._flipped
        self._maps_changed()
        self._offer()
        self._present()

    def stop(self) -> None:
        """Show the one picture as it was before."""
        self.second.choose(None)

    def save(self) -> None:
        """Ask for a name, then write the two as they are shown now."""
        window, comparing = self._window, self.drawing()
        if comparing is not None:
            name = suggestion(Path(window.preferences.now.folder), self._pair(), comparing.shown.arrangement)
            dialogs.ask_target(window, name, lambda path: window.saver.do(comparing.writer(Path(path))))

    def drawing(self) -> Comparing | None:
        """The two as they are shown now; None while there are not two with their maps."""
        window, loaded, second = self._window, self._window.session.loaded, self.second
        if loaded is None or window.session.saliency is None:
            return None
        if second.loaded is None or second.saliency is None:
            return None
        sides = [Side(loaded.picture.pixels, window.session.saliency)]
        sides.insert(0 if self._flipped else 1, Side(second.loaded.picture.pixels, second.saliency))
        now = window.preferences.now
        kind: PairArrangement = "side" if self._kind == "single" else self._kind
        shown = PairScene(kind, now.scene, now.divider, self._peak)
        return Comparing(sides[0], sides[1], shown, loaded.picture.icc)

    def _choose(self, what: str) -> None:
        kind, _, name = what.partition(":")
        match kind:
            case "":
                self.stop()
            case "open":
                self.ask_picture()
            case "next":
                self.take_next()
            case "people":
                self.second.choose(People())
            case "file":
                folder = self._window.preferences.now.folder
                dialogs.ask_model(self._window, folder, lambda path: self.second.choose(OtherModel(path)))
            case "model":
                self.second.choose(OtherModel(name))
        self._offer()

    def _set_peak(self, peak: float | None) -> None:
        self._peak = peak
        self._contrast()

    # What comes of it

    def _apply(self, settings: ViewerSettings) -> None:
        self.heat.set_looks(Looks(settings.heat, settings.style, settings.view, settings.outline))
        self.page.legend.set_fade(settings.style.fade)
        self._scale.notice(settings.heat)
        applied = settings.fixations, settings.arrangement, self._scale.wanted
        if applied == self._applied and not self.comparing:
            return
        self._applied = applied
        self.marks.shown = settings.fixations
        self._window.catalogue["show_fixations"].setChecked(settings.fixations)
        with QSignalBlocker(self.page.fixations):
            self.page.fixations.setChecked(settings.fixations)
        with QSignalBlocker(self.page.scale):
            self.page.scale.setChecked(self._scale.wanted)
        self._contrast()
        self._present()

    def _renew(self) -> None:
        """There is another to compare with, or another map of it, or none any more."""
        second, window = self.second, self._window
        if self.comparing and not self._comparing:
            plain = window.preferences.now.arrangement
            self._kind = "side" if plain == "single" else plain
            window.panel.show_page(PAGE)
        self._comparing = self.comparing
        if not self.comparing:
            self._flipped = False
            self._scale.leave()
        pixels = None if second.loaded is None else second.loaded.picture.pixels
        self.heat.set_map(second.saliency, pixels)
        window.hotspots.set_second(second.saliency)
        self._offer()
        self._maps_changed()
        self._present()
        window.enable()

    def _names_changed(self) -> None:
        self._offer()
        self._present()

    def _maps_changed(self) -> None:
        self._contrast()
        self._measure()

    def _contrast(self) -> None:
        loaded, now = self._window.session.loaded, self._window.preferences.now
        maps = [self._window.session.saliency, self.second.saliency]
        pyramids = [None if each is None else each.pyramid for each in (loaded, self.second.loaded)]
        first, second = reversed(maps) if self._flipped else maps
        if first is None or second is None:
            self.contrasts.set_task(None)
        else:
            picture = pyramids[0 if self._flipped else 1] if self._kind == "difference" else None
            self.contrasts.set_task(Task(first, second, now.heat, now.style, self._peak, picture))

    def _measure(self) -> None:
        saliency, second = self._window.session.saliency, self.second
        if saliency is None or self.truth.truth is None:
            self.page.set_scores({})
            return
        maps = [(self._names.own_model.partition(" (")[0], saliency)]
        if isinstance(second.rival, OtherModel) and second.saliency is not None:
            both = [saliency, second.saliency]
            maps = list(zip("AB", reversed(both) if self._flipped else both, strict=True))
        self.truth.measure([*maps, ("Centre", centre_bias(saliency.source_size))])

    def _show_heat(self, heat: Heat | None) -> None:
        self._showing.heat = heat
        self._present()

    def _show_contrast(self, contrast: Contrast | None) -> None:
        had = self.contrast is not None
        self._showing.contrast = contrast
        if contrast is None:
            self.page.set_comparison(None, 0.0, "")
        else:
            self.page.set_comparison(contrast.comparison, contrast.largest, self._note())
            self._scale.fit(contrast)
        if had != (contrast is not None):
            self._window.enable()
        if self._kind == "difference":
            self._present()

    def _show_truth(self, truth: Truth | None) -> None:
        self.marks.recorded = None if truth is None else truth.recorded
        text = _NOTHING
        if truth is not None:
            files = [path.name for path in (truth.files.fixations, truth.files.map) if path is not None]
            many = len(truth.recorded.fixations)
            text = f"{many} fixations" if many else "A map without single fixations"
            text += f" from {' and '.join(files)}"
        shown = self._window.preferences.now.fixations
        self.page.set_recorded(text, self.any_fixations, shown)
        self.second.set_recorded(self.marks.recorded, known=not self.truth.reading)
        self._offer()
        self._measure()
        self._window.enable()
        self._present()

    def _present(self) -> None:
        """Put the two on the stage."""
        before = self._window.stage.arrangement
        self._showing.present(self.arrangement, self._pair(), first=not self._flipped)
        if self.arrangement != before:
            self._window.enable()

    def _offer(self) -> None:
        """What there is to compare with."""
        rows, chosen = self._names.choices(self.second.rival, self.truth.truth is not None)
        self.page.set_choices(rows, chosen)
        self.page.set_comparing(self.comparing, self._pair())

    def _pair(self) -> tuple[str, str]:
        return self._names.pair(self.second.rival, self._flipped)

    def _note(self) -> str:
        sizes = [each.pyramid.size for each in (self._window.session.loaded, self.second.loaded) if each]
        shapes = [width / height for width, height in sizes]
        if abs(shapes[0] / shapes[1] - 1) > _OTHER_SHAPE:
            return "The pictures differ in shape: they are compared as if stretched onto each other."
        return ""
