"""Which picture is shown, how large, and in which view."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSlider

from salviewer.app.menus.spec import BAR_LINE, LINE, Menu, Spec
from salviewer.app.state.settings import Appearance
from salviewer.app.viewer.canvas import STEP
from salviewer.core.views import View


class ViewMenu(Menu):
    """How the picture is looked at."""

    TITLE = "&View"
    SPECS = (
        Spec("previous", "&Previous picture", ("Alt+Left",), "previous", bar=True, needs="previous"),
        Spec("next", "&Next picture", ("Alt+Right",), "next", bar=True, needs="next"),
        BAR_LINE,
        Spec("zoom_out", "Zoom &out", ("-", "Ctrl+-"), "zoom-out", bar=True, needs="picture"),
        Spec("zoom_in", "Zoom &in", ("+", "=", "Ctrl++", "Ctrl+="), "zoom-in", bar=True, needs="picture"),
        Spec("fit", "&Fit in window", ("F", "0", "Ctrl+0"), "fit", bar=True, needs="picture"),
        Spec("actual_size", "&Actual size", ("1", "Ctrl+1"), "actual", bar=True, needs="picture"),
        LINE,
        Spec(
            "view_picture",
            "Pi&cture alone",
            ("P",),
            "picture",
            "The picture without any map",
            bar=True,
            group="view",
        ),
        Spec(
            "view_overlay",
            "&Overlay",
            ("O",),
            "view-overlay",
            "The heatmap over the picture",
            bar=True,
            group="view",
        ),
        Spec(
            "view_heatmap",
            "Heat&map alone",
            ("M",),
            "view-heatmap",
            "The heatmap without the picture",
            bar=True,
            group="view",
        ),
        Spec(
            "view_focus",
            "Fo&cus map",
            ("G",),
            "view-focus",
            "The picture under fog, clear where attention goes",
            bar=True,
            group="view",
        ),
        Spec(
            "view_contours",
            "Co&ntours",
            ("C",),
            "view-contours",
            "Lines around the smallest areas that hold 25, 50 and 75 % of attention",
            bar=True,
            group="view",
        ),
        BAR_LINE,
        Spec(
            "arrange_side",
            "&Side by side",
            ("S",),
            "side",
            "Two that zoom and move together: the bare picture and the view, or the two that are compared",
            check=True,
            bar=True,
            needs="picture",
        ),
        Spec(
            "arrange_swipe",
            "S&wipe",
            ("W",),
            "swipe",
            "A divider with the bare picture left of it, or between the two that are compared",
            check=True,
            bar=True,
            needs="picture",
        ),
        Spec("divider_left", "Divider to the &left", ("[",), needs="divider"),
        Spec("divider_right", "Divider to the &right", ("]",), needs="divider"),
        LINE,
        Spec(
            "show_hotspots",
            "&Hotspots",
            ("N",),
            "hotspots",
            "Number the places that attention is predicted to visit, in order",
            check=True,
            bar=True,
        ),
        Spec("show_path", "&Gaze path", ("J",), "gaze-path", "Join the hotspots in order", check=True),
        LINE,
        Spec("show_heat", "Show &heatmap", ("H",), "heat", check=True),
        Spec(
            "show_outline", "Ou&tline at the threshold", ("T",), "", "Draw a line around what is shown", True
        ),
        Spec("show_panel", "Show &controls", ("F9",), "panel", check=True, bar=True),
        Spec("appearance_system", "Follow the &system", group="appearance", under="&Appearance"),
        Spec("appearance_light", "&Light", group="appearance", under="&Appearance"),
        Spec("appearance_dark", "&Dark", group="appearance", under="&Appearance"),
    )

    def previous(self) -> None:
        """The picture before."""
        self.window.session.turn(-1)

    def next(self) -> None:
        """The picture after."""
        self.window.session.turn(1)

    def zoom_in(self) -> None:
        """Enlarge about the middle."""
        self.window.canvas.zoom(STEP)

    def zoom_out(self) -> None:
        """Shrink about the middle."""
        self.window.canvas.zoom(1 / STEP)

    def fit(self) -> None:
        """The whole picture."""
        self.window.canvas.fit()

    def actual_size(self) -> None:
        """A picture pixel on each of the screen's."""
        self.window.canvas.actual_size()

    def view_picture(self) -> None:
        """Nothing over the picture."""
        self.window.catalogue["show_heat"].setChecked(False)

    def view_overlay(self) -> None:
        """The heatmap over the picture."""
        self._view("overlay")

    def view_heatmap(self) -> None:
        """The heatmap alone."""
        self._view("heatmap")

    def view_focus(self) -> None:
        """The picture under fog."""
        self._view("focus")

    def view_contours(self) -> None:
        """Lines of attention."""
        self._view("contours")

    def arrange_side(self, on: bool) -> None:
        """Two beside each other, or one."""
        self.window.compare.toggle("side", on)

    def arrange_swipe(self, on: bool) -> None:
        """A divider, or none."""
        self.window.compare.toggle("swipe", on)

    def divider_left(self) -> None:
        """The divider a step to the left."""
        self.window.stage.divider.triggerAction(QAbstractSlider.SliderAction.SliderSingleStepSub)

    def divider_right(self) -> None:
        """The divider a step to the right."""
        self.window.stage.divider.triggerAction(QAbstractSlider.SliderAction.SliderSingleStepAdd)

    def show_hotspots(self, shown: bool) -> None:
        """Hotspots on or off."""
        self.window.preferences.change(spots_shown=shown)

    def show_path(self, drawn: bool) -> None:
        """The gaze path on or off."""
        self.window.hotspots.draw_path(drawn)

    def _view(self, view: View) -> None:
        self.window.change_look(view=view)
        self.window.catalogue["show_heat"].setChecked(True)

    def show_heat(self, shown: bool) -> None:
        """The view on or off; off is the picture alone."""
        self.window.stage.set_layer_shown(shown)
        self.window.change_look(shown=shown)

    def show_outline(self, shown: bool) -> None:
        """The threshold's line on or off."""
        self.window.change_look(outline=shown)

    def show_panel(self, shown: bool) -> None:
        """Controls on or off."""
        self.window.panel.setVisible(shown)
        self.window.preferences.change(panel=shown)

    def appearance_system(self) -> None:
        """As the system has it."""
        self._dress("system")

    def appearance_light(self) -> None:
        """Light, whatever the system has."""
        self._dress("light")

    def appearance_dark(self) -> None:
        """Dark, whatever the system has."""
        self._dress("dark")

    def _dress(self, appearance: Appearance) -> None:
        self.window.theme.set_appearance(appearance)
        self.window.preferences.change(appearance=appearance)
