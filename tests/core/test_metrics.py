"""The metrics' own laws: hand-computed numbers, invariances, bounds, perfect predictions, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salviewer.core.metrics import EPS, auc_judd, cc, information_gain, kl, nss, shuffled_auc, sim

LADDER = np.arange(12, dtype=float).reshape(3, 4)


@st.composite
def cases(draw):
    """A map of small integers (exact under monotone change), a second one, fixations and others'."""
    shape = draw(st.tuples(st.integers(2, 12), st.integers(2, 12)))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    first, second = (rng.integers(0, draw(st.integers(2, 50)), shape).astype(float) for _ in range(2))
    count = draw(st.integers(1, shape[0] * shape[1] - 1))
    return first, second, rng.integers(0, shape, (count, 2)), rng.integers(0, shape, (30, 2))


# ---- numbers worked out by hand


def test_nss_by_hand():
    assert nss(np.array([[0, 0, 0, 4]]), np.array([[0, 3]])) == pytest.approx(3 / np.sqrt(3))
    assert nss(LADDER, np.array([[2, 3], [0, 0]])) == pytest.approx(0)


def test_auc_judd_by_hand():
    top = np.array([[2, 3]])
    assert auc_judd(LADDER, top) == 1
    # One of the 11 free cells lies above the fixated value: a straight line up to (1/11, 1).
    assert auc_judd(LADDER, np.array([[2, 2]])) == pytest.approx(1 - 0.5 / 11)
    assert auc_judd(LADDER, np.array([[0, 0]])) == pytest.approx(0.5)


def test_shuffled_auc_by_hand():
    others = np.array([[0, 0], [0, 1], [2, 3], [1, 0]])  # 0, 1, 11, 4
    assert shuffled_auc(LADDER, np.array([[1, 0]]), others) == (2 + 0.5) / 4
    assert shuffled_auc(LADDER, np.array([[2, 3], [0, 0]]), others) == pytest.approx((3.5 + 0.5) / 8)


def test_cc_by_hand():
    assert cc(np.array([[1, 2, 3]]), np.array([[1, 2, 1]])) == pytest.approx(0)
    assert cc(np.array([[1, 2, 3]]), np.array([[1, 3, 2]])) == pytest.approx(0.5)


def test_sim_and_kl_by_hand():
    p, t = np.array([[1, 1, 2]]), np.array([[2, 1, 1]])
    assert sim(p, t) == pytest.approx(0.75)
    assert kl(p, t) == pytest.approx(0.5 * np.log(2) + 0.25 * np.log(0.5))
    assert kl(np.array([[1, 1, 0, 0]]), np.array([[0, 0, 1, 1]])) == pytest.approx(
        np.log(0.5 / EPS), abs=1e-6
    )


def test_information_gain_by_hand():
    p, b = np.array([[4, 2, 1, 1]]), np.ones((1, 4))
    assert information_gain(p, np.array([[0, 0]]), b) == pytest.approx(1)
    assert information_gain(p, np.array([[0, 0], [0, 3]]), b) == pytest.approx(0)
    assert information_gain(np.array([[0, 1]]), np.array([[0, 0]]), np.array([[1, 1]])) == pytest.approx(
        np.log2(EPS) + 1
    )


def test_a_repeated_fixation_counts_twice():
    once, twice = np.array([[2, 3], [0, 0]]), np.array([[2, 3], [2, 3], [0, 0]])
    assert nss(LADDER, twice) > nss(LADDER, once)
    assert auc_judd(LADDER, twice) > auc_judd(LADDER, once)


# ---- laws


@given(cases(), st.floats(0.01, 100), st.floats(-100, 100))
def test_nss_and_cc_do_not_see_scale_and_offset(case, a, b):
    first, second, fixations, _ = case
    assert nss(a * first + b, fixations) == pytest.approx(nss(first, fixations), abs=1e-6)
    assert cc(a * first + b, second) == pytest.approx(cc(first, second), abs=1e-6)
    assert cc(-first, second) == pytest.approx(-cc(first, second), abs=1e-9)


@given(cases())
def test_the_auc_see_only_the_order(case):
    first, _, fixations, other = case
    for change in (np.exp, np.sqrt, lambda x: x**3 - 7):
        assert auc_judd(change(first), fixations) == auc_judd(first, fixations)
        assert shuffled_auc(change(first), fixations, other) == shuffled_auc(first, fixations, other)


@given(cases())
def test_shuffled_auc_turns_around_when_the_roles_do(case):
    first, _, fixations, other = case
    there, back = shuffled_auc(first, fixations, other), shuffled_auc(first, other, fixations)
    assert there + back == pytest.approx(1)
    assert shuffled_auc(-first, fixations, other) == pytest.approx(back)


