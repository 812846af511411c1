"""The sample pictures are what their script draws."""

import runpy
from pathlib import Path

import numpy as np
import pytest

from salviewer.media.images import load_picture

ROOT = Path(__file__).parents[2]
PAGES = ("web_page.png", "web_page_cup_left.png", "web_page_large_button.png", "web_page_quiet_headline.png")
SIZES = {"poster.png": (1200, 1600), **dict.fromkeys(PAGES, (1440, 1000))}


@pytest.mark.parametrize("name", SIZES)
def test_script_draws_the_sample_again(name, tmp_path):
    script = runpy.run_path(str(ROOT / "scripts" / "draw_samples.py"))
    script["main"](tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(SIZES)
    shipped = load_picture(ROOT / "resources" / "samples" / name)
    again = load_picture(tmp_path / name)
    assert again.full_size == shipped.full_size == SIZES[name]
    difference = np.abs(again.pixels.astype(int) - shipped.pixels).max(axis=2)
    assert (difference > 8).mean() < 0.01, "another FreeType may shift the edges of letters, no more"


@pytest.mark.parametrize("name", SIZES)
def test_samples_are_small(name):
    assert (ROOT / "resources" / "samples" / name).stat().st_size < 400_000
