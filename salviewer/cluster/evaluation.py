"""Score pictures of a data set on all nodes: workers have the networks, and get a few pictures at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.cluster import versions
from salviewer.cluster.faults import explained
from salviewer.cluster.job import Model
from salviewer.cluster.run import workers
from salviewer.models.loading import load_model
from salviewer.training.guesses import Guesser
from salviewer.training.scoring import Chunk, Scoring, Spread

_PREFETCHED = 2  # chunks that wait for each worker


class Scorer:
    """An actor that loads the networks once.

    Args:
        scoring: what all scores have in common.
        models: the networks, by the names of their maps.
    """

    def __init__(self, scoring: Scoring, models: Mapping[str, Model]) -> None:
        self._scoring = scoring
        self._networks = {
            name: load_model(model.ref, model.device, model.engine) for name, model in models.items()
        }

    def score(
        self,
        chunk: Chunk,
        stimuli: Mapping[str, NDArray[np.uint8]],
        maps: Mapping[str, Any],
        order: Sequence[str],
    ) -> list[dict[str, Any]]:
        """Return the scores of a few pictures.

        Args:
            stimuli: what each network is given.
            maps: of the sources that are no networks.
            order: of all of them.
        """
        found = dict(maps)
        for name, given in stimuli.items():
            found[name] = list(self._networks[name].densities(given, chunk.aspects))
        return self._scoring.score(chunk, {name: found[name] for name in order})


def spread_over(library: Any, models: Mapping[str, Model]) -> Spread:
    """Return how to score on a cluster, for `training.evaluation.evaluate`.

    Args:
        library: the module ``ray``, connected.
        models: the networks among the sources of maps, by their names.

    Raises:
        ClusterError: the nodes differ.
    """
    for model in models.values():
        versions.check(library, versions.identity(model.ref))

    def spread(
        scoring: Scoring, chunks: Iterable[Chunk], guessers: Sequence[Guesser]
    ) -> Iterator[list[dict[str, Any]]]:
        from ray.util import ActorPool

        device = next((model.device for model in models.values()), "cpu")
        size, options = workers(library, device)
        common = library.put(scoring)
        kind = library.remote(Scorer).options(max_restarts=-1, max_task_retries=-1, **options)
        pool = ActorPool([kind.remote(common, dict(models)) for _ in range(size)])
        waiting = 0
        try:
            for chunk in chunks:
                given = {each.name: each.stimuli(chunk.names) for each in guessers if each.stimuli}
                ready = {each.name: each.maps(chunk.names) for each in guessers if not each.stimuli}
                pool.submit(_asked, (chunk, given, ready, tuple(each.name for each in guessers)))
                waiting += 1
                while waiting > _PREFETCHED * size:
                    yield pool.get_next()
                    waiting -= 1
            while pool.has_next():
                yield pool.get_next()
        except library.exceptions.RayError as error:
            raise explained(error) from error

    return spread


def _asked(actor: Any, given: tuple[Any, ...]) -> Any:
    return actor.score.remote(*given)
