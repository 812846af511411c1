"""A pool of workers, as far as they need no network."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cluster.conftest import Nodes

pytestmark = pytest.mark.cluster

PROGRAM = """
import sys, time
from salviewer.cluster import pool, ray_library
from salviewer.cluster.errors import ClusterError
class Worker:
    def ready(self):
        pass
    def do_row(self, row):
        time.sleep(0 if row < 2 else 3600)
        return row
def rows():
    for row in range(100):
        taken.append(row)
        yield row
taken = []
pool.ALONE = 1
with ray_library.connected(sys.argv[1]) as ray:
    done = pool.Pool(ray, Worker, (), "cuda").do(rows())
    print(next(done), next(done), flush=True)
    try:
        next(done)
    except ClusterError as error:
        print(taken, error)
"""


def test_rows_are_taken_as_there_is_room_and_no_node_is_waited_for_without_end(nodes: Nodes) -> None:
    """The only node with a card goes; Ray would wait for another."""
    third = nodes.more(num_gpus=1)
    command = [sys.executable, "-c", PROGRAM, nodes.address]
    try:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None and process.stdout.readline() == "0 1\n"
    finally:
        nodes.less(third)
    out, _ = process.communicate(timeout=100)
    assert out == "[0, 1, 2, 3] no node is left that could have a worker\n"
