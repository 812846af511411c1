"""Which faults of a cluster are gone at the next attempt, without one."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest

from salviewer.cluster import faults
from salviewer.cluster.errors import ClusterError, StoreError
from salviewer.cluster.faults import PATIENCE, Faults, explained

ray = pytest.importorskip("ray")


def raised(cause: Exception) -> Exception:
    """What a program gets when a task raises this: made, sent and opened as Ray does."""
    sent = pickle.loads(ray.cloudpickle.dumps(cause))
    error: Exception = ray.exceptions.RayTaskError("do", "Traceback\nValueError: said", sent, "p", 1, "ip")
    found: Exception = error.as_instanceof_cause()
    return found


def gone() -> Exception:
    unavailable: Exception = ray.exceptions.ActorUnavailableError("connection refused", None)
    return unavailable


def as_text(text: str) -> Exception:
    """What Ray makes of an error that it cannot send."""
    given = f"ray.exceptions.RayTaskError: ray::do() (pid=1)\n  File x\n{text}\n said"
    unserializable: Exception = ray.exceptions.UnserializableException(given)
    return unserializable


def begun_badly(text: str) -> Exception:
    error = ray.exceptions.RayTaskError("start", f"Traceback\n{text}", ValueError(), "p", 1, "ip")
    died: Exception = ray.exceptions.ActorDiedError(error)
    return died


PASSING: dict[str, Callable[[], Exception]] = {
    "away": gone,
    "within a task": lambda: raised(gone()),
    "twice": lambda: raised(raised(gone())),
    "died": ray.exceptions.ActorDiedError,
    "as text": lambda: as_text("ray.exceptions.ActorDiedError: The actor is dead."),
    "node": lambda: ray.exceptions.NodeDiedError("gone"),
    "worker": ray.exceptions.WorkerCrashedError,
    "object": lambda: ray.exceptions.ObjectLostError("00", b"", "here"),
    "memory": lambda: ray.exceptions.OutOfMemoryError("the worker had too little memory"),
}


@pytest.mark.parametrize("name", PASSING)
def test_what_is_gone_is_no_reason_to_end(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "_PAUSE", 0)
    seen = Faults(ray)
    for done in range(2 * PATIENCE):  # something gets done in between
        assert "begun anew" in seen.bear(PASSING[name](), done)


def test_without_progress_it_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "_PAUSE", 0)
    seen = Faults(ray)
    for _ in range(PATIENCE - 1):
        seen.bear(gone(), 7)
    with pytest.raises(ClusterError, match=r"nothing was done in between .*; the same command goes on"):
        seen.bear(gone(), 7)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (lambda: raised(ValueError("a mistake of ours")), "the cluster failed (ValueError: said)"),
        (lambda: raised(ClusterError("b has no model x")), "b has no model x"),
        (lambda: raised(StoreError("s3://a/b", "it is not there")), "s3://a/b: it is not there"),
        (
            lambda: begun_badly("salviewer.cluster.errors.ClusterError: b has salviewer 9"),
            "b has salviewer 9",
        ),
        (lambda: as_text("salviewer.errors.ModelError: x: it is empty"), "x: it is empty"),
        (lambda: as_text("ValueError: worse"), "the cluster failed (said)"),
        (lambda: begun_badly("ValueError: worse"), "a worker failed (ValueError: worse)"),
    ],
)
def test_what_would_come_again_ends_at_once(error: Callable[[], Exception], sentence: str) -> None:
    assert str(explained(error())) == sentence
    with pytest.raises(ClusterError) as ended:
        Faults(ray).bear(error(), 0)
    assert str(ended.value) == sentence