@given(cases(), st.floats(1e-3, 1e3))
def test_bounds_and_symmetry(case, scale):
    first, second, fixations, other = case
    assert 0 <= auc_judd(first, fixations) <= 1
    assert 0 <= shuffled_auc(first, fixations, other) <= 1
    assert -1 <= cc(first, second) <= 1
    assert 0 <= sim(first, second) <= 1 + 1e-12
    assert -1e-12 <= kl(first, second) <= -np.log(EPS) + 1e-9
    assert cc(first, second) == pytest.approx(cc(second, first))
    assert sim(first, second) == pytest.approx(sim(second, scale * first))
    assert kl(scale * first, second) == pytest.approx(kl(first, second), abs=1e-9)


@given(cases())
def test_a_perfect_prediction(case):
    truth, _, fixations, _ = case
    truth[0, 0], truth[1, 1] = 1, 2  # neither constant nor empty
    assert cc(truth, truth) == pytest.approx(1)
    assert sim(truth, truth) == pytest.approx(1)
    assert kl(truth, truth) == pytest.approx(0, abs=1e-9)
    assert information_gain(truth, fixations, truth) == 0
    fixated = np.zeros(truth.shape)
    fixated[tuple(fixations.T)] = 1
    assert auc_judd(fixated, fixations) == 1


@given(cases())
def test_the_gain_over_a_uniform_baseline_does_not_see_scale(case):
    first, _, fixations, _ = case
    first += 1
    uniform = np.ones_like(first)
    gain = information_gain(first, fixations, uniform)
    assert gain == pytest.approx(information_gain(9 * first, fixations, 3 * uniform))
    assert gain == pytest.approx(np.log2(first * first.size / first.sum())[tuple(fixations.T)].mean())


def test_constant_maps():
    constant, spot = np.full((3, 4), 0.1), np.array([[2, 3]])
    assert nss(constant, spot) == 0
    assert auc_judd(constant, spot) == 0.5
    assert shuffled_auc(constant, spot, np.array([[0, 0]])) == 0.5
    assert cc(constant, LADDER) == cc(LADDER, constant) == cc(constant, constant) == 0
    assert sim(np.zeros((3, 4)), constant) == pytest.approx(1)
    assert kl(np.zeros((3, 4)), constant) == pytest.approx(0, abs=1e-9)


def test_integer_and_half_precision_maps_are_read_in_full_precision():
    rng = np.random.default_rng(0)
    eight_bit = rng.integers(0, 256, (240, 320), dtype=np.uint8)
    fixations = rng.integers(0, (240, 320), (50, 2))
    for dtype in (np.uint8, np.float16, np.float32):
        assert nss(eight_bit.astype(dtype), fixations) == nss(eight_bit.astype(float), fixations)
        assert cc(eight_bit.astype(dtype), eight_bit) == pytest.approx(1, abs=1e-12)


# ---- refusals

OK = np.array([[0, 0]])
SMALL = np.ones((2, 2))
HOLE = np.array([[1, np.nan], [1, 1]])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nss(np.ones(4), OK), r"HxW array, not of shape \(4,\)"),
        (lambda: nss(np.ones((0, 4)), OK), "non-empty"),
        (lambda: nss(HOLE, OK), "not finite"),
        (lambda: nss(LADDER, np.empty((0, 2), int)), "there are no fixations"),
        (lambda: nss(LADDER, np.array([0, 0])), "integer array"),
        (lambda: nss(LADDER, np.array([[0.0, 0.0]])), "integer array"),
        (lambda: nss(LADDER, np.array([[0, 4]])), "outside the map of 3 x 4"),
        (lambda: nss(LADDER, np.array([[-1, 0]])), "outside the map"),
        (lambda: auc_judd(SMALL, np.argwhere(SMALL > 0)), "nobody fixated"),
        (lambda: shuffled_auc(LADDER, OK, np.empty((0, 2), int)), "there are no other fixations"),
        (lambda: cc(LADDER, SMALL), r"\(3, 4\) and the true map \(2, 2\)"),
        (lambda: sim(SMALL, LADDER), "must be the same"),
        (lambda: kl(SMALL, -SMALL), "the true map is negative"),
        (lambda: sim(-SMALL, SMALL), "the map is negative"),
        (lambda: information_gain(LADDER, OK, SMALL), "the baseline"),
        (lambda: information_gain(SMALL, OK, HOLE), "the baseline holds"),
    ],
)
def test_refusals_are_one_clear_sentence(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
