import numpy as np
import pytest
import torch

from salviewer.core import metrics
from salviewer.training.losses import loss_of, probabilistic, quick_scores
from salviewer.training.recipe import PAN2016


@pytest.fixture
def example() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(2)
    logits = torch.randn(3, 20, 30)
    targets = torch.rand(3, 20, 30)
    targets = targets / targets.sum((1, 2), keepdim=True)
    fixations = (torch.rand(3, 20, 30) < 0.05).float()
    return logits, targets, fixations


def expected(
    logits: torch.Tensor, targets: torch.Tensor, fixations: torch.Tensor
) -> list[tuple[float, float, float]]:
    rows = []
    for one, target, counts in zip(logits.double(), targets.double(), fixations, strict=True):
        density = one.flatten().softmax(0).reshape(one.shape).numpy()
        cells = np.argwhere(counts.numpy() > 0)
        rows.append(
            (
                metrics.kl(density, target.numpy()),
                metrics.cc(density, target.numpy()),
                metrics.nss(density, cells),
            )
        )
    return rows


def test_loss_is_made_of_the_metrics_it_names(
    example: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> None:
    found = probabilistic(*example, 0.5, 0.1)
    for value, (kl, cc, nss) in zip(found.tolist(), expected(*example), strict=True):
        assert value == pytest.approx(kl - 0.5 * cc - 0.1 * nss, abs=2e-4)


def test_quick_scores_agree_with_the_metrics(
    example: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> None:
    logits, targets, fixations = example
    maps = logits.flatten(1).softmax(1).reshape(logits.shape)
    scores = quick_scores(maps, targets, fixations)
    for index, (kl, cc, nss) in enumerate(expected(*example)):
        assert scores["KL"][index] == pytest.approx(kl, abs=1e-6)
        assert scores["CC"][index] == pytest.approx(cc, abs=1e-6)
        assert scores["NSS"][index] == pytest.approx(nss, abs=1e-6)


def test_pictures_without_fixations_only_lose_the_nss(
    example: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> None:
    logits, targets, _ = example
    none = torch.zeros_like(targets)
    assert torch.allclose(
        probabilistic(logits, targets, none, 0.5, 0.1), probabilistic(logits, targets, none, 0.5, 0)
    )
    assert quick_scores(targets, targets, none)["NSS"].isnan().all()


def test_mse_compares_with_maps_of_peak_one(example: tuple[torch.Tensor, torch.Tensor, torch.Tensor]) -> None:
    _, targets, fixations = example
    truth = targets / targets.amax((1, 2), keepdim=True)
    assert loss_of(truth[:, None], targets, fixations, PAN2016) == pytest.approx(0, abs=1e-12)
    assert loss_of(truth[:, None] + 0.5, targets, fixations, PAN2016) == pytest.approx(0.25, abs=1e-6)
