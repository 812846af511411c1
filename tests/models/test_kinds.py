"""Photographs, advertisements and pages are distinguished, and cards say how well a model does on each."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from salviewer import paths
from salviewer.core.resizing import resize
from salviewer.errors import ModelError
from salviewer.media.images import load_picture
from salviewer.models.card import ModelCard, read_card
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.models.engines.encoder_pool import CHANNELS, with_openvino, with_torch
from salviewer.models.kind_scores import KINDS, score_of
from salviewer.models.kinds import FILE_NAME, find_kind, read_classifier
from salviewer.models.reading import read_arrays

SHIPPED = paths.model_weights()


def test_the_classifier_belongs_to_the_weights_that_ship() -> None:
    assert read_classifier().encoder == read_card(SHIPPED / DEFAULT_MODEL / "card.json").sha256


def test_the_sample_page_is_a_page_and_noise_has_some_kind() -> None:
    page = load_picture(next((paths.resources() / "samples").glob("*page*"))).pixels
    assert find_kind(page).kind == "page"
    noise = np.random.default_rng(0).integers(0, 256, (7, 3, 3), np.uint8)
    found = find_kind(noise)
    assert found.kind in KINDS and 1 / 3 < found.confidence <= 1


def test_both_engines_pool_the_same() -> None:
    weights = read_arrays(SHIPPED / DEFAULT_MODEL)[1]
    picture = np.random.default_rng(1).integers(0, 256, (30, 40, 3), np.uint8)
    picture = np.ascontiguousarray(resize(picture, (120, 160)), np.uint8)
    one, other = with_openvino(weights, (120, 160))(picture), with_torch(weights)(picture)
    assert one.shape == (CHANNELS,)
    np.testing.assert_allclose(one, other, atol=2e-3 * float(np.abs(other).max()))


@pytest.mark.parametrize("name", ["live_net", "deep_convnet", "attention_net"])
def test_shipped_cards_have_a_score_for_each_kind(name: str) -> None:
    card = read_card(SHIPPED / name / "card.json")
    scores = {kind: score_of(card, kind) for kind in KINDS}
    assert all(score is not None and score.pictures >= 26 for score in scores.values())
    photographs = next(row for row in card.metrics["test"] if row["category"] == "all")
    score = scores["photograph"]
    assert score is not None and pytest.approx(photographs["NSS"], abs=0.005) == score.NSS and score.fitted


def test_a_card_without_them_has_none() -> None:
    assert score_of(ModelCard("live_net", "x", "logits"), "page") is None
    bent = ModelCard("live_net", "x", "logits", metrics={"kinds": {"page": {"NSS": "?"}}})
    assert score_of(bent, "page") is None


@pytest.mark.parametrize("change", [{"kinds": ["a"]}, {"bias": [1]}, {"weights": [[1, 2]]}, {"size": 3}])
def test_a_file_that_is_none_is_refused_by_name(tmp_path: Path, change: dict[str, object]) -> None:
    values = json.loads((SHIPPED / FILE_NAME).read_text(encoding="utf-8"))
    file = tmp_path / FILE_NAME
    file.write_text(json.dumps(values | change), encoding="utf-8")
    with pytest.raises(ModelError, match=r"kinds\.json: it does not tell kinds"):
        read_classifier(file)
    with pytest.raises(ModelError, match="cannot be read"):
        read_classifier(tmp_path / "none.json")


def test_the_summary_of_predict_has_the_kind(tmp_path: Path) -> None:
    from salviewer.cli import main

    sample = next((paths.resources() / "samples").glob("*page*"))
    assert main(["predict", str(sample), "-o", str(tmp_path / "out"), "--summary", "--tables", "json"]) == 0
    (row,) = json.loads((tmp_path / "out" / "salviewer-summary.json").read_text(encoding="utf-8"))
    assert row["kind"] == "page"
