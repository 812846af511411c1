"""Place and scale of a picture in the window: arithmetic in device pixels, sharp on every screen."""

from __future__ import annotations

from dataclasses import dataclass, replace

LARGEST = 64.0
"""Largest scale, in device pixels per pixel of the picture."""
FIT_AT_MOST = 4.0
"""Largest scale to which fitting enlarges a small picture."""
_KEEP = 32.0  # least device pixels of the picture inside the window


@dataclass(frozen=True, slots=True)
class View:
    """Scale and place of a picture in a window. Lengths are device pixels from the window's top left.

    Attributes:
        picture: (width, height) of the picture in its own pixels.
        window: (width, height) of the window.
        scale: device pixels per pixel of the picture; 1 is "actual size".
        left, top: place of the picture's top left corner.
        fitted: whether the picture follows the window's size.
        margin: space around a fitted picture.
    """

    picture: tuple[int, int]
    window: tuple[float, float]
    scale: float
    left: float
    top: float
    fitted: bool = True
    margin: float = 0.0

    @classmethod
    def fit(cls, picture: tuple[int, int], window: tuple[float, float], margin: float = 0.0) -> View:
        """Return the view of the whole picture, centred, as large as the window allows."""
        room = [max(side - 2 * margin, 1.0) for side in window]
        scale = min(room[0] / picture[0], room[1] / picture[1], FIT_AT_MOST)
        left = round((window[0] - picture[0] * scale) / 2)
        top = round((window[1] - picture[1] * scale) / 2)
        return cls(picture, window, scale, left, top, True, margin)

    @property
    def smallest(self) -> float:
        """The least scale for zooming out."""
        return min(View.fit(self.picture, self.window, self.margin).scale / 2, 1.0)

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of the picture under a point of the window."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def to_window(self, u: float, v: float) -> tuple[float, float]:
        """Return the place of a picture's point in the window."""
        return self.left + u * self.scale, self.top + v * self.scale

    def zoomed(self, factor: float, x: float, y: float) -> View:
        """Return the view enlarged by `factor`; the picture's point under (x, y) stays there."""
        return self.scaled(self.scale * factor, x, y)

    def scaled(self, scale: float, x: float, y: float) -> View:
        """Return the view at `scale`; the picture's point under (x, y) stays there."""
        scale = min(max(scale, self.smallest), LARGEST)
        u, v = self.to_picture(x, y)
        return replace(self, scale=scale, left=x - u * scale, top=y - v * scale, fitted=False)._kept()

    def actual(self, x: float | None = None, y: float | None = None) -> View:
        """Return the view at scale 1, around (x, y) or the window's middle, on whole pixels."""
        view = self.scaled(
            1.0, self.window[0] / 2 if x is None else x, self.window[1] / 2 if y is None else y
        )
        return replace(view, left=round(view.left), top=round(view.top))

    def panned(self, dx: float, dy: float) -> View:
        """Return the view moved by a distance in the window."""
        return replace(self, left=self.left + dx, top=self.top + dy, fitted=False)._kept()

    def resized(self, window: tuple[float, float], margin: float) -> View:
        """Return the view for another window size: fitted, or with the same point in the middle."""
        if self.fitted:
            return View.fit(self.picture, window, margin)
        dx, dy = (window[0] - self.window[0]) / 2, (window[1] - self.window[1]) / 2
        return replace(self, window=window, margin=margin, left=self.left + dx, top=self.top + dy)._kept()

    def rescreened(self, ratio: float) -> View:
        """Return the view for a screen with `ratio` times the pixel density, with the same visible part."""
        return replace(
            self,
            window=(self.window[0] * ratio, self.window[1] * ratio),
            scale=self.scale * ratio,
            left=self.left * ratio,
            top=self.top * ratio,
            margin=self.margin * ratio,
        )

    def linked(self, picture: tuple[int, int], window: tuple[float, float], margin: float) -> View:
        """Return the view of another picture in another window, for two that move together.

        The same fractions of width and height are in the middle. The scale is the same for a picture of the
        same size, and otherwise the same multiple of its fitted scale.
        """
        fit = View.fit(picture, window, margin)
        if self.fitted:
            return fit
        if picture == self.picture:
            scale = self.scale
        else:
            fitted = View.fit(self.picture, self.window, self.margin)
            scale = min(self.scale / fitted.scale * fit.scale, LARGEST)
        u, v = self.to_picture(self.window[0] / 2, self.window[1] / 2)
        left = window[0] / 2 - u / self.picture[0] * picture[0] * scale
        top = window[1] / 2 - v / self.picture[1] * picture[1] * scale
        if picture == self.picture and float(self.left).is_integer() and float(self.top).is_integer():
            left, top = round(left), round(top)  # as sharp at actual size as the other picture
        return View(picture, window, scale, left, top, False, margin)._kept()

    def visible(self) -> tuple[float, float, float, float]:
        """Return the visible part of the picture: (left, top, right, bottom) in its pixels."""
        u0, v0 = self.to_picture(0, 0)
        u1, v1 = self.to_picture(*self.window)
        width, height = self.picture
        return max(u0, 0.0), max(v0, 0.0), min(u1, float(width)), min(v1, float(height))

    def _kept(self) -> View:
        places = []
        for at, side, room in zip((self.left, self.top), self.picture, self.window, strict=True):
            size = side * self.scale
            keep = min(_KEEP, size)
            places.append(min(max(at, keep - size), room - keep))
        return replace(self, left=places[0], top=places[1])
