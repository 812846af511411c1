"""Score a finished run's model beside the bundled ones and the centre bias, on the run's test pictures."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from salviewer import launch
from salviewer.app.features.training.tasks import Tell
from salviewer.app.translation import tr
from salviewer.core.split_half import HALF_OF_FIXATIONS, HALF_OF_VIEWERS, ONE_VIEWER
from salviewer.errors import DataError, ModelError
from salviewer.models.card import CARD_NAME, read_card
from salviewer.training.order import read_order
from salviewer.training.run_history import last_words

CENTRE_BIAS, ALL, MACRO = "centre bias", "all", "mean of categories"
_LESS = "difference"
_NOT_SCORES = {"category", "predictor", "pictures", "intervals"}


@dataclass(frozen=True, slots=True)
class Scored:
    """One line of the table.

    Attributes:
        title: the model's, for display.
        pictures: number of scored pictures.
        scores: by metric.
        own: whether it is the run's model.
        intervals: (low, high) by metric: 95 %, by the bootstrap over pictures; empty where they are unknown.
    """

    title: str
    pictures: int
    scores: Mapping[str, float]
    own: bool = False
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scoring:
    """The progress of scoring.

    Attributes:
        lines: so far.
        now: the current task; "" at the end.
        each: at the end, the scores of each picture as CSV, as ``salviewer evaluate --csv`` writes them.
    """

    lines: tuple[Scored, ...]
    now: str = ""
    each: bytes = b""


@dataclass(frozen=True, slots=True)
class ScoringRequest:
    """What is scored on which data.

    Attributes:
        data: the data sets; the categories of several go into one table, with their mean.
        model: a model's folder; None for maps.
        maps: a folder of maps; None for a model.
        title: of the model or the maps, for display.
        beside: the folder of a second model, scored on the same pictures; None for none.
        beside_title: of that model, for display.
        part: ``test``, ``val`` or ``train``.
        original, whole, skip_first, old, one_viewer: as `training.scoring.Measures`.
    """

    data: tuple[Path, ...]
    model: Path | None
    maps: Path | None
    title: str
    beside: Path | None = None
    beside_title: str = ""
    part: str = "test"
    original: bool = False
    whole: bool = False
    skip_first: bool = False
    old: bool = False
    one_viewer: bool = False

    def arguments(self) -> list[str]:
        """Return the arguments of ``salviewer`` for it."""
        words = ["evaluate", *(f"--data={each}" for each in self.data), f"--part={self.part}"]
        words.append(f"--model={self.model}" if self.model is not None else f"--maps={self.maps}")
        words += [f"--beside={self.beside}"] * (self.beside is not None)
        words += ["--grid=original"] * self.original + ["--shuffled=all"] * self.whole
        words += ["--skip-first"] * self.skip_first + ["--old-metrics"] * self.old
        return words + ["--one-viewer"] * self.one_viewer


def kept_scores(root: Path, models: Sequence[tuple[str, Path]]) -> Scoring:
    """Return earlier scores of models as they are now: (title, folder), the run's own first."""
    found = [(title, _kept(root, folder)) for title, folder in models]
    return Scoring(_lines([(title, values) for title, values in found if values is not None]))


def score(root: Path, models: Sequence[tuple[str, Path]], tell: Tell, stop: threading.Event) -> Scoring:
    """Score what has no earlier score, each in a process of its own; call it in a thread of its own.

    Raises:
        DataError: the data have no ground truth, or a process failed.
        ModelError: the run has no complete model.
    """
    if read_card(root / "model" / CARD_NAME).data.get("layout") == "photographs":
        raise DataError(root, tr("its pictures have no ground truth that models could be scored against"))
    found: list[tuple[str, Mapping[str, Any]]] = []
    for title, folder in models:
        values = _kept(root, folder)
        if values is None:
            tell(Scoring(_lines(found), tr("Scoring {title}", title=title)))
            _evaluate(root, folder, _teller(found, title, tell), stop)
            values = _kept(root, folder)
        if values is None:
            raise DataError(root, tr("{title} could not be scored", title=title))
        found.append((title, values))
        tell(Scoring(_lines(found)))
    return Scoring(_lines(found))


