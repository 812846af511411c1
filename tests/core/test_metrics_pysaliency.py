"""Our metrics against pysaliency: random maps, quantised ones full of ties, and real eye tracking."""

import sys
import types
from pathlib import Path

import cv2
import numpy as np
import pytest
from scipy.io import loadmat
from scipy.ndimage import gaussian_filter

from salviewer.core import metrics

EYETRACKING = Path(__file__).parents[3] / "shared" / "data" / "eyetracking" / "trainSet"
REAL = ["Objects/1246", "Objects/1087", "Crowd/001", "Crowd/250", "Scenes/001"]
AGREES = {"rel": 0, "abs": 1e-6}


@pytest.fixture(scope="module")
def pysaliency():
    """pysaliency 0.2.22 needs two names that newer setuptools and NumPy dropped; neither touches a metric."""
    with pytest.MonkeyPatch.context() as patch:
        if "pkg_resources" not in sys.modules:
            stub = types.ModuleType("pkg_resources")  # only used to unpack MATLAB models
            stub.resource_string = stub.resource_listdir = stub.resource_filename = None
            patch.setitem(sys.modules, "pkg_resources", stub)
        if not hasattr(np, "trapz"):
            patch.setattr(np, "trapz", np.trapezoid, raising=False)
        yield pytest.importorskip("pysaliency")


def random_case(seed):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(8, 90, 2))
    fixations = rng.integers(0, shape, (rng.integers(2, 120), 2))
    other = rng.integers(0, shape, (300, 2))
    counts = np.zeros(shape)
    np.add.at(counts, tuple(fixations.T), 1)
    truth = gaussian_filter(counts, 3, mode="constant") + 1e-7
    prediction = gaussian_filter(rng.random(shape), 2) ** 8 + 1e-7
    return prediction, truth, fixations, other


def quantised_case(seed):
    """Eight-bit maps, as in the data sets: zeros, plateaus and ties everywhere."""
    prediction, truth, fixations, other = random_case(seed)
    return np.rint(prediction / prediction.max() * 9), np.rint(truth / truth.max() * 255), fixations, other


def real_case(name):
    truth = cv2.imread(str(EYETRACKING / "FIXATIONMAPS" / f"{name}.png"), cv2.IMREAD_GRAYSCALE)
    if truth is None:
        pytest.skip(f"no {name} under {EYETRACKING}")
    fixations = np.argwhere(loadmat(EYETRACKING / "FIXATIONLOCS" / f"{name}.mat")["fixLocs"] > 0)
    picture = cv2.imread(str(EYETRACKING / "Stimuli" / f"{name}.jpg"), cv2.IMREAD_GRAYSCALE).astype(float)
    y, x = (np.linspace(-1, 1, n) for n in truth.shape)
    centre = np.exp(-(y[:, None] ** 2 + x**2) / 0.4)
    prediction = gaussian_filter(abs(picture - gaussian_filter(picture, 20)), 6) * centre
    other = np.random.default_rng(0).normal(0.5, 0.15, (2000, 2)) * truth.shape
    return prediction, truth, fixations, np.clip(other, 0, np.array(truth.shape) - 1).astype(int)


CASES = [
    *(pytest.param((random_case, seed), id=f"random{seed}") for seed in range(8)),
    *(pytest.param((quantised_case, seed), id=f"quantised{seed}") for seed in range(8)),
    *(pytest.param((real_case, name), id=name) for name in REAL),
]


@pytest.fixture(params=CASES)
def case(request):
    make, argument = request.param
    return make(argument)


def world(pysaliency, prediction, fixations, other=None):
    """pysaliency's view: two pictures of one size, the fixations of the first, the others on the second."""
    maps = [prediction.astype(float), prediction.astype(float) + 1]
    stimuli = pysaliency.Stimuli([np.zeros((*prediction.shape, 3), np.uint8) + i for i in range(2)])
    cells = [fixations] if other is None else [fixations, other]
    n = np.concatenate([np.full(len(c), i) for i, c in enumerate(cells)])
    rows, columns = np.concatenate(cells).T
    points = pysaliency.Fixations.create_without_history(columns.astype(float), rows.astype(float), n)

    class Given(pysaliency.SaliencyMapModel):
        def _saliency_map(self, stimulus):
            return maps[int(stimulus.flat[0])]

    return Given(), stimuli, points


def test_nss(pysaliency, case):
    prediction, _, fixations, _ = case
    theirs = pysaliency.metrics.NSS(prediction, fixations[:, 1], fixations[:, 0]).mean()
    assert metrics.nss(prediction, fixations) == pytest.approx(theirs, **AGREES)


def test_cc(pysaliency, case):
    prediction, truth, _, _ = case
    assert metrics.cc(prediction, truth) == pytest.approx(
        pysaliency.metrics.CC(prediction.astype(float), truth.astype(float)), **AGREES
    )


def test_sim(pysaliency, case):
    prediction, truth, _, _ = case
    assert metrics.sim(prediction, truth) == pytest.approx(
        pysaliency.metrics.SIM(prediction.astype(float), truth.astype(float)), **AGREES
    )


@pytest.mark.filterwarnings("ignore:divide by zero")
def test_kl(pysaliency, case):
    prediction, truth, _, _ = case
    theirs = pysaliency.metrics.MIT_KLDiv(prediction.astype(float), truth.astype(float))
    assert metrics.kl(prediction, truth) == pytest.approx(theirs, **AGREES)


def test_auc_judd(pysaliency, case):
    prediction, _, fixations, _ = case
    model, stimuli, points = world(pysaliency, prediction, fixations)
    theirs = model.AUC_Judd(stimuli, points, jitter=False)
    assert metrics.auc_judd(prediction, fixations) == pytest.approx(theirs, **AGREES)


def test_auc_judd_is_near_the_jittered_one(pysaliency):
    """Jitter only breaks ties at random: without plateaus it moves next to nothing."""
    prediction, _, fixations, _ = random_case(3)
    model, stimuli, points = world(pysaliency, prediction / prediction.max(), fixations)
    theirs = model.AUC_Judd(stimuli, points, jitter=True)
    assert metrics.auc_judd(prediction, fixations) == pytest.approx(theirs, abs=1e-3)


def test_shuffled_auc(pysaliency, case):
    prediction, _, fixations, other = case
    model, stimuli, points = world(pysaliency, prediction, fixations, other)
    theirs = np.asarray(model.sAUCs(stimuli, points))[: len(fixations)].mean()
    assert metrics.shuffled_auc(prediction, fixations, other) == pytest.approx(theirs, **AGREES)


def test_information_gain(pysaliency, case):
    """pysaliency's models are densities without zeros, so both maps are lifted off zero first."""
    prediction, truth, fixations, _ = case
    p, b = (m / m.sum() + 1e-2 / m.size for m in (prediction.astype(float), truth.astype(float)))
    _, stimuli, points = world(pysaliency, prediction, fixations)

    class Density(pysaliency.Model):
        def __init__(self, density):
            super().__init__()
            self.density = density

        def _log_density(self, stimulus):
            return np.log(self.density / self.density.sum())

    theirs = Density(p).information_gain(stimuli, points, Density(b))
    assert metrics.information_gain(p, fixations, b) == pytest.approx(theirs, **AGREES)
