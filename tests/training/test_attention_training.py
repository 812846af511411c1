"""research/attention: a stopped run is taken up, and pictures keep their true proportions."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import cv2
import numpy as np
import pytest
import torch

from salviewer.models.reading import read_arrays
from salviewer.training.pack import Pack

ROOT = Path(__file__).parents[2]
if not (ROOT / "research" / "attention").is_dir():
    pytest.skip("research is not packed with the tests", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from research.attention import train  # noqa: E402
from research.attention.alterations import altered  # noqa: E402
from research.attention.mixtures import Mixtures, Source, Teachers  # noqa: E402
from research.attention.pictures import Pictures  # noqa: E402
from research.attention.posters import Painter, fonts  # noqa: E402
from research.attention.upright import READING, label  # noqa: E402
from research.distil.card_data import NOWHERE  # noqa: E402
from research.domains.sets import Domain  # noqa: E402

sys.path.remove(str(ROOT))


def spots() -> Domain:
    """Four dark pictures with a bright spot each, which is looked at."""
    stimuli, truth = np.full((4, 240, 320, 3), 30, np.uint8), np.ones((4, 240, 320), np.uint8)
    points = np.zeros((4, 1, 2), np.float32)
    for number in range(4):
        row, column = 60 + 40 * number, 230 - 40 * number
        stimuli[number, row : row + 16, column : column + 16] = 255
        truth[number, row : row + 16, column : column + 16] = 255
        points[number, 0] = 2 * (row + 8) / 240 - 1, 2 * (column + 8) / 320 - 1
    return Domain("spots", list("abcd"), stimuli, truth, None, 1.0, points, True)


def test_a_stopped_run_is_taken_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kinds = [Pictures(spots(), None, np.zeros(0, int), 2)]
    monkeypatch.setattr(train, "all_kinds", lambda *given, **options: kinds)
    threads = torch.get_num_threads()
    order = [
        "--data",
        "none",
        "--pseudo",
        "none",
        "--work",
        str(tmp_path),
        "--name",
        "a",
        "--size",
        "64",
        "96",
    ]
    try:
        assert train.main([*order, "--seconds", "0.5"]) == 0
        first = torch.load(tmp_path / "a.checkpoint", weights_only=True)
        assert train.main([*order, "--seconds", str(first["spent"] + 0.5)]) == 0
        until = torch.load(tmp_path / "a.checkpoint", weights_only=True)["step"] + 1
        assert train.main([*order, "--seconds", "999", "--until", str(until)]) == 0
        assert train.main([*order, "--seconds", "999", "--until", str(until)]) == 0  # no further step
    finally:
        torch.set_num_threads(threads)
    assert f"taken up at step {first['step']}, " in capsys.readouterr().out
    second = torch.load(tmp_path / "a.checkpoint", weights_only=True)
    assert second["step"] == until > first["step"] >= 1 and second["spent"] > first["spent"]
    card, weights = read_arrays(tmp_path / "a.safetensors")
    assert card.architecture == "attention_net"
    for name in ("encoder.stem.0.weight", "encoder.stages.3.0.expand.1.running_mean"):
        assert torch.equal(first["network"][name], second["network"][name])  # frozen, and kept statistics
    assert not np.array_equal(weights["head.weight"], first["kept"]["head.weight"].numpy())


def test_aspect_ratios_are_those_of_what_a_window_shows() -> None:
    domain = spots()
    stimuli = torch.from_numpy(domain.stimuli).permute(0, 3, 1, 2)
    target = torch.from_numpy(np.stack([np.full((240, 320), 1 / 76800, np.float32)] * 4))
    given = (
        stimuli,
        target,
        torch.zeros(4, 1, 2),
        torch.tensor([4 / 3] * 4),
        torch.ones(4, dtype=torch.bool),
    )
    x, made, points, aspects = altered(*given, 5, stretch=1.0, degrade=0.0, crop=1.0)
    assert torch.allclose(made.sum((1, 2)), torch.ones(4), atol=1e-4) and x.shape == stimuli.shape
    assert ((aspects > 0.55) & (aspects < 2.4)).all() and len(set(aspects.tolist())) == 4
    same = altered(*given, 5, stretch=0.0, degrade=0.0, crop=1.0)
    assert torch.allclose(same[3], given[3]) and points.shape == (4, 1, 2)


def keep_mixture(folder: Path, name: str, grey: int) -> None:
    """Write one picture of this grey, looked at in its upper left quarter."""
    map_ = np.full((1, 120, 160), 0.01, np.float16)
    map_[:, :60, :80] = 1
    pictures = np.full((1, 304, 400, 3), grey, np.uint8)
    np.savez(folder / name, pictures=pictures, maps=map_, aspects=np.array([1.5], np.float32))


def test_mixtures_are_added_to_a_batch_and_those_that_come_later_are_found(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="has no mixtures"):
        Mixtures(tmp_path)
    keep_mixture(tmp_path, "mixtures-1-0.npz", 50)
    mixtures = Mixtures(tmp_path)
    given = (torch.zeros(2, 3, 240, 320), torch.zeros(2, 240, 320), torch.zeros(2, 4, 2), torch.ones(2))
    x, target, seen, aspects = mixtures.added(given, 3, 7, 0)
    assert x.shape == (5, 3, 240, 320) and (x[2:] == 50).all() and not x[:2].any()
    assert torch.allclose(target[2:].sum((1, 2)), torch.ones(3), atol=1e-4)
    assert (target[2:, :110, :150].sum((1, 2)) > 0.8).all()
    assert seen.shape == (5, 4, 2) and (seen[2:] == NOWHERE).all() and not seen[:2].any()
    assert aspects.tolist() == [1, 1, 1.5, 1.5, 1.5]
    keep_mixture(tmp_path, "mixtures-1-1.npz", 90)

    def greys(step: int) -> set[int]:
        return {int(picture[0, 0, 0]) for picture in mixtures.drawn(20, (240, 320), 7, step)[0]}

    assert greys(48) == {50} and greys(49) == {50, 90}


def test_a_drawn_poster_knows_where_its_text_is_and_its_label_follows_it() -> None:
    # photographs all of one grey, so that whatever differs was drawn
    pack = SimpleNamespace(stimuli=np.full((1, 240, 320, 3), 128, np.uint8), aspects=np.array([4 / 3]))
    painter, random = Painter([Source(cast(Pack, pack), [0])], fonts()[:1]), np.random.default_rng(4)
    posters = [painter.draw(random) for _ in range(20)]
    assert sum(each.aspect < 1 for each in posters) > 10
    for poster in posters:
        high, wide = poster.pixels.shape[:2]
        assert poster.text.shape == poster.high.shape == (high, wide)
        assert abs(wide / high - poster.aspect) < 0.01
        assert ((poster.high > 0) == (poster.text > 0)).all()
        written, ground = (cv2.Laplacian(poster.pixels, cv2.CV_64F)[poster.text == on] for on in (1, 0))
        assert np.abs(written).mean() > 3 * np.abs(ground).mean()
    flat = SimpleNamespace(mean_map=lambda *given: np.full((240, 320), 1 / 76800, np.float32))
    look, map_, _ = label(posters[0], cast(Teachers, flat), READING["posters"])
    assert look.shape == (304, 400, 3) and map_.shape == (120, 160) and map_.max() == 1
    there = cv2.resize(posters[0].text, (160, 120), interpolation=cv2.INTER_AREA) > 0.5
    prior = label(
        replace(posters[0], text=0 * posters[0].text, high=0 * posters[0].high),
        cast(Teachers, flat),
        READING["posters"],
    )[1]
    gain = map_.astype(np.float32) / prior
    assert gain[there].mean() > 1.2 * gain[~there].mean()
