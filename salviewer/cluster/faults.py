"""Faults of the cluster itself: which are gone when the work is begun anew, and what to say of the others."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

from salviewer.cluster.errors import ClusterError
from salviewer.errors import SalviewerError

PATIENCE = 3
"""Faults one after the other, with nothing done between them, that end a run."""

_PAUSE = 1.0  # seconds before the work is begun anew, doubled while nothing gets done

# Of nodes, workers and what they held. Ray's own retries cover most of them, but not all at all times.
_PASSING = (
    "RayActorError",
    "WorkerCrashedError",
    "NodeDiedError",
    "ObjectLostError",
    "OutOfMemoryError",
    "RpcError",
)
_OURS = re.compile(r"^salviewer\.[\w.]+: (?P<sentence>.+)$", re.MULTILINE)
_RAYS = re.compile(r"^ray\.exceptions\.(\w+)", re.MULTILINE)


class Faults:
    """Keeps count of the faults of a run.

    Args:
        library: the module ``ray``.
    """

    def __init__(self, library: Any) -> None:
        self._passing = tuple(getattr(library.exceptions, name) for name in _PASSING)
        known = {name: kind for name, kind in vars(library.exceptions).items() if isinstance(kind, type)}
        self._names = {name for name, kind in known.items() if issubclass(kind, self._passing)}
        self._ended = -1
        self._row = 0

    def bear(self, error: Exception, ended: int) -> str:
        """Wait a little after a fault; return a remark for the user.

        Args:
            error: that reached the program.
            ended: pictures that were done or failed until now.

        Raises:
            ClusterError: the work would end the same way again, or nothing was done since `PATIENCE` faults.
        """
        self._row = self._row + 1 if ended == self._ended else 1
        self._ended = ended
        if not self.passes(error):
            raise explained(error) from error
        if self._row >= PATIENCE:
            raise ClusterError(
                f"nodes or workers went away {PATIENCE} times and nothing was done in between"
                f" ({_last_line(error)}); the same command goes on from here"
            ) from error
        time.sleep(_PAUSE * 2 ** (self._row - 1))
        return "a node or a worker went away; what remains is begun anew"

    def passes(self, error: BaseException) -> bool:
        """Return whether another attempt may go well: a node, a worker or what it held is gone."""
        causes = list(_causes(error))
        if any(isinstance(each, SalviewerError) or _failed_at_its_start(each) for each in causes):
            return False
        texts = [str(each) for each in causes if _arrived_as_text(each)]
        if any(_OURS.search(text) for text in texts):
            return False
        return any(isinstance(each, self._passing) for each in causes) or any(
            self._names.intersection(_RAYS.findall(text)) for text in texts
        )


def explained(error: Exception, happened: str = "the cluster failed") -> ClusterError:
    """Return what a user can make of an error of Ray: the sentence of the cause, where it is one of ours.

    Args:
        error: that reached the program.
        happened: what to say of others, but for those of a worker that could not begin.
    """
    causes = list(_causes(error))
    ours = [each for each in causes if isinstance(each, SalviewerError)]
    if ours:
        return ClusterError(str(ours[-1]))
    for each in causes:
        if _arrived_as_text(each) and (found := _OURS.search(str(each))) is not None:
            return ClusterError(found["sentence"])
    if any(_failed_at_its_start(each) for each in causes):
        happened = "a worker failed"
    return ClusterError(f"{happened} ({_last_line(error)})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, then what Ray or Python gives as its cause, to the first."""
    seen: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and not any(each is other for other in seen):
            seen.append(each)
            yield each
            waiting += [each.__cause__, getattr(each, "cause", None)]


def _failed_at_its_start(error: BaseException) -> bool:
    return bool(getattr(error, "actor_init_failed", False))


def _arrived_as_text(error: BaseException) -> bool:
    """Return whether it is the text of another: of a worker that never began, or one Ray cannot send."""
    return _failed_at_its_start(error) or type(error).__name__ == "UnserializableException"


def _last_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
