"""Put the two compared pictures on the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salviewer.app.features.compare.second import OtherPicture, Second
from salviewer.app.translation import tr
from salviewer.app.viewer.cover import Pane

if TYPE_CHECKING:
    from salviewer.app.features.compare.contrast import Contrast
    from salviewer.app.features.compare.truth import FixationMarks
    from salviewer.app.viewer.ornament import Ornament
    from salviewer.app.viewer.stage import Stage, StageArrangement
    from salviewer.app.workers.loader import Loaded
    from salviewer.app.workers.overlay_layers import OverlayLayer

_OTHER_SHAPE = 0.02  # relative difference of aspect ratios below which they count as equal


class Staging:
    """Shows nothing, the picture itself, or another with its map beside the picture on screen.

    Attributes:
        heat: the second map as shown; None if there is none.
        contrast: the difference; None while it is unknown.
    """

    def __init__(self, stage: Stage, second: Second, marks: FixationMarks) -> None:
        self._stage, self._second, self._marks = stage, second, marks
        self.heat: OverlayLayer | None = None
        self.contrast: Contrast | None = None

    def present(self, kind: StageArrangement, pair: tuple[str, str], *, first: bool) -> None:
        """Show both.

        Args:
            kind: the arrangement.
            pair: the names of A and B.
            first: whether the picture on screen is A, the left one.
        """
        if self._second.loaded is None:
            self._stage.arrange(kind, Pane())
        elif kind == "difference":
            captions = (tr("Blue: more attention in A"), tr("Red: more attention in B"))
            self._stage.arrange(kind, self._difference(), captions, first=first)
        else:
            captions = ("", "") if kind == "single" else (f"A   {pair[0]}", f"B   {pair[1]}")
            self._stage.arrange(kind, self._beside(), captions, first=first)

    def note(self, loaded: Loaded | None) -> str:
        """Return a remark on the numbers of `loaded` and the other picture; "" for none."""
        sizes = [each.pyramid.size for each in (loaded, self._second.loaded) if each is not None]
        shapes = [width / height for width, height in sizes]
        if abs(shapes[0] / shapes[-1] - 1) > _OTHER_SHAPE:
            return tr("The pictures have different shapes and are compared as if stretched onto each other.")
        return ""

    def _same(self) -> bool:
        """Return whether both are the same picture."""
        return not isinstance(self._second.rival, OtherPicture)

    def _beside(self) -> Pane:
        loaded, heat = self._second.loaded, self.heat
        assert loaded is not None
        marks: tuple[Ornament, ...] = (self._marks,) if self._same() else ()
        layer, lines = (None, ()) if heat is None else (heat.image, heat.lines)
        pyramid = None if self._same() else loaded.pyramid
        return Pane(pyramid, layer, lines, (*self._stage.pane_ornaments, *marks))

    def _difference(self) -> Pane:
        contrast, loaded = self.contrast, self._second.loaded
        if contrast is None or contrast.grey is None:
            return Pane(None if self._same() or loaded is None else loaded.pyramid)
        return Pane(contrast.grey, contrast.layer, (), (self._marks,) if self._same() else ())
