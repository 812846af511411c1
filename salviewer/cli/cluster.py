"""The part of ``salviewer predict`` that runs on a cluster. Ray is imported only here and below."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from salviewer.cli import ordering, video
from salviewer.cli.options import UsageError, count, ranged
from salviewer.cli.report import counted, one_line, remark
from salviewer.errors import ProjectError, SalviewerError
from salviewer.media.project import Project, load_project
from salviewer.models.catalog import DEFAULT_MODEL, find_model
from salviewer.results.naming import names_a_file
from salviewer.results.order import Order

if TYPE_CHECKING:
    from salviewer.cluster.job import Job
    from salviewer.cluster.run import Progress as Counts
    from salviewer.training.scoring import Spread

MOST_SENTENCES = 100
"""Failures that are printed; the table has all of them."""

_EVERY = 10.0  # seconds between two lines where there is no terminal
_REFUSED = (
    "--keep-existing",
    "--summary",
    "--detector",
    "--reconnect",
    "--timeout",
    "--rate",
    "--frames",
    "--dpi",
    "--password",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options for clusters."""
    group = parser.add_argument_group(
        "clusters",
        "Many pictures, on several machines, with Ray. Then PICTURE and OUT may also be addresses of a store"
        " (s3://, gs://, abfs://, hdfs://), and PICTURE a list of addresses (.txt), a Parquet file or a tar.",
    )
    add_cluster_argument(group, "; what an earlier run did is not done again")
    group.add_argument(
        "--column", default="", metavar="NAME", help="of a Parquet file: the column with bytes or addresses"
    )
    group.add_argument(
        "--videos", action="store_true", help="of folders and lists, take the videos, not the pictures"
    )
    group.add_argument(
        "--shard",
        type=ranged(count),
        metavar="N",
        help="pictures that are done in one go, on average, and marked as done together (default: 64)",
    )


def add_cluster_argument(parser: argparse._ActionsContainer, more: str = "") -> None:
    """Declare ``--cluster``; `more` is said about it at the end."""
    parser.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help="run on the cluster of Ray at this place (auto, HOST:6379, ray://HOST:10001), or, with local, on"
        f" all processors of this machine{more}",
    )


@contextmanager
def spread(options: argparse.Namespace, models: Sequence[str]) -> Iterator[Spread]:
    """Connect to the cluster in the block; yield how to score pictures there."""
    with _explained():
        from salviewer.cluster import ray_library
        from salviewer.cluster.evaluation import spread_over
        from salviewer.cluster.job import Model
        from salviewer.cluster.versions import identity

    chosen = {}
    for name in models:
        ref = str(Path(name).absolute()) if Path(name).exists() else name
        chosen[name] = Model(ref, identity(ref).weights, options.device, options.engine)
    with ray_library.connected(options.cluster) as library:
        yield spread_over(library, chosen)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:  # the download has none of it
        raise SalviewerError(
            'clusters are not part of this download; pip install "salviewer[cluster]"'
        ) from error


def run(options: argparse.Namespace) -> int:
    """Predict on a cluster; return 0 if every picture was done, else 1."""
    with _explained():
        from salviewer.cluster import ray_library
        from salviewer.cluster.away import run_away
        from salviewer.cluster.run import run as run_job

    job = _job(options)
    shown = 0
    begun = time.monotonic()
    counts: Counts | None = None
    with ray_library.connected(options.cluster) as library:
        if (page := ray_library.dashboard(library)) != "":
            remark(f"Ray's dashboard is at {page}")
        with _shown() as show:
            for counts in (run_away if ray_library.is_away(library) else run_job)(library, job):
                for text in counts.remarks:
                    remark(text)
                for text in counts.sentences:
                    shown += 1
                    if shown <= MOST_SENTENCES:
                        print(f"salviewer: {one_line(text)}", file=sys.stderr, flush=True)
                show(counts)
    assert counts is not None  # the last one comes in any case
    failed = counts.failed + counts.again
    if failed > min(shown, MOST_SENTENCES):
        remark(f"all {failed} failures, with their reasons: {job.failures.shown}")
    print(_total(counts, time.monotonic() - begun, options.cluster))
    return 1 if failed else 0


def _total(counts: Counts, seconds: float, address: str) -> str:
    text = f"{counted(counts.done, 'picture')} done"
    text += f", {counts.before} done before" if counts.before else ""
    text += f", {counts.failed} failed" if counts.failed else ""
    text += f", {counts.again} failed and will be tried again by the next run" if counts.again else ""
    nodes = counted(counts.nodes, "node")
    return (
        f"{text} in {seconds:.1f} s ({counts.done / max(seconds, 1e-3):.1f} a second) on {nodes} at {address}"
    )


def _job(options: argparse.Namespace) -> Job:
    from salviewer.cluster.job import Job, Model
    from salviewer.cluster.stores import Place
    from salviewer.cluster.units import SHARD
    from salviewer.cluster.versions import identity

    for name in _REFUSED:
        if getattr(options, name.removeprefix("--").replace("-", "_")):
            raise UsageError(f"{name} is not for a run on a cluster")
    if bool(options.project) == bool(options.paths):
        raise UsageError("give pictures, folders and addresses, or --project FILE")
    target = Place.of(options.output)
    if target.local is not None and names_a_file(target.local):
        raise UsageError(f"{options.output} is a file; on a cluster results go to a folder")
    project = load_project(options.project) if options.project else Project()
    if project.missing:
        raise ProjectError(options.project, f"{project.missing[0]} is not there any more")
    model = options.model or project.model or DEFAULT_MODEL
    if Path(model).exists():
        model = str(Path(model).absolute())
    find_model(model)
    paths = [picture.path for picture in project.pictures] or options.paths
    order: Order = ordering.order(options, project, None)
    return Job(
        tuple(Place.of(str(path)).address for path in paths),
        target,
        order,
        Model(model, identity(model).weights, options.device, options.engine),
        options.subfolders,
        options.column,
        {picture.path: picture.areas for picture in project.pictures},
        options.draw_areas,
        options.shard or SHARD,
        video=video.cluster_order(options) if options.videos or video.wanted_on_cluster(options) else None,
    )


@contextmanager
def _shown() -> Iterator[Callable[[Counts], None]]:
    """Show progress and rate: a bar on a terminal, else a line now and then."""
    console = Console(stderr=True)
    if not console.is_terminal:
        due = [time.monotonic() + _EVERY]

        def line(counts: Counts) -> None:
            if time.monotonic() >= due[0]:
                due[0] = time.monotonic() + _EVERY
                remark(_state(counts))

        yield line
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("Starting", total=None)

        def move(counts: Counts) -> None:
            ended = counts.before + counts.ended
            bar.update(
                task,
                completed=ended,
                total=counts.listed if counts.complete else None,
                description=_state(counts),
            )

        yield move


def _state(counts: Counts) -> str:
    ended = counts.ended
    rate = ended / counts.seconds if counts.seconds > 0 else 0.0
    listed = f"{counts.listed}" if counts.complete else f"{counts.listed} listed so far"
    failed = f", {counts.failed + counts.again} failed" if counts.failed + counts.again else ""
    return f"{ended + counts.before} of {listed}{failed}, {rate:.1f} a second"
