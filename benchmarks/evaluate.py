"""Compare `salviewer evaluate` with a plain loop that predicts and scores one picture after another.

    python benchmarks/evaluate.py [--data DIR] [--model live_net] [--rounds 5] [--every 2]

Both score the same pictures of the test part with the same network, loaded once, and take turns in one
process: in each round both score all of them. Reading the pictures is not counted: they were decoded before,
as `evaluate` keeps them. The scores of both must be the same to the last digit. The table has the medians of
the clock and of processor time, and the ratio within each round.
"""

from __future__ import annotations

# First, as in the program, and for both loops: threads of OpenBLAS would wait in loops.
import salviewer.library_settings  # noqa: F401  # isort: skip

import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from common import about, heading, options, write

from salviewer import api
from salviewer.training.evaluation import Evaluation, evaluate, seen_by
from salviewer.training.guesses import Guesser, guesser_of
from salviewer.training.held_out import open_held_out
from salviewer.training.scoring import Chunk, Scoring, Spread, overlapped

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "eyetracking"


def plain(
    scoring: Scoring, chunks: Iterable[Chunk], guessers: Sequence[Guesser]
) -> Iterator[list[dict[str, Any]]]:
    """Predict and score one picture, then the next."""
    for chunk in chunks:
        for at, name in enumerate(chunk.names):
            maps = {each.name: each.maps([name]) for each in guessers}
            yield scoring.score(_only(chunk, at), maps)


def _only(chunk: Chunk, at: int) -> Chunk:
    """Return the chunk of a single picture."""
    one = slice(at, at + 1)
    return replace(
        chunk, names=chunk.names[one], rows=chunk.rows[one], truths=chunk.truths[one],
        fixations=chunk.fixations[one], viewers=chunk.viewers[one], aspects=chunk.aspects[one],
    )  # fmt: skip


def main() -> int:
    """Run both in turns and print a table."""
    parser = options(__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="a data set with fixations")
    parser.add_argument("--model", default="live_net")
    parser.add_argument("--every", type=int, default=2, help="score every n-th picture")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.every, chosen.rounds = 40, 1
    known = about()
    print(heading(known))
    predictor = api.load_model(chosen.model)
    held = open_held_out(chosen.data, None, "test", predictor.card)
    first = guesser_of(predictor, seen_by(predictor, held.dataset.samples, held.pack))
    loops: dict[str, Spread] = {"plain loop": plain, "salviewer": overlapped}
    clock: dict[str, list[float]] = {name: [] for name in loops}
    busy: dict[str, list[float]] = {name: [] for name in loops}
    for number in range(chosen.rounds + 1):
        tables: list[Evaluation] = []
        for name, spread in list(loops.items()) if number % 2 else reversed(loops.items()):
            began, used = time.perf_counter(), time.process_time()
            tables.append(
                evaluate(
                    first, held.pack, held.chosen.held, held.chosen.fitted, every=chosen.every, spread=spread
                )
            )
            count = len({each["name"] for each in tables[-1].pictures})
            clock[name].append((time.perf_counter() - began) / count)
            busy[name].append((time.process_time() - used) / count)
        assert tables[0].pictures == tables[1].pictures, "the scores differ"
    print("| | ms a picture | ms of processor time |\n| --- | ---: | ---: |")
    for name in loops:  # the first round is to warm up
        print(
            f"| {name} | {1000 * statistics.median(clock[name][1:]):.1f} "
            f"| {1000 * statistics.median(busy[name][1:]):.1f} |"
        )
    ratios = [a / b for a, b in zip(*(values[1:] for values in clock.values()), strict=True)]
    print(f"ratio {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    write(chosen.json, known, {"pictures": count, "seconds": clock, "processor": busy, "ratios": ratios})
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
