"""The numbers behind a map."""

import numpy as np
import pytest
from maps import gaussian, uniform

from salviewer.core.lookup_tables import STEPS, steps
from salviewer.core.map_statistics import measure
from salviewer.core.postprocess import PostprocessSettings, Threshold


@pytest.mark.parametrize("settings", [PostprocessSettings(), PostprocessSettings(0.0, normalise="fixed")])
def test_a_place_reads_as_it_is_coloured(settings):
    measured = measure(gaussian(at=(0.3, 0.6)), settings)
    shown = steps(measured.field, (640, 480)) / (STEPS - 1)
    for x, y in [(0, 0), (192, 288), (200, 300), (150, 250), (639, 479)]:
        assert measured.at((x + 0.5) / 640, (y + 0.5) / 480).value == pytest.approx(shown[y, x], abs=0.01)


def test_uniform_attention_is_the_average_everywhere():
    measured = measure(uniform(), PostprocessSettings(normalise="fixed", fixed_peak=4.0))
    for place in [(0.0, 0.0), (0.5, 0.5), (0.999, 0.2)]:
        reading = measured.at(*place)
        assert reading.times == pytest.approx(1, rel=1e-4)
        assert reading.value == pytest.approx(0.25, rel=1e-4)


def test_times_are_those_of_the_formula_and_are_not_clipped():
    sigma = 0.08
    expected = (
        1 / (2 * np.pi * sigma**2 * 480 / 640) * 1.0
    )  # peak of a Gaussian over the mean, per picture area
    expected *= (480 / 640) ** 2  # the area is a width by a height
    peak = measure(gaussian(sigma=sigma), PostprocessSettings(sigma=0.0))
    assert peak.top == pytest.approx(expected, rel=0.02)
    assert peak.at(0.5, 0.5).value == pytest.approx(1, abs=1e-3)
    fixed = measure(gaussian(sigma=sigma), PostprocessSettings(0.0, normalise="fixed", fixed_peak=2.0))
    assert fixed.top == 2
    assert fixed.at(0.5, 0.5).value == 1
    assert fixed.at(0.5, 0.5).times == pytest.approx(expected, rel=0.02)


def test_what_the_threshold_hides_is_said():
    measured = measure(gaussian(), PostprocessSettings(0.0, Threshold("percentile", 90)))
    assert not measured.at(0.5, 0.5).hidden and measured.at(0.05, 0.05).hidden
    everything = measure(gaussian(), PostprocessSettings(0.0, Threshold("percentile", 100)))
    assert everything.at(0.5, 0.5).hidden


def test_the_histogram_counts_every_cell_once():
    measured = measure(gaussian(), PostprocessSettings(0.0))
    counts = measured.histogram(50)
    assert counts.shape == (50,) and counts.sum() == measured.field.size
    expected = np.histogram(measured.field, bins=50, range=(0, 1))[0]
    assert np.abs(counts - expected).max() <= 2


@pytest.mark.parametrize("percent", [1, 37.5, 80, 99])
def test_the_hidden_share_undoes_a_percentile(percent):
    measured = measure(
        gaussian(at=(0.41, 0.37)), PostprocessSettings(threshold=Threshold("percentile", percent))
    )
    assert measured.hidden_share(measured.level) * 100 == pytest.approx(percent, abs=0.05)
