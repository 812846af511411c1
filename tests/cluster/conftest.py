"""Two real nodes of Ray in this machine, and pictures for them."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from PIL import Image

from salviewer.library_variables import VARIABLES
from salviewer.paths import model_weights

STORE = 10**9  # bytes of a node's object store: with 200 MB Ray Data starves
ASIDE = ("salviewer-measurements", "salviewer-failures")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a hanging test of a cluster fail later than its own waits do, which say more."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.get_closest_marker("cluster"):
            item.add_marker(pytest.mark.timeout(900))


@dataclass(frozen=True)
class Ended:
    """How a run of the command line ended."""

    code: int
    out: str
    err: str

    @property
    def complaints(self) -> list[str]:
        """What stands on standard error, without the lines of progress."""
        return [line for line in self.err.splitlines() if not line.endswith(" a second")]


@dataclass
class Nodes:
    """A cluster of this machine; `more` adds a node, `less` takes one away as a power cut would."""

    cluster: Any

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    def more(self, **given: Any) -> Any:
        given |= {"num_cpus": 1, "object_store_memory": STORE, "include_log_monitor": False}
        node = self.cluster.add_node(**given)
        self.cluster.wait_for_nodes()
        return node

    def less(self, node: Any) -> None:
        self.cluster.remove_node(node, allow_graceful=False)


@pytest.fixture(scope="session")
def nodes() -> Iterator[Nodes]:
    """A head and a worker with one processor each, older than the program that uses them.

    The tests' own process is connected to neither.
    """
    pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        for name in VARIABLES:  # as where a cluster runs already
            patch.delenv(name, raising=False)
        less = {"no_monitor": True, "include_dashboard": False, "include_log_monitor": False}
        kept = {"idle_worker_killing_time_threshold_ms": 10**6}  # of use for the next command
        head: dict[str, Any] = {"num_cpus": 1, "object_store_memory": STORE, "_system_config": kept}
        cluster = Cluster(initialize_head=True, head_node_args=head | less)
    found = Nodes(cluster)
    try:
        found.more()
        yield found
    finally:
        cluster.shutdown()


@pytest.fixture
def start(nodes: Nodes, small: Path) -> Callable[..., subprocess.Popen[str]]:
    """``start(*arguments)``: ``salviewer`` in its own process, on the two nodes, with the small network."""

    def begin(*arguments: object, **options: Any) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "salviewer", *map(str, arguments)]
        command += ["--model", str(small), "--cluster", nodes.address]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, **pipes, **options)  # type: ignore[call-overload,no-any-return]

    return begin


CONNECTED = """
import contextlib, io, json, os, sys
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
from salviewer.cli import main
from salviewer.cluster import ray_library
with ray_library.connected(sys.argv[1]):
    for line in sys.stdin:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(json.loads(line))
        print(json.dumps([code, out.getvalue(), err.getvalue()]), file=answers, flush=True)
"""


@pytest.fixture(scope="session")
def connected(nodes: Nodes) -> Iterator[subprocess.Popen[str]]:
    """A program that runs commands, a line of JSON each, and stays connected to the nodes in between."""
    command = [sys.executable, "-c", CONNECTED, nodes.address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.communicate()


@pytest.fixture
def salviewer(nodes: Nodes, small: Path, connected: subprocess.Popen[str]) -> Callable[..., Ended]:
    """``salviewer(*arguments)``: the command on the two nodes, with the small network, until it ends.

    With ``cluster=False`` without the nodes.
    """

    def run(*arguments: object, cluster: bool = True) -> Ended:
        words = [*map(str, arguments), "--model", str(small)]
        words += ["--cluster", nodes.address] if cluster else []
        assert connected.stdin is not None and connected.stdout is not None
        connected.stdin.write(json.dumps(words) + "\n")
        connected.stdin.flush()
        ended = Ended(*json.loads(connected.stdout.readline()))
        assert "Traceback" not in ended.err
        return ended

    return run


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped network at a small input: what is tested here is not how long it computes."""
    shipped = model_weights() / "live_net"
    folder = tmp_path_factory.mktemp("models") / "small"
    folder.mkdir()
    shutil.copy(shipped / "weights.safetensors", folder)
    card = json.loads((shipped / "card.json").read_text(encoding="utf-8"))
    (folder / "card.json").write_text(json.dumps(card | {"input_size": [64, 96]}), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """500 small pictures, no two alike: ten of them in other formats, two with clashing names."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(500):
        random = np.random.default_rng(number)
        pixels = Image.fromarray(random.integers(0, 256, (6, 8, 3), np.uint8)).resize((160, 120))
        pixels.save(folder / f"{number:03d}.{'webp' if number % 50 == 7 else 'jpg'}")
    shutil.copy(folder / "003.jpg", folder / "004.jpeg")
    shutil.move(folder / "499.jpg", folder / "498.JPEG")
    return folder


def actors(name: str) -> list[psutil.Process]:
    """The processes of these nodes that hold an actor of this class."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if "".join(process.cmdline()).startswith(f"ray::{name}"):
                found.append(process)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def files_in(folder: Path) -> dict[str, bytes]:
    """What a batch wrote, by its path below a folder, without the tables that only a cluster writes."""
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    found = {path.relative_to(folder): path for path in paths}
    return {name.as_posix(): path.read_bytes() for name, path in found.items() if name.parts[0] not in ASIDE}


def rows_in(target: Path, table: str = ASIDE[0]) -> list[dict[str, Any]]:
    """The rows of the table of measurements, or of failures, as pandas reads a folder of Parquet files."""
    pandas = pytest.importorskip("pandas")
    if not (target / table).exists() or not list((target / table).iterdir()):
        return []
    return list(pandas.read_parquet(target / table).to_dict("records"))


def until(
    true: Callable[[], bool], process: subprocess.Popen[str] | None = None, seconds: float = 200
) -> None:
    """Wait until something is true, while a process runs.

    Raises:
        TimeoutError: it does not become so.
        AssertionError: the process ended before.
    """
    end = time.monotonic() + seconds
    while not true():
        if process is not None and process.poll() is not None and not true():
            raise AssertionError(f"it ended with {process.returncode}: {process.communicate()}")
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.1)
