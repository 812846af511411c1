"""Shards, names and versions, as far as they need no Ray."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from salviewer.cluster.claims import Claims
from salviewer.cluster.errors import StoreError
from salviewer.cluster.job import Job, Model
from salviewer.cluster.ledger import Ledger
from salviewer.cluster.measured import entropy
from salviewer.cluster.sources import shards
from salviewer.cluster.stores import Place, shown
from salviewer.cluster.units import Unit, cut
from salviewer.cluster.versions import Identity, identity
from salviewer.results.naming import plan
from salviewer.results.order import Order


def units(count: int) -> list[Unit]:
    return [Unit(f"/pictures/{number:05d}.jpg", number, number) for number in range(count)]


def test_every_picture_is_in_one_shard_and_shards_are_neither_small_nor_large() -> None:
    made = list(cut(units(5000), "settings", 64))
    assert [unit for shard in made for unit in shard.units] == units(5000)
    sizes = [len(shard.units) for shard in made]
    assert all(32 <= size <= 128 for size in sizes[:-1])
    assert 45 < np.mean(sizes) < 90
    assert len({shard.id for shard in made}) == len(made)


def test_a_picture_that_is_added_costs_one_shard() -> None:
    before = {shard.id for shard in cut(units(5000), "settings", 64)}
    more = units(5000)
    more.insert(1234, Unit("/pictures/01233a.jpg", 1, 1))
    after = {shard.id for shard in cut(more, "settings", 64)}
    assert len(after - before) <= 3


@pytest.mark.parametrize("change", [{"size": 5}, {"modified": 6}, {"files": (("overlay", "b.png"),)}])
def test_a_shard_is_another_when_a_picture_changes(change: dict[str, object]) -> None:
    unit = Unit("/a.jpg", 1, 1, (("overlay", "a.png"),))
    (before,), (after,) = cut([unit], ""), cut([replace(unit, **change)], "")  # type: ignore[arg-type]
    assert before.id != after.id
    assert next(cut([unit], "other")).id != before.id


def test_claims_name_as_a_batch_does_where_stems_come_twice() -> None:
    stems = ["a", "b", "A", "c", "a", *(f"s{number}" for number in range(9000)), "b", "s77"]
    claims = Claims()
    found = [claims.claim(stem)[0] for stem in stems]
    assert found[:5] == ["a", "b", "A-2", "c", "a-3"]
    assert found[-2:] == ["b-2", "s77-2"]
    assert len({name.casefold() for name in found}) == len(found)


def test_names_are_those_of_a_batch(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("10.jpg", "2.jpg", "b.png", "B.jpg", "b.webp", "b-2.jpg", ".hidden.jpg", "text.txt"):
        (folder / name).write_bytes(b"")
    order = Order(plain=True)
    job = Job((str(folder),), Place.of(str(tmp_path / "out")), order, Model("live_net", ""))
    found = [unit for shard in shards(job) for unit in shard.units]
    pictures = [folder / name for name in ("2.jpg", "10.jpg", "b-2.jpg", "B.jpg", "b.png", "b.webp")]
    assert {Path(unit.address) for unit in found} == set(pictures)
    expected = {
        work.picture: work.files[0].path.name
        for work in plan([Path(unit.address) for unit in found], tmp_path, order.endings)
    }
    assert {Path(unit.address): unit.files[0][1] for unit in found} == expected


def test_a_result_never_replaces_a_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    job = Job((str(tmp_path),), Place.of(str(tmp_path)), Order(plain=True), Model("live_net", ""))
    (shard,) = shards(job)
    assert "would replace the picture" in shard.units[0].problem


def test_a_shard_counts_once_and_a_new_beginning_blames_nobody() -> None:
    ledger = Ledger()
    counts = {"done": 3, "failed": 1, "again": 0}
    for shard in ("a", "a", "b"):
        ledger.open(shard)
        ledger.close(shard, counts)
    ledger.open("c")
    ledger.close("c", None)
    assert ledger.progress()["counts"] == {"done": 6, "failed": 2, "again": 0}
    ledger.open("d")
    assert ledger.shards() == ({"a", "b"}, {"d"})
    for _ in range(5):
        ledger.open("d")
        ledger.begin("d", "x.jpg")
        ledger.begin_anew()
    assert ledger.open("d") == (True, {}, [])
    for _ in range(2):
        ledger.begin("d", "x.jpg")
        refused = ledger.open("d")[2]
    assert refused == ["x.jpg"]


def test_a_list_ends_when_the_work_is_begun_anew(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs the extra cluster")
    for number in range(9):
        (tmp_path / f"{number}.jpg").write_bytes(b"")
    job = Job(
        (str(tmp_path),), Place.of(str(tmp_path / "out")), Order(plain=True), Model("live_net", ""), shard=1
    )
    ledger = Ledger()
    rows = ledger.list_shards(job)
    next(rows)
    ledger.begin_anew()
    assert list(rows) == []
    assert not ledger.progress()["complete"]
    assert len(list(ledger.list_shards(job))) >= 5
    assert ledger.progress()["complete"] and ledger.progress()["pictures"] == 9


def test_entropy_of_what_is_known() -> None:
    assert entropy(np.full((4, 8), 1 / 32)) == pytest.approx(5)
    assert entropy(np.array([[1.0, 0.0]])) == 0
    assert entropy(np.array([[0.5, 0.25, 0.25]])) == pytest.approx(1.5)
    assert entropy(np.random.default_rng(0).dirichlet(np.ones(64))[None]) < math.log2(64)


def test_nodes_that_differ_are_reported_in_a_sentence() -> None:
    here = replace(identity("live_net"), host="head")
    assert here.weights and here.difference(replace(here, host="other")) == ""
    assert here.difference(replace(here, host="b", program="9.9")) == (
        f"b has salviewer 9.9, and head, which starts the run, {here.program};"
        " install the same version on both"
    )
    assert "b has other weights of live_net (ffffffffffff)" in here.difference(
        replace(here, host="b", weights="f" * 64)
    )
    assert "b has no model live_net" in here.difference(replace(here, host="b", weights=""))
    assert "b does not see /x" in here.difference(Identity("b", here.program, "live_net", here.weights, "/x"))


def test_addresses_are_shown_without_secrets() -> None:
    assert shown("s3://ada:secret@shop/in/a.jpg?endpoint_override=h:1") == "s3://shop/in/a.jpg"
    assert shown("https://host/a.jpg?token=secret&size=3") == "https://host/a.jpg?token=***&size=3"
    assert shown("/home/a?b.jpg") == "/home/a?b.jpg"


def test_without_hadoops_library_a_sentence_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyarrow")
    for name in ("ARROW_LIBHDFS_DIR", "HADOOP_HOME", "LD_LIBRARY_PATH"):
        monkeypatch.delenv(name, raising=False)
    for _ in range(2):  # the second finds other words in pyarrow
        with pytest.raises(StoreError, match=r"^hdfs://127\.0\.0\.1:9/in: Hadoop's libhdfs .* are not to be"):
            Place.of("hdfs://127.0.0.1:9/in").infos()


def test_ray_is_imported_when_it_is_asked_for_alone() -> None:
    code = "import sys, salviewer.cli.cluster; print({'ray', 'pyarrow', 'fsspec'} & {*sys.modules})"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "set()"


def test_without_ray_a_sentence_says_how_to_get_it(tmp_path: Path) -> None:
    given = ["predict", str(tmp_path), "-o", str(tmp_path / "out"), "--cluster", "local"]
    code = f"import sys; sys.modules['ray'] = None; from salviewer.cli import main; sys.exit(main({given}))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr == 'salviewer: ray is not installed; pip install "salviewer[cluster]" does it\n'
