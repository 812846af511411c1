"""The one place that imports Ray: without its messages home, and with a sentence where it is missing."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from salviewer.cluster.errors import ClusterError
from salviewer.library_variables import VARIABLES

LOCAL = "local"
"""The address that starts a cluster of this machine alone, for as long as the program runs."""

_STORE = 10**9  # bytes of shared memory for what waits between two steps; names and numbers, no pictures
_started: list[str] = []  # the cluster of this program, while there is one
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def ray() -> Any:
    """Import Ray.

    Raises:
        ClusterError: it is not installed.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # remarks for programmers, on the terminal
    os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", ".")  # what nodes say of each other, likewise
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        library = import_module("ray")
    except ImportError as error:
        missing = error.name or "ray"
        raise ClusterError(f'{missing} is not installed; pip install "salviewer[cluster]" does it') from error
    return library


@contextmanager
def connected(address: str, processors: int | None = None) -> Iterator[Any]:
    """Connect to a cluster in the block, or start one for it; yield the module ``ray``.

    A connection that the process has already is used, and stays. Signal handlers stay as they were, so that
    Ctrl+C and SIGTERM end the program as they always do.

    Args:
        address: ``"local"``, or whatever ``ray.init`` takes.
        processors: of a local cluster; None for all.

    Raises:
        ClusterError: nothing answers there.
    """
    if address.startswith("ray://"):
        _use_token()
    library = ray()
    if library.is_initialized():
        yield library
        return
    handlers = {name: signal.getsignal(getattr(signal, name)) for name in _SIGNALS if hasattr(signal, name)}
    values: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
    if address == LOCAL:
        _without_statistics()
        _started.append(address)
        values |= {"num_cpus": processors, "object_store_memory": _STORE, "include_dashboard": None}
    try:
        try:
            with _without_remarks():
                library.init(address, **values)
        except Exception as error:  # ConnectionError, RuntimeError, ValueError, gRPC's own
            reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
            if "client connection timeout" in reason:  # so it ends as well where the token is missing
                reason += "; a cluster that asks for a token needs it in ~/.ray/auth_token here, too"
            raise ClusterError(f"no cluster can be used at {address} ({reason})") from error
        finally:
            with suppress(ValueError):  # not the main thread
                for name, handler in handlers.items():
                    signal.signal(getattr(signal, name), handler)
        yield library
    finally:
        library.shutdown()
        _started.clear()


def _use_token() -> None:
    """Let a client of Ray show the token of this machine, as Ray's other connections do unasked."""
    token = Path(os.environ.get("RAY_AUTH_TOKEN_PATH") or Path.home() / ".ray" / "auth_token")
    if "RAY_AUTH_TOKEN" in os.environ or token.is_file():
        os.environ.setdefault("RAY_AUTH_MODE", "token")


def _without_statistics() -> None:
    """Let Ray's processes keep no statistics where nothing would show them.

    Each of them collects and sends them every second or so, however little there is to do.
    """
    if find_spec("aiohttp_cors") is None:  # a part of the dashboard
        for name in ("enable_metrics_collection", "event_stats", "task_events_report_interval_ms"):
            os.environ.setdefault(f"RAY_{name}", "0")


@contextmanager
def _without_remarks() -> Iterator[None]:
    """Keep what Ray's own libraries write for programmers off the terminal; its failures are exceptions."""
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)


def dashboard(library: Any) -> str:
    """Return the address of Ray's dashboard; "" where it does not run."""
    with suppress(Exception):
        found = library.get_runtime_context().worker.node.address_info.get("webui_url")
        return f"http://{found}" if found else ""
    return ""


def is_away(library: Any) -> bool:
    """Return whether this program is outside the cluster, connected by a client (``ray://``)."""
    return bool(library.util.client.ray.is_connected())


def is_own() -> bool:
    """Return whether the cluster is one that this program started, for itself."""
    return bool(_started)


def environment() -> dict[str, Any]:
    """Return the option for an actor whose libraries read what those of the program read.

    A process of Ray imports numpy before any code of ours; only its start is early enough. Those of a cluster
    that this program started have its variables already, and one that waits can be used.
    """
    if is_own():
        return {}
    variables = {name: os.environ.get(name, value) for name, value in VARIABLES.items()}
    return {"runtime_env": {"env_vars": variables}}


def node_affinity() -> Any:
    """Return Ray's class for work that belongs on a certain node."""
    return import_module("ray.util.scheduling_strategies").NodeAffinitySchedulingStrategy
