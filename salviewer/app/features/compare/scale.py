"""Give the two compared maps one colour scale, and restore their own afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from salviewer.core.postprocess import FIXED_PEAK_LIMITS, PostprocessSettings

if TYPE_CHECKING:
    from salviewer.app.features.compare.contrast import Contrast
    from salviewer.app.state.settings_store import SettingsStore


class OneScale:
    """Fixes the colour scale at the hottest spot of either map while two are compared.

    A scale that the user has fixed, or chooses meanwhile, is left alone.
    """

    def __init__(self, settings: SettingsStore) -> None:
        self._settings = settings
        self._before: PostprocessSettings | None = None  # to be restored
        self._fitted: Contrast | None = None
        self.wanted = True

    def notice(self, heat: PostprocessSettings) -> None:
        """Note that the user has taken the common scale back."""
        if self._before is not None and heat.normalise != "fixed":
            self._before, self.wanted = None, False

    def set_on(self, on: bool, contrast: Contrast | None) -> None:
        """Use one scale for both, or each map's own."""
        self.wanted, self._fitted = on, None
        if not on:
            heat = self._settings.now.heat
            before = self._before or replace(heat, normalise="peak")
            self._before = None
            self._set(replace(heat, normalise=before.normalise, fixed_peak=before.fixed_peak))
        elif contrast is not None:
            self.fit(contrast)

    def fit(self, contrast: Contrast) -> None:
        """Fit the scale to two maps, once for each pair."""
        heat = self._settings.now.heat
        maps_before = None if self._fitted is None else self._fitted.maps
        if not self.wanted or maps_before == contrast.maps:
            return
        if self._before is None and heat.normalise == "fixed":
            return
        self._before, self._fitted = self._before or heat, contrast
        low, high = FIXED_PEAK_LIMITS
        peak = round(min(max(contrast.top, low), high), 1)
        self._set(replace(heat, normalise="fixed", fixed_peak=peak))

    def leave(self) -> None:
        """Restore the earlier scale."""
        before, heat = self._before, self._settings.now.heat
        self._before = self._fitted = None
        if before is not None and heat.normalise == "fixed":
            self._set(replace(heat, normalise=before.normalise, fixed_peak=before.fixed_peak))

    def _set(self, heat: PostprocessSettings) -> None:
        self._settings.change(heat=heat)