def score_data(request: ScoringRequest, tell: Tell, stop: threading.Event) -> Scoring:
    """Score a model or a folder of maps on any data in a process of its own; call it in a thread of its own.

    Returns:
        a line for each predictor, a category at a time where there are several, and last the differences from
        the model beside it.

    Raises:
        DataError: the process failed; with its last words.
    """
    with tempfile.TemporaryDirectory() as scratch:
        place, log = Path(scratch) / "scores.json", Path(scratch) / "log.txt"
        table = Path(scratch) / "pictures.csv"
        words = [*request.arguments(), f"--json={place}", f"--csv={table}", "--events=jsonl"]
        code = launch.run(words, log, stop, _teller((), request.title, tell))
        if stop.is_set():
            return Scoring(())
        if code:
            said = last_words(log)
            raise DataError(
                request.data[0], said[-1] if said else tr("scoring ended with the code {code}", code=code)
            )
        values = json.loads(place.read_text(encoding="utf-8"))
        each = table.read_bytes()
    return Scoring(_all_lines(values, request), each=each)


def _all_lines(values: Mapping[str, Any], request: ScoringRequest) -> tuple[Scored, ...]:
    """A line a predictor and category; the scored models have their titles, the others their names."""
    rows = values["rows"]
    title = request.title
    several = len({row["category"] for row in rows}) > 1
    others = {
        CENTRE_BIAS: tr("Centre bias"),
        HALF_OF_VIEWERS: tr("Half of the viewers"),
        HALF_OF_FIXATIONS: tr("Half of the fixations"),
        ONE_VIEWER: tr("One viewer"),
    }
    models = list(dict.fromkeys(row["predictor"] for row in rows if row["predictor"] not in others))
    titles = others | dict(zip(models, (title, request.beside_title), strict=False))
    less = tr("{model} less {other}", model=title, other=request.beside_title)
    wholes = {ALL: tr("All pictures"), MACRO: tr("Mean of categories")}
    lines = []
    for row in (*rows, *({**each, "predictor": _LESS} for each in values.get("differences", ()))):
        name = less if row["predictor"] == _LESS else titles[row["predictor"]]
        category = wholes.get(row["category"], row["category"])
        shown = tr("{category}: {predictor}", category=category, predictor=name) if several else name
        scores = {key: float(value) for key, value in row.items() if key not in _NOT_SCORES}
        ends = {key: (float(low), float(high)) for key, (low, high) in row["intervals"].items()}
        own = row["predictor"] in models[:1]
        lines.append(Scored(shown, int(row["pictures"]), scores, own, ends))
    return tuple(lines)


def _teller(found: Sequence[tuple[str, Mapping[str, Any]]], title: str, tell: Tell) -> Callable[[str], None]:
    def line(text: str) -> None:
        if text.startswith("{"):
            event = json.loads(text)
            done = tr("{step} of {total}", step=event["step"], total=event["total"])
            tell(
                Scoring(
                    _lines(found),
                    tr("Scoring {title}: {event}, {done}", title=title, event=event["event"], done=done),
                )
            )

    return line


def _evaluate(root: Path, folder: Path, line: Callable[[str], None], stop: threading.Event) -> None:
    order = read_order(root)
    place = _place(root, folder)
    place.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log.txt"
        words = ["evaluate", f"--model={folder}", f"--data={order.data}", f"--split={root / 'split.json'}"]
        words += [f"--device={order.device}", f"--json={place}", "--events=jsonl"]
        code = launch.run(words, log, stop, line)
        if code and not stop.is_set():
            said = last_words(log)
            raise DataError(root, said[-1] if said else tr("scoring ended with the code {code}", code=code))


def _place(root: Path, folder: Path) -> Path:
    return root / "scores" / f"{folder.name}.json"


def _kept(root: Path, folder: Path) -> Mapping[str, Any] | None:
    try:
        values = json.loads(_place(root, folder).read_text(encoding="utf-8"))
        return values if values["sha256"] == read_card(folder / CARD_NAME).sha256 else None
    except (OSError, ValueError, KeyError, TypeError, ModelError):
        return None


def _lines(found: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[Scored, ...]:
    lines: list[Scored] = []
    for number, (title, values) in enumerate(found):
        rows = values["rows"]
        last = rows[-1]["category"]  # "all", or the only category there is
        for row in rows:
            if row["category"] != last or row["predictor"] in (HALF_OF_VIEWERS, HALF_OF_FIXATIONS):
                continue
            scores = {key: float(value) for key, value in row.items() if key not in _NOT_SCORES}
            if row["predictor"] != CENTRE_BIAS:
                lines.append(Scored(title, int(row["pictures"]), scores, own=number == 0))
            elif number == 0:
                lines.append(Scored(tr("Centre bias"), int(row["pictures"]), scores))
    return tuple(lines)
