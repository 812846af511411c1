from dataclasses import replace

import pytest
import torch
from torch import nn

from salviewer.models.live_net import LiveNet
from salviewer.training.optimisation import average, make_optimiser, rate, set_rate
from salviewer.training.recipe import PAN2016, Recipe, load_recipe


def test_schedules() -> None:
    assert {rate(PAN2016, step, 50) for step in range(50)} == {1.0}
    for schedule in ("one_cycle", "linear"):
        recipe = replace(PAN2016, schedule=schedule, warmup=0.2)
        rates = [rate(recipe, step, 50) for step in range(50)]
        assert rates[:10] == pytest.approx([(step + 1) / 10 for step in range(10)])
        assert rates[10:] == sorted(rates[10:], reverse=True)
        assert rates[10] == 1
        assert rates[30] == pytest.approx(0.5)
        assert rates[-1] < 0.03


def test_published_sgd_decays_every_parameter() -> None:
    optimiser = make_optimiser(nn.Conv2d(3, 4, 3), PAN2016)
    assert isinstance(optimiser, torch.optim.SGD)
    for group in optimiser.param_groups:
        assert (group["lr"], group["momentum"], group["weight_decay"], group["nesterov"]) == (
            1e-3,
            0.9,
            4e-6,
            False,
        )


@pytest.mark.parametrize(
    "recipe", [PAN2016, load_recipe("modern", "live_net")], ids=lambda recipe: recipe.name
)
def test_steps_are_those_of_torchs_own_optimiser(recipe: Recipe) -> None:
    networks = [nn.Conv2d(3, 4, 3), nn.Conv2d(3, 4, 3)]
    networks[1].load_state_dict(networks[0].state_dict())
    ours = make_optimiser(networks[0], recipe)
    groups = [
        {**group, "params": [dict(networks[1].named_parameters())[name] for name in names]}
        for group, names in zip(ours.param_groups, (["weight"], ["bias"]), strict=True)
    ]
    theirs = type(ours).__mro__[1](groups)
    for number in range(6):
        for network, optimiser in zip(networks, (ours, theirs), strict=True):
            optimiser.zero_grad(set_to_none=True)
            (network(torch.full((1, 3, 5, 5), number + 1.0)).square().sum()).backward()
            optimiser.step()
            if number == 3:  # as a resume does
                optimiser.load_state_dict(optimiser.state_dict())
    for one, other in zip(networks[0].parameters(), networks[1].parameters(), strict=True):
        assert torch.equal(one, other)


def test_modern_gives_the_encoder_its_own_rate_and_spares_norms() -> None:
    network = LiveNet()
    optimiser = make_optimiser(network, load_recipe("modern", "live_net"))
    set_rate(optimiser, 0.5)
    rates = {
        id(value): (group["lr"], group["weight_decay"])
        for group in optimiser.param_groups
        for value in group["params"]
    }
    assert len(rates) == len(list(network.parameters()))
    assert rates[id(network.encoder.stem[0].weight)] == (1.5e-4, 1e-2)
    assert rates[id(network.encoder.stem[1].weight)] == (1.5e-4, 0)
    assert rates[id(network.head.weight)] == (1.5e-3, 1e-2)


def test_average_follows_faster_while_young() -> None:
    network = nn.BatchNorm2d(1)
    averaged = {name: value.clone() for name, value in network.state_dict().items()}
    with torch.no_grad():
        network.weight.fill_(3)
        network.num_batches_tracked.fill_(7)
    average(averaged, network, 0.9, step=0)
    assert averaged["weight"].item() == pytest.approx(0.1 * 1 + 0.9 * 3)
    assert averaged["num_batches_tracked"].item() == 7
    average(averaged, network, 0.9, step=10_000)
    assert averaged["weight"].item() == pytest.approx(0.9 * 2.8 + 0.1 * 3)
