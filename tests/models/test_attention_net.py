"""attention_net: its attention, its sense of proportions, and its graph for OpenVINO."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from skimage import data

from salviewer.cli import main
from salviewer.core.areas import Polygon, Rectangle
from salviewer.core.explained import draw_explained, on_screen
from salviewer.core.screens import screen_at
from salviewer.media.images import load_picture
from salviewer.media.project import Project, ProjectPicture, save_project
from salviewer.media.saving import save_picture
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.attention_net import AttentionNet, position_waves
from salviewer.models.card import ModelCard
from salviewer.models.checkpoints import write_model
from salviewer.models.engines.choice import torch_engine
from salviewer.models.engines.openvino_engine import OpenVinoEngine, compile_network
from salviewer.models.explanation import _logarithm, _weights, explain, rolled_out
from salviewer.models.preprocess import resize
from salviewer.models.tables import ATTENTION_LAYERS

SIZE = (96, 136)


@pytest.fixture(scope="module")
def network() -> AttentionNet:
    torch.manual_seed(3)
    made = AttentionNet().eval().requires_grad_(False)
    for module in made.modules():  # statistics as after training, so that their folding is put to the test
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.running_mean, -0.2, 0.2)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
    torch.nn.init.normal_(made.priors, std=0.5)
    torch.nn.init.normal_(made.head.weight, std=0.3)
    return made


@pytest.fixture(scope="module")
def shown() -> np.ndarray:
    return np.asarray(resize(data.coffee(), SIZE), np.uint8)[None]


def as_input(shown: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(shown).permute(0, 3, 1, 2).float() / 127.5 - 1


def test_rows_sum_to_1_and_are_those_that_the_map_is_made_with(
    network: AttentionNet, shown: np.ndarray
) -> None:
    x = as_input(shown)
    rows = network.attention_rows(x)
    tokens = 6 * 9 + 3 * 5
    assert len(rows) == ATTENTION_LAYERS and {tuple(each.shape) for each in rows} == {(1, 6, tokens, tokens)}
    assert all(torch.allclose(each.sum(-1), torch.ones(1, 6, tokens), atol=1e-5) for each in rows)
    layer, some = network.layers[0], torch.randn(1, tokens, 192)
    assert torch.allclose(layer(some), layer.with_rows(some)[0], atol=1e-5)
    assert network(x).shape == (1, 1, *SIZE)


def test_a_place_is_known_by_the_true_proportions(network: AttentionNet, shown: np.ndarray) -> None:
    square, wide = (position_waves(4, 4, torch.tensor([ratio]), 2) for ratio in (1.0, 4.0))
    # On a picture four times as wide as high, the outer columns are as far out as sides of length 2 are.
    assert square[0, 0, 0] == pytest.approx(np.sin(-np.pi * 0.375))
    assert wide[0, 0, 0] == pytest.approx(np.sin(-np.pi * 0.375 / 2))
    assert wide[0, 0, 8] == pytest.approx(np.sin(-np.pi * 0.375 * 2))
    x = as_input(shown)
    own = torch.tensor([SIZE[1] / SIZE[0]])
    assert torch.equal(network(x), network(x, own))
    assert not torch.allclose(network(x, 3 * own), network(x, own), atol=1e-3)


def test_engines_agree_also_when_told_the_proportions(network: AttentionNet, shown: np.ndarray) -> None:
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    row = replace(ARCHITECTURES["attention_net"], input_size=SIZE, output_size=SIZE)
    card = ModelCard("attention_net", "A test", "logits", input_size=SIZE)
    eager = torch_engine(card, weights, "cpu")
    for aspect in (SIZE[1] / SIZE[0], 0.6):
        given = np.array([aspect], np.float32)
        theirs = eager.densities(shown, given)[0]
        ours = compile_network(row, weights, "logits")([shown, given])[0][0]
        assert np.abs(ours - theirs).max() < 1e-4 * theirs.max()
    engine = OpenVinoEngine(row, weights, "logits")
    near = 1e-4 if "float32" in engine.title else 0.05
    told, untold = engine.densities(shown, given)[0], engine.densities(shown)[0]
    assert np.abs(told - theirs).max() < near * theirs.max()
    assert np.abs(told - untold).max() > 0.01 * theirs.max()


def test_a_rollout_follows_the_rows_and_a_place_is_explained_by_what_it_sees(
    network: AttentionNet, tmp_path: Path
) -> None:
    ahead = torch.zeros(1, 1, 3, 3)
    ahead[..., [0, 1, 2], [1, 2, 2]] = 1  # each token takes from the next
    assert torch.allclose(rolled_out([ahead, ahead])[0, 0], torch.tensor([0.25, 0.5, 0.25]))
    write_model(tmp_path / "mine", ModelCard("attention_net", "A test", "logits", input_size=SIZE), network)
    pixels = np.full((180, 320, 3), 90, np.uint8)
    pixels[40:80, 30:90] = (250, 40, 10)
    found = explain(tmp_path / "mine", pixels, (0.19, 0.33))
    assert found.rollout.shape == (6, 9) and found.gradient.shape == SIZE
    assert found.rollout.sum() == pytest.approx(1, abs=1e-5)
    assert found.gradient.sum() == pytest.approx(1, abs=1e-4)
    row, column = np.unravel_index(found.gradient.argmax(), SIZE)
    assert abs(row / SIZE[0] - 0.33) < 0.25 and abs(column / SIZE[1] - 0.19) < 0.25
    assert found.rollout[1, 1] > 1 / found.rollout.size  # the place's own tokens count
    target = tmp_path / "why.png"
    order = ["predict", tmp_path / "shown.png", "-o", target, "--model", tmp_path / "mine"]
    save_picture(tmp_path / "shown.png", pixels)
    assert main([*map(str, order), "--explain", "0.19,0.33"]) == 0
    assert load_picture(target).pixels.shape == (180, 3 * 320 + 24, 3)
    assert (
        main([*map(str, order[:3]), str(tmp_path / "shown.png"), *map(str, order[4:]), "--explain", "0,0"])
        == 1
    )
    assert np.array_equal(load_picture(tmp_path / "shown.png").pixels, pixels)


def test_an_area_is_explained_by_all_its_tokens_and_its_share(
    network: AttentionNet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_model(tmp_path / "mine", ModelCard("attention_net", "A test", "logits", input_size=SIZE), network)
    pixels = np.asarray(resize(data.coffee(), SIZE), np.uint8)
    cell = Rectangle(2 / 9, 1 / 6, 3 / 9, 2 / 6, name="A cell")
    left, right = Rectangle(0, 0, 1 / 9, 1 / 6), Rectangle(8 / 9, 0, 1, 1 / 6)
    grids = network.grids(torch.zeros(1, 3, *SIZE))
    fine, coarse = (_weights(cell.outline(), grid) for grid in grids)
    assert fine[1, 2] == pytest.approx(1) and coarse.sum() == pytest.approx(1)
    assert np.array_equal(_weights((0.3, 0.2), grids[0]) > 0, fine > 0.5)  # a point's own token
    both = Polygon(((0, 0), (1, 0), (1, 1 / 6), (0, 1 / 6)))
    row = _weights(both.outline(), grids[0])
    assert np.allclose(row[0], 1 / 9) and np.allclose(row[1:], 0)
    logs = torch.full(SIZE, -float(np.log(SIZE[0] * SIZE[1])))
    assert _logarithm(logs, cell.outline()).exp() == pytest.approx(1 / 54, rel=1e-4)  # of an even map
    found = [explain(tmp_path / "mine", pixels, area.outline()) for area in (left, right)]
    assert all(one.rollout.sum() == pytest.approx(1, abs=1e-5) for one in found)
    assert found[0].rollout[0, 0] > found[1].rollout[0, 0]
    apart = np.subtract(*(_middle(one.gradient) for one in found))
    assert np.hypot(*apart) > 0.1
    for name in ("one.png", "two.png"):
        save_picture(tmp_path / name, pixels)
    areas = (ProjectPicture(tmp_path / "one.png", (cell,)), ProjectPicture(tmp_path / "two.png", (left,)))
    save_project(tmp_path / "p.json", Project(areas))
    order = ["predict", "--project", str(tmp_path / "p.json"), "--model", str(tmp_path / "mine")]
    assert main([*order, "-o", str(tmp_path / "why"), "--explain", "A cell"]) == 0
    (made,) = (path.name for path in (tmp_path / "why").iterdir() if path.suffix == ".png")
    assert made == "one-explained.png"
    explained = explain(tmp_path / "mine", pixels, cell.outline())
    drawn = draw_explained(pixels, (explained.rollout, explained.gradient), cell.outline())
    assert np.array_equal(load_picture(tmp_path / "why" / made).pixels, drawn)
    assert f"correlation of {explained.agreement:.2f}" in capsys.readouterr().out
    assert main([*order, "-o", str(tmp_path / "why"), "--explain", "No such"]) == 1
    assert "it has no area 'No such' (A cell)" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["predict", str(tmp_path / "one.png"), "-o", str(tmp_path / "x.png"), "--explain", "A cell"])


def _middle(weights: np.ndarray) -> tuple[float, float]:
    """The centre of mass, in fractions of the sides."""
    rows, columns = np.indices(weights.shape)
    total = weights.sum()
    return (rows * weights).sum() / total / weights.shape[0], (
        columns * weights
    ).sum() / total / weights.shape[1]


def test_work_on_an_explanation_can_be_ended(network: AttentionNet, tmp_path: Path) -> None:
    write_model(tmp_path / "mine", ModelCard("attention_net", "A test", "logits", input_size=SIZE), network)
    seen: list[None] = []

    def go_on() -> None:
        seen.append(None)
        if len(seen) == 2:
            raise KeyError("enough")

    with pytest.raises(KeyError):
        explain(tmp_path / "mine", np.zeros((24, 32, 3), np.uint8), (0.5, 0.5), go_on)


def test_on_a_long_page_the_screen_with_the_place_is_seen(network: AttentionNet, tmp_path: Path) -> None:
    assert screen_at(100, 0, 0.9) == (0, 100) and screen_at(100, 120, 0.9) == (0, 100)
    assert [screen_at(250, 100, y) for y in (0, 0.39, 0.41, 0.85, 1)] == [
        (0, 100), (0, 100), (100, 200), (150, 250), (150, 250),
    ]  # fmt: skip
    assert on_screen((0.5, 0.5), 0.4, 0.8) == (0.5, pytest.approx(0.25))
    assert np.allclose(on_screen(np.array([[0, 0.4], [1, 0.8]]), 0.4, 0.8), [[0, 0], [1, 1]])
    write_model(tmp_path / "mine", ModelCard("attention_net", "A test", "logits", input_size=SIZE), network)
    page = np.concatenate(
        [np.full((90, 120, 3), 200, np.uint8), np.asarray(resize(data.coffee(), (90, 120)))]
    )
    found = explain(tmp_path / "mine", page, (0.25, 0.75), rows=90)
    alone = explain(tmp_path / "mine", page[90:], (0.25, 0.5))
    assert np.array_equal(found.drawn(), alone.drawn()) and found.agreement == alone.agreement
    assert not np.array_equal(found.rollout, explain(tmp_path / "mine", page, (0.25, 0.75)).rollout)


def test_a_network_without_attention_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    save_picture(tmp_path / "grey.png", np.full((24, 32, 3), 90, np.uint8))
    order = ["predict", str(tmp_path / "grey.png"), "-o", str(tmp_path / "why.png")]
    assert main([*order, "--model", "live_net", "--explain", "0.5,0.5"]) == 1
    assert "live_net has no attention that could be explained" in capsys.readouterr().err
    assert not (tmp_path / "why.png").exists()
    with pytest.raises(SystemExit, match="2"):
        main([*order, "--explain", "2,0.5"])
