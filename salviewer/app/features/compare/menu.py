"""What the picture is compared with, and how."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractSlider

from salviewer.app.menus.spec import LINE, Menu, Spec


class CompareMenu(Menu):
    """Two designs, two models, or a model and people."""

    TITLE = "&Compare"
    SPECS = (
        Spec(
            "arrange_side",
            "&Side by side",
            ("S",),
            "side",
            "Two that zoom and move together: the bare picture and the view, or the two that are compared",
            check=True,
            needs="picture",
        ),
        Spec(
            "arrange_swipe",
            "S&wipe",
            ("W",),
            "swipe",
            "A divider with the bare picture left of it, or between the two that are compared",
            check=True,
            needs="picture",
        ),
        Spec("divider_left", "Divider to the &left", ("[",), needs="divider"),
        Spec("divider_right", "Divider to the &right", ("]",), needs="divider"),
        Spec(
            "show_hotspots",
            "&Hotspots",
            ("N",),
            "hotspots",
            "Number the places that attention is predicted to visit, in order",
            check=True,
        ),
        Spec("show_path", "&Gaze path", ("J",), "gaze-path", "Join the hotspots in order", check=True),
        Spec(
            "compare_picture",
            "With a &picture…",
            ("B",),
            "compare",
            "Compare with another picture",
            needs="still",
        ),
        Spec("compare_next", "With the &next in the list", needs="another"),
        LINE,
        Spec(
            "show_difference",
            "&Difference",
            ("D",),
            "difference",
            "B minus A over B in grey: red where B gets more attention, blue where A does",
            check=True,
            needs="comparison",
        ),
        Spec("swap_sides", "S&wap A and B", (), "swap", needs="comparing"),
        Spec("save_comparison", "&Save comparison…", (), "save", needs="comparison"),
        Spec("stop_comparing", "S&top comparing", needs="comparing"),
        LINE,
        Spec(
            "show_fixations",
            "&Fixations",
            ("X",),
            "fixations",
            "A dot where somebody looked, if it was recorded",
            check=True,
            needs="fixations",
        ),
    )

    def compare_picture(self) -> None:
        """Ask for the other picture."""
        self.window.compare.ask_picture()

    def compare_next(self) -> None:
        """Take the next of the list for the other picture."""
        self.window.compare.take_next()

    def show_difference(self, on: bool) -> None:
        """The signed difference, or one."""
        self.window.compare.toggle("difference", on)

    def swap_sides(self) -> None:
        """A becomes B."""
        self.window.compare.swap()

    def save_comparison(self) -> None:
        """Ask for a name, then write the comparison as it is shown now."""
        self.window.compare.save()

    def stop_comparing(self) -> None:
        """Back to one picture."""
        self.window.compare.stop()

    def show_fixations(self, shown: bool) -> None:
        """Recorded fixations on or off."""
        self.window.preferences.change(fixations=shown)

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
