"""Score pictures of a data set on all nodes: workers have the networks, and get a few pictures at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salviewer.cluster import versions
from salviewer.cluster.faults import explained
from salviewer.cluster.job import Model
from salviewer.cluster.pool import Pool
from salviewer.models.loading import load_model
from salviewer.training.guesses import Guesser
from salviewer.training.scoring import Chunk, Scoring, Spread


class Scorer:
    """An actor that loads the networks once.

    Args:
        scoring: what all scores have in common.
        models: the networks, by the names of their maps.
        order: of all sources of maps.
    """

    def __init__(self, scoring: Scoring, models: Mapping[str, Model], order: Sequence[str]) -> None:
        self._scoring, self._order = scoring, order
        self._networks = {
            name: load_model(model.ref, model.device, model.engine) for name, model in models.items()
        }

    def ready(self) -> None:
        """Return when the networks are loaded."""

    def do_row(
        self, row: tuple[int, Chunk, Mapping[str, NDArray[np.uint8]], Mapping[str, Any]]
    ) -> tuple[int, list[dict[str, Any]]]:
        """Return the scores of a few pictures, and their number.

        Args:
            row: their number, the pictures, what each network is given of them, and the maps of the sources
                that are no networks.
        """
        number, chunk, stimuli, ready = row
        maps = dict(ready)
        for name, given in stimuli.items():
            maps[name] = list(self._networks[name].densities(given, chunk.aspects))
        return number, self._scoring.score(chunk, {name: maps[name] for name in self._order})


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
        device = next((model.device for model in models.values()), "cpu")
        order = tuple(each.name for each in guessers)
        pool = Pool(library, Scorer, (library.put(scoring), dict(models), order), device)
        early: dict[int, list[dict[str, Any]]] = {}
        due = 0
        try:
            for number, scores in pool.do(_rows(chunks, guessers)):
                early[number] = scores
                while due in early:
                    yield early.pop(due)
                    due += 1
        except library.exceptions.RayActorError as error:
            raise explained(error, "workers died again and again, with nothing done in between") from error
        except library.exceptions.RayError as error:
            raise explained(error) from error
        finally:
            pool.close()

    return spread


def _rows(chunks: Iterable[Chunk], guessers: Sequence[Guesser]) -> Iterator[tuple[Any, ...]]:
    for number, chunk in enumerate(chunks):
        stimuli = {each.name: each.stimuli(chunk.names) for each in guessers if each.stimuli}
        maps = {each.name: each.maps(chunk.names) for each in guessers if not each.stimuli}
        yield number, chunk, stimuli, maps
