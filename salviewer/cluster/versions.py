"""Whether all nodes are the same salviewer, with the same weights: checked before anything starts."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from salviewer.cluster.errors import ClusterError
from salviewer.cluster.ray_library import is_own, node_affinity
from salviewer.errors import ModelError
from salviewer.models.card import CARD_NAME, WEIGHTS_NAME
from salviewer.models.catalog import find_model
from salviewer.version import __version__

_PATIENCE = 120.0  # seconds for a node to answer; the first worker of a node starts in some


@dataclass(frozen=True, slots=True)
class Identity:
    """Versions that must be the same on all machines, and where they were found.

    Attributes:
        host: the machine's name.
        program: salviewer's version.
        model: as the user named it.
        weights: sha256 of the weights' file; "" if there is none of that name.
        missing: of the paths asked for, the first that is not there; "" for none.
    """

    host: str
    program: str
    model: str
    weights: str
    missing: str = ""

    def difference(self, other: Identity) -> str:
        """Return a sentence on how another machine differs from this one; "" if it does not."""
        if other.program != self.program:
            return (
                f"{other.host} has salviewer {other.program}, and {self.host}, which starts the run,"
                f" {self.program}; install the same version on both"
            )
        if not other.weights:
            return f"{other.host} has no model {self.model}; install or copy it there"
        if other.weights != self.weights:
            return (
                f"{other.host} has other weights of {self.model} ({other.weights[:12]}) than {self.host}"
                f" ({self.weights[:12]}); copy the same file to both"
            )
        if other.missing:
            return f"{other.host} does not see {other.missing}; give a folder that all share, or an address"
        return ""


def identity(model: str, paths: tuple[str, ...] = ()) -> Identity:
    """Return this machine's; `paths` are those that have to be there."""
    try:
        found = find_model(model)
        weights = _sha256(found / WEIGHTS_NAME if (found / CARD_NAME).is_file() else found)
    except (ModelError, OSError):
        weights = ""
    missing = next((path for path in paths if not Path(path).exists()), "")
    return Identity(platform.node(), __version__, model, weights, missing)


def check(
    library: Any, expected: Identity, paths: tuple[str, ...] = (), asked: Mapping[str, Any] | None = None
) -> int:
    """Ask every node; return how many there are, without those that go away meanwhile.

    Args:
        library: the module ``ray``.
        expected: what they have to be like.
        paths: those that have to be there.
        asked: Ray's reference to the answer of nodes, by id, that were asked already.

    Raises:
        ClusterError: one differs, lacks salviewer, or does not answer.
    """
    nodes = [node for node in library.nodes() if node["Alive"]]
    if is_own():
        return len(nodes)  # processes of this machine, with this program's own path
    strategy = node_affinity()
    answers = dict(asked or {})
    for node in nodes:
        if node["NodeID"] in answers:
            continue
        options = {
            "num_cpus": 0,
            "max_retries": 0,
            "scheduling_strategy": strategy(node["NodeID"], soft=False),
        }
        answers[node["NodeID"]] = library.remote(identity).options(**options).remote(expected.model, paths)
    found = 0
    for node in nodes:
        host = node.get("NodeManagerHostname") or node["NodeManagerAddress"]
        try:
            answer = library.get(answers[node["NodeID"]], timeout=_PATIENCE)
        except library.exceptions.GetTimeoutError as error:
            raise ClusterError(f"{host} did not answer within {_PATIENCE:.0f} seconds") from error
        except Exception as error:
            if not any(each["NodeID"] == node["NodeID"] and each["Alive"] for each in library.nodes()):
                continue
            if "salviewer" in str(error) and "No module" in str(error):
                raise ClusterError(
                    f"{host} has no salviewer; install {expected.program} there with the extra cluster"
                ) from error
            reason = (str(error).strip() or type(error).__name__).splitlines()[-1]
            raise ClusterError(f"{host} cannot be used ({reason})") from error
        if (difference := expected.difference(answer)) != "":
            raise ClusterError(difference)
        found += 1
    return found


@lru_cache(maxsize=4)
def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
