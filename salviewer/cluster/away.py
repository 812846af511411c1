"""Runs a job for a program outside the cluster (``ray://``): an actor on the head node is in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from salviewer.cluster import versions
from salviewer.cluster.faults import explained
from salviewer.cluster.job import Job
from salviewer.cluster.run import Progress, run

_HEAD = {"node:__internal_head__": 0.001}  # a resource that Ray gives the head node alone


class Runner:
    """The actor; it ends with the program that started it.

    Args:
        job: what is done.
        expected: `versions.identity` of that program.
    """

    def __init__(self, job: Job, expected: versions.Identity) -> None:
        import ray

        self._steps = run(ray, job, expected)

    def step(self) -> Progress | None:
        """Return how far it is, as `run` yields it; None at the end."""
        return next(self._steps, None)


def run_away(library: Any, job: Job) -> Iterator[Progress]:
    """Do a job as `run`.

    Raises:
        ClusterError: as `run`, or the head node went away.
    """
    expected = versions.identity(job.model.ref)
    runner = library.remote(Runner).options(num_cpus=0, resources=_HEAD).remote(job, expected)
    try:
        while (progress := library.get(runner.step.remote())) is not None:
            yield progress
    except library.exceptions.RayError as error:
        raise explained(error) from error
    finally:
        with suppress(Exception):
            library.kill(runner)
