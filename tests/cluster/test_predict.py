"""A batch on two nodes writes what a batch of one machine writes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cluster.conftest import Ended, Nodes, files_in, free_port, rows_in

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="session")
def local(photos: Path, small: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the local batch makes of the pictures."""
    from salviewer.cli import main

    folder = tmp_path_factory.mktemp("local")
    written = ["-o", str(folder), "--format", "jpg", "--save-map", "png8"]
    assert main(["predict", str(photos), "--model", str(small), *written]) == 0
    return files_in(folder)


def test_the_same_files_byte_for_byte(
    salviewer: Callable[..., Ended], photos: Path, local: dict[str, bytes], tmp_path: Path
) -> None:
    ended = salviewer(
        "predict", photos, "-o", tmp_path, "--format", "jpg", "--save-map", "png8", "--shard", 2
    )
    assert (ended.code, ended.complaints) == (0, [])
    assert "501 pictures done" in ended.out and "on 2 nodes" in ended.out
    found = files_in(tmp_path)
    assert len(local) == 1002
    assert found.keys() == local.keys()
    assert [name for name, content in found.items() if content != local[name]] == []
    rows = rows_in(tmp_path)
    assert len(rows) == len({row["picture"] for row in rows}) == 501
    assert {row["status"] for row in rows} == {"done"}
    assert all(row["width"] == 160 and 0 < row["entropy"] < 16 and row["peak"] > 1 for row in rows)
    assert all(len(row["hotspots"]) and row["hotspots"][0]["share"] > 0 for row in rows)
    assert not list((tmp_path).glob("**/.salviewer-*"))


@pytest.fixture
def client(nodes: Nodes) -> Iterator[str]:
    """The address of a server for programs outside the cluster, as a head node starts it."""
    pytest.importorskip("grpc", reason="needs ray[client]")
    port, head = free_port(), nodes.cluster.head_node
    command = [sys.executable, "-m", "ray.util.client.server", "--address", nodes.address]
    command += ["--host", "127.0.0.1", "--port", str(port), "--mode", "proxy", "--node-id", head.node_id]
    command += ["--runtime-env-agent-address", head.runtime_env_agent_address]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield f"ray://127.0.0.1:{port}"
        process.terminate()


def test_a_program_outside_the_cluster(
    salviewer: Callable[..., Ended], client: str, small: Path, photos: Path, tmp_path: Path
) -> None:
    """By Ray's client, which talks to the head node alone; paths are relative to where the program runs."""
    some = tmp_path / "some"
    some.mkdir()
    for path in sorted(photos.iterdir())[:8]:
        (some / path.name).symlink_to(path)
    (some / "broken.jpg").write_bytes(b"no picture")
    alone = salviewer("predict", some, "-o", tmp_path / "alone", cluster=False)
    command = [sys.executable, "-m", "salviewer", "predict", "some", "-o", "out", "--cluster", client]
    command += ["--model", str(small)]
    for _ in range(3):  # Ray gives its server for a client 30 s to start
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
        if "no cluster can be used" not in ended.stderr:
            break
    assert ended.returncode == 1, ended.stderr
    assert "8 pictures done, 1 failed in" in ended.stdout and f"on 2 nodes at {client}" in ended.stdout
    assert [line for line in ended.stderr.splitlines() if not line.endswith(" a second")] == (
        alone.err.splitlines()
    )
    assert files_in(tmp_path / "out") == files_in(tmp_path / "alone")
