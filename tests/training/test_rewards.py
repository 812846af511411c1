from dataclasses import replace

import pytest
import torch

from salviewer.errors import SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.training.initial_weights import initial_network
from salviewer.training.last_layers import hold, learning_mode
from salviewer.training.losses import loss_of
from salviewer.training.order import Order
from salviewer.training.recipe import load_recipe
from salviewer.training.rewards import reward_loss, reward_map


def places() -> tuple[torch.Tensor, torch.Tensor]:
    """Two pictures of 30x40: one with a fixation at (10, 30), one with only a teacher's density."""
    fixations, targets = torch.zeros(2, 30, 40), torch.zeros(2, 30, 40)
    fixations[0, 10, 30] = 2
    targets[0, 10, 30] = 1
    targets[1, 5, 5], targets[1, 20, 20] = 0.75, 0.25
    return targets, fixations


def test_a_place_earns_within_a_degree_of_a_fixation_or_what_the_teacher_says() -> None:
    targets, fixations = places()
    earned = reward_map(targets, fixations)
    rows, columns = torch.where(earned[0] > 0)
    assert earned[0].max() == 1
    assert 1 <= torch.hypot(rows - 10.0, columns - 30.0).max() <= 0.03 * 40
    assert (earned[1, 5, 5], earned[1, 20, 20]) == (1, pytest.approx(1 / 3))


def test_reward_moves_mass_to_the_rewarded_place_and_only_then() -> None:
    torch.manual_seed(0)
    targets, fixations = places()
    earned = reward_map(targets, fixations)
    logits = torch.zeros(2, 30, 40, requires_grad=True)
    loss = reward_loss(logits, earned, 4000)
    loss.sum().backward()
    before = (logits.detach().flatten(1).softmax(1) * earned.flatten(1)).sum(1)
    after = ((logits - logits.grad).detach().flatten(1).softmax(1) * earned.flatten(1)).sum(1)
    assert (after > before).all()
    assert logits.grad[0, 10, 30] < 0 < logits.grad[0, 25, 5]
    with torch.no_grad():  # the expectation that the draws estimate
        assert torch.allclose(loss, reward_loss(logits, earned, 1), atol=0.01)
    even = torch.zeros(1, 30, 40, requires_grad=True)
    reward_loss(even, torch.ones(1, 30, 40), 50).sum().backward()
    assert not even.grad.any()  # every place earns as much as the baseline


def test_the_recipe_lets_the_last_layers_alone_learn_from_the_shipped_weights(tmp_path: object) -> None:
    recipe = load_recipe("reward", "live_net")
    network, origin = initial_network(Order(tmp_path, "live_net", tmp_path), recipe)  # type: ignore[arg-type]
    assert "as shipped" in origin
    hold(network, ARCHITECTURES["live_net"].last_layers)
    learning_mode(network, held=True)
    statistics = network.refine[2].running_mean.clone()
    maps = torch.zeros(1, 64, 64)
    maps[0, 9, 9] = 1
    loss_of(network(torch.zeros(1, 3, 64, 64)), maps, maps, recipe).backward()
    learned = {name.split(".")[0] for name, value in network.named_parameters() if value.grad is not None}
    assert learned == {"merges", "refine", "head", "prior"}
    assert torch.equal(statistics, network.refine[2].running_mean)
    with pytest.raises(SalviewerError, match="names no last layers"):
        hold(network, ())
    assert replace(recipe, reward_anchor=0).loss == "reward"
