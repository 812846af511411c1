"""Compares the picture on screen with another picture, another model, or recorded fixations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from salviewer.app.features.compare.contrast import Contrast, Contrasts, Task
from salviewer.app.features.compare.drop import Drops
from salviewer.app.features.compare.names import Names
from salviewer.app.features.compare.page import PAGE, ComparePage
from salviewer.app.features.compare.pair_drawing import PairDrawing, suggestion
from salviewer.app.features.compare.recorded import RecordedFixations
from salviewer.app.features.compare.scale import OneScale
from salviewer.app.features.compare.second import OtherModel, OtherPicture, People, Second
from salviewer.app.features.compare.staging import Staging
from salviewer.app.shell import dialogs
from salviewer.app.translation import tr
from salviewer.app.viewer.picture_view import OverlayLayers
from salviewer.app.workbench import Feature, Workbench
from salviewer.app.workers.overlay_layers import OverlayLayer, OverlaySettings
from salviewer.core.pairs import PairArrangement, PairScene, Side

if TYPE_CHECKING:
    from salviewer.app.state.settings import ViewerSettings
    from salviewer.app.viewer.stage import StageArrangement
    from salviewer.core.scene import Arrangement


class CompareController(Feature):
    """The picture on screen is one of the two; the other comes and goes without affecting it.

    A is the left one. The picture on screen is A until the two are swapped.
    """

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self.page = ComparePage()
        self.second = Second(bench.session, self)
        self.heat = OverlayLayers(self)
        self.contrasts = Contrasts(self)
        self.drops = Drops(bench, self.take, self._drops_here)
        self._scale = OneScale(bench.settings)
        self._names = Names(bench.session, bench.models)
        self.recorded = RecordedFixations(
            bench.session, self.second, self.page, lambda: self._names.own_model, self
        )
        self._staging = Staging(bench.stage, self.second, self.recorded.marks)
        self._comparing = False
        self._kind: StageArrangement = "side"  # while comparing
        self._flipped = False
        self._peak: float | None = None
        self._applied: tuple[object, ...] = ()  # the applied settings, when there is nothing to compare
        bench.workers.add(*(each.worker for each in (self.second, self.heat, self.contrasts, self.recorded)))
        bench.stage.canvas.add_ornament(self.recorded.marks, of_layer=True)
        bench.stage.canvas.add_ornament(self.recorded.scanpaths, of_layer=True)
        bench.panel.add_page(tr("Compare"), self.page, PAGE)
        bench.layout.add_drop_target(self.drops)
        bench.shown.drawing = lambda: self.drawing() if self.arrangement != "single" else None

    def begin(self) -> None:
        """Follow the state, once the commands are registered."""
        self._connect()
        self._bench.settings.follow(self._apply)
        self._offer()

    def close(self) -> None:
        """Stop comparing, so that the settings are saved with the user's own colour scale."""
        self.stop()

    def _connect(self) -> None:
        bench, page, session = self._bench, self.page, self._bench.session
        for source in (self.second, self.heat, self.contrasts, self.recorded):
            source.failed.connect(bench.notices.error)
        self.second.changed.connect(self._renew)
        self.second.activity_changed.connect(lambda what: bench.status.set_activity("compare", what))
        self.heat.made.connect(self._show_heat)
        self.contrasts.made.connect(self._show_contrast)
        self.recorded.changed.connect(self._recorded_changed)
        self.recorded.scanpaths.changed.connect(bench.stage.canvas.update)
        self.recorded.scanpaths.ended.connect(bench.commands.refresh)
        page.chosen.connect(self._choose)
        page.swap_wanted.connect(self.swap)
        page.stop_wanted.connect(self.stop)
        page.scale_changed.connect(lambda on: self._scale.set_on(on, self.contrast))
        page.peak_changed.connect(self._set_peak)
        page.fixations_changed.connect(lambda shown: bench.settings.change(fixations=shown))
        for signal in (session.picture_changed, session.engine_changed):
            signal.connect(lambda _: self._names_changed())
        session.map_changed.connect(lambda _: self._maps_changed())
        session.live_changed.connect(self._go_live)
        bench.stage.divider_moved.connect(lambda place: bench.settings.change(divider=place))

    @property
    def contrast(self) -> Contrast | None:
        """The difference of the two; None until it is known."""
        return self._staging.contrast

    @property
    def comparing(self) -> bool:
        """Whether there are two pictures."""
        return self.second.rival is not None

    @property
    def arrangement(self) -> StageArrangement:
        """The arrangement of the picture, alone or with another."""
        return self._kind if self.comparing else self._bench.settings.now.arrangement

    # Requests of the user

    def arrange(self, kind: StageArrangement, on: bool) -> None:
        """Arrange the two in this way, or show one alone."""
        if on == (self.arrangement == kind):
            return
        wanted = kind if on else "single"
        if self.comparing:
            self._kind = wanted
            self._contrast()
        else:
            self._bench.settings.change(arrangement=cast("Arrangement", wanted))
        if wanted == "difference":
            self._bench.settings.change(shown=True)
        self._present()

    def ask_picture(self) -> None:
        """Ask which picture to compare with."""
        folder = self._bench.settings.folder
        dialogs.ask_second(self._bench.dialog_parent, folder, lambda path: self.take(Path(path)))

    def take(self, path: Path) -> None:
        """Compare with a picture."""
        self.second.choose(OtherPicture(path))

    def take_next(self) -> None:
        """Compare with the next picture in the list; after the last comes the first."""
        paths, (which, _) = self._bench.session.listing.walked, self._bench.session.position
        if len(paths) > 1:
            self.take(paths[which % len(paths)])

    def swap(self) -> None:
        """Exchange A and B."""
        self._flipped = not self._flipped
        self._maps_changed()
        self._offer()
        self._present()

    def stop(self) -> None:
        """Show the one picture as before."""
        self.second.choose(None)

    def save(self) -> None:
        """Ask for a file name, then write the two as shown now."""
        bench, drawing = self._bench, self.drawing()
        if drawing is not None:
            name = suggestion(Path(bench.settings.folder), self._pair_names(), drawing.shown.arrangement)
            do = bench.files.writer.do
            dialogs.ask_target(bench.dialog_parent, name, lambda path: do(drawing.writer(Path(path))))

    def drawing(self) -> PairDrawing | None:
        """Return a drawing of the two as shown now; None without two maps."""
        loaded, pair, now = (
            self._bench.session.loaded,
            self.second.pair(self._flipped),
            self._bench.settings.now,
        )
        if loaded is None or pair is None:
            return None
        a, b = (Side(picture.picture.pixels, saliency) for picture, saliency in pair)
        kind: PairArrangement = "side" if self._kind == "single" else self._kind
        return PairDrawing(a, b, PairScene(kind, now.scene, now.divider, self._peak), loaded.picture.icc)

    def _choose(self, what: str) -> None:
        """Compare with the entry of a row in the page's list; see `names.Row`."""
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
                parent, folder = self._bench.dialog_parent, self._bench.settings.folder
                dialogs.ask_model(parent, folder, lambda path: self.second.choose(OtherModel(path)))
            case "model":
                self.second.choose(OtherModel(name))
        self._offer()

    def _set_peak(self, peak: float | None) -> None:
        self._peak = peak
        self._contrast()

    def _drops_here(self) -> bool:
        """Return whether two are shown, so that a dropped picture can replace the other one."""
        return self.arrangement != "single"

    # Reactions

    def _apply(self, before: ViewerSettings | None, now: ViewerSettings) -> None:
        if before is None or before.divider != now.divider:
            self._bench.stage.set_divider(now.divider)
        self.heat.set_looks(OverlaySettings(now.heat, now.style, now.view, now.outline))
        self.page.legend.set_fade(now.style.fade)
        self._scale.notice(now.heat)
        applied = now.fixations, now.arrangement, self._scale.wanted
        if applied == self._applied and not self.comparing:
            return
        self._applied = applied
        self.recorded.marks.shown = now.fixations
        self.page.set_settings(fixations=now.fixations, one_scale=self._scale.wanted)
        self._contrast()
        self._present()

    def _go_live(self, live: bool) -> None:
        """Stop comparing while a live source is on screen."""
        if live:
            self.stop()
        self.page.setEnabled(not live)

    def _renew(self) -> None:
        """Update after a change of the other picture or of a map."""
        bench, second = self._bench, self.second
        if self.comparing and not self._comparing:
            plain = bench.settings.now.arrangement
            self._kind = "side" if plain == "single" else plain
            bench.panel.show_page(PAGE)
        self._comparing = self.comparing
        if not self.comparing:
            self._flipped = False
            self._scale.leave()
        pixels = None if second.loaded is None else second.loaded.picture.pixels
        self.heat.set_map(second.saliency, pixels)
        bench.shown.set_second(second.saliency)
        self._offer()
        self._maps_changed()
        self._present()
        bench.commands.refresh()

    def _names_changed(self) -> None:
        self._offer()
        self._present()

    def _maps_changed(self) -> None:
        self._contrast()
        self.recorded.measure(self._flipped)

    def _contrast(self) -> None:
        pair, now = self.second.pair(self._flipped), self._bench.settings.now
        if pair is None:
            self.contrasts.set_task(None)
        else:
            (_, a), (under, b) = pair
            pyramid = under.pyramid if self._kind == "difference" else None
            self.contrasts.set_task(Task(a, b, now.heat, now.style, self._peak, pyramid))

    def _show_heat(self, heat: OverlayLayer | None) -> None:
        self._staging.heat = heat
        self._present()

    def _show_contrast(self, contrast: Contrast | None) -> None:
        had = self.contrast is not None
        self._staging.contrast = contrast
        if contrast is None:
            self.page.set_comparison(None, 0.0, "")
        else:
            note = self._staging.note(self._bench.session.loaded)
            self.page.set_comparison(contrast.comparison, contrast.largest, note)
            self._scale.fit(contrast)
        if had != (contrast is not None):
            self._bench.commands.refresh()
        if self._kind == "difference":
            self._present()

    def _recorded_changed(self) -> None:
        self._offer()
        self._bench.commands.refresh()
        self._present()

    def _present(self) -> None:
        """Show the two on the stage."""
        before = self._bench.stage.arrangement
        self._staging.present(self.arrangement, self._pair_names(), first=not self._flipped)
        if self.arrangement != before:
            self._bench.commands.refresh()

    def _offer(self) -> None:
        """List the choices for comparing."""
        rows, chosen = self._names.choices(self.second.rival, self.recorded.known)
        self.page.set_choices(rows, chosen)
        self.page.set_comparing(self.comparing, self._pair_names())

    def _pair_names(self) -> tuple[str, str]:
        return self._names.pair(self.second.rival, self._flipped)
