"""A store of objects on loopback, lists, Parquet files and tars, as sources and targets."""

from __future__ import annotations

import base64
import hmac
import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.cluster.conftest import Ended, files_in, free_port, rows_in, until

pytestmark = pytest.mark.cluster

Run = Callable[..., Ended]
BUCKET = "shop"
SECRET = "ochre-heron-71"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    """An S3-compatible server: what stands after an address there, and a client for the bucket "shop"."""
    boto3 = pytest.importorskip("boto3")
    port = free_port()
    log = tmp_path_factory.mktemp("moto") / "log"
    with log.open("w") as stream:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
        process = subprocess.Popen(command, stdout=stream, stderr=stream)
    keys = {"aws_access_key_id": "ada", "aws_secret_access_key": SECRET, "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", **keys)
    try:
        until(lambda: "Running on" in log.read_text() or process.poll() is not None)
        client.create_bucket(Bucket=BUCKET)
        yield f"endpoint_override=127.0.0.1:{port}&scheme=http&region=us-east-1", client
    finally:
        process.terminate()
        process.wait()


def address(store: tuple[str, Any], key: str) -> str:
    """Of something in the bucket."""
    return f"s3://ada:{SECRET}@{BUCKET}/{key}?{store[0]}"


def fetch(store: tuple[str, Any], prefix: str, folder: Path) -> Path:
    """Copy what is in the bucket to a folder."""
    for page in store[1].get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix):
        for found in page.get("Contents", []):
            path = folder / found["Key"].removeprefix(prefix)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(store[1].get_object(Bucket=BUCKET, Key=found["Key"])["Body"].read())
    return folder


@pytest.fixture
def some(photos: Path, tmp_path: Path) -> Path:
    """40 pictures, 10 of them in a folder below, one of them broken."""
    folder = tmp_path / "some"
    (folder / "below").mkdir(parents=True)
    for number, path in enumerate(sorted(photos.iterdir())[:40]):
        os.link(path, folder / ("below" if number % 4 == 3 else "") / path.name)
    (folder / "broken.png").write_bytes(b"no picture")
    return folder


def test_a_store_as_source_and_target(
    salviewer: Run, store: tuple[str, Any], some: Path, tmp_path: Path
) -> None:
    for path in some.rglob("*.*"):
        store[1].upload_file(str(path), BUCKET, f"in/{path.relative_to(some).as_posix()}")
    wanted = ("--subfolders", "--save-map", "npy")
    alone = salviewer("predict", some, "-o", tmp_path / "alone", *wanted, cluster=False)
    assert alone.code == 1
    ended = salviewer("predict", address(store, "in"), "-o", address(store, "out"), *wanted)
    assert ended.code == 1
    assert ended.complaints == [
        "salviewer: s3://shop/in/broken.png: it is not a picture, or of a kind that is not supported"
    ]
    found = fetch(store, "out/", tmp_path / "found")
    assert files_in(found) == files_in(tmp_path / "alone")
    assert len(rows_in(found)) == 41
    text = b"".join(path.read_bytes() for path in found.rglob("*.parquet")) + ended.out.encode()
    assert SECRET.encode() not in text
    again = salviewer("predict", address(store, "in"), "-o", address(store, "out"), *wanted)
    assert (again.code, again.complaints) == (0, [])
    assert "0 pictures done, 41 done before" in again.out


Cloud = tuple[str, str]
"""The beginning of an address in a bucket "shop", and its options."""


@contextmanager
def serving(command: list[str], port: int, folder: Path, **variables: str) -> Iterator[None]:
    """Run a server on loopback in the block, from when it answers."""
    with (folder / "log").open("w") as stream:
        options = {"stdout": stream, "stderr": stream, "cwd": folder, "env": os.environ | variables}
        process = subprocess.Popen(command, **options)  # type: ignore[call-overload]

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(answers, process)
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def google(tmp_path: Path) -> Iterator[Cloud]:
    """An emulator of Google Cloud Storage."""
    pytest.importorskip("gcp_storage_emulator")
    port = free_port()
    command = [sys.executable, "-m", "gcp_storage_emulator", "start", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--in-memory", "--default-bucket", BUCKET]
    with serving(command, port, tmp_path):
        options = f"endpoint_override=127.0.0.1:{port}&scheme=http&retry_limit_seconds=5"
        yield f"gs://anonymous@{BUCKET}", options


@pytest.fixture
def azure(tmp_path: Path) -> Iterator[Cloud]:
    """Azurite, an emulator of Azure's blobs, and a signature that allows everything there."""
    if (program := shutil.which("azurite-blob")) is None:
        pytest.skip("azurite-blob is not there; npm install --global azurite")
    fs = pytest.importorskip("pyarrow.fs")
    port = free_port()
    key = base64.b64encode(4 * SECRET.encode())
    command = [program, "--blobHost", "127.0.0.1", "--blobPort", str(port), "--inMemoryPersistence"]
    command += ["--skipApiVersionCheck", "--disableTelemetry", "--silent"]
    with serving(command, port, tmp_path, AZURITE_ACCOUNTS=f"ada:{key.decode()}"):
        given = {"sp": "rwdlac", "ss": "b", "srt": "sco", "se": "2100-01-01T00:00:00Z", "sv": "2022-11-02"}
        signed = ["ada", given["sp"], given["ss"], given["srt"], "", given["se"], "", "", given["sv"], "", ""]
        digest = hmac.digest(base64.b64decode(key), "\n".join(signed).encode(), "sha256")
        options = urlencode({"enable_tls": "false", **given, "sig": base64.b64encode(digest).decode()})
        start = f"abfs://ada@127.0.0.1:{port}/{BUCKET}"
        fs.FileSystem.from_uri(f"{start}/?{options}")[0].create_dir(BUCKET)
        yield start, options


@pytest.mark.parametrize("cloud", ["google", "azure"])
def test_a_cloud_as_source_and_target(
    cloud: str, request: pytest.FixtureRequest, salviewer: Run, some: Path, tmp_path: Path
) -> None:
    from pyarrow import fs

    start, options = request.getfixturevalue(cloud)
    system, top = fs.FileSystem.from_uri(f"{start}/?{options}")
    assert top.rstrip("/") == BUCKET
    pictures = [some / "broken.png", *sorted((some / "below").iterdir())]
    for path in pictures:
        with system.open_output_stream(f"{BUCKET}/in/{path.name}") as stream:
            stream.write(path.read_bytes())
    salviewer("predict", *pictures, "-o", tmp_path / "alone", cluster=False)
    source, target = (f"{start}/{name}?{options}" for name in ("in", "out"))
    ended = salviewer("predict", source, "-o", target)
    shown = re.sub(r"//\w+@", "//", start)
    assert (ended.code, ended.complaints) == (
        1,
        [f"salviewer: {shown}/in/broken.png: it is not a picture, or of a kind that is not supported"],
    )
    for info in system.get_file_info(fs.FileSelector(f"{BUCKET}/out", recursive=True)):
        if info.is_file:
            path = tmp_path / "found" / info.path.removeprefix(f"{BUCKET}/out/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(system.open_input_stream(info.path).read())
    assert files_in(tmp_path / "found") == files_in(tmp_path / "alone")
    assert len(rows_in(tmp_path / "found")) == len(pictures) == 11
    text = b"".join(path.read_bytes() for path in (tmp_path / "found").rglob("*.parquet"))
    assert b"sig=" not in text + ended.out.encode()
    again = salviewer("predict", source, "-o", target)
    assert (again.code, again.out.split(" in ")[0]) == (0, "0 pictures done, 11 done before")


def test_lists_parquet_and_tars(salviewer: Run, some: Path, tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as parquet

    pictures = sorted(some.glob("*.jpg"))[:9]
    contents = [path.read_bytes() for path in pictures]
    names = [path.name for path in pictures]
    parquet.write_table(
        pa.table({"bytes": contents, "name": names}), tmp_path / "rows.parquet", row_group_size=4
    )
    parquet.write_table(pa.table({"url": [str(path) for path in pictures]}), tmp_path / "addresses.parquet")
    (tmp_path / "list.txt").write_text("".join(f"some/{name}\n" for name in names) + "# the end\n")
    with tarfile.open(tmp_path / "shard-7.tar", "w") as tar:
        for name, content in zip(names, contents, strict=True):
            for member, data in ((name, content), (f"{Path(name).stem}.json", b"{}")):
                info = tarfile.TarInfo(member)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    target = tmp_path / "out"
    sources = [tmp_path / name for name in ("rows.parquet", "shard-7.tar", "list.txt")]
    salviewer("predict", *pictures, "-o", tmp_path / "alone", cluster=False)
    ended = salviewer("predict", *sources, "-o", target)
    assert (ended.code, ended.complaints) == (0, [])
    alone = files_in(tmp_path / "alone")
    expected = dict(alone)
    expected |= {f"shard-7/{name}": content for name, content in alone.items()}
    expected |= {f"rows/{at:09d}.png": alone[f"{Path(name).stem}.png"] for at, name in enumerate(names)}
    assert files_in(target) == expected
    assert sorted(row["picture"] for row in rows_in(target)) == sorted(
        [*map(str, pictures)]
        + [f"{sources[0]}/{name}" for name in names]
        + [f"{sources[1]}/{name}" for name in names]
    )
    ended = salviewer("predict", tmp_path / "addresses.parquet", "-o", tmp_path / "third")
    assert ended.code == 0
    assert files_in(tmp_path / "third") == alone


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server on loopback that refuses each file once, and is slow."""
    asked: set[str] = set()

    class Answer(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path not in asked and not self.path.endswith("gone.jpg"):
                asked.add(self.path)
                self.send_error(503)
                return
            time.sleep(0.1)
            super().do_GET()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Answer, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_list_of_addresses_of_a_slow_server_that_refuses_at_first(
    salviewer: Run, some: Path, tmp_path: Path
) -> None:
    pictures = sorted(some.glob("*.jpg"))[:6]
    salviewer("predict", *pictures, "-o", tmp_path / "alone", cluster=False)
    with served(some) as server:
        lines = [f"{server}/{path.name}" for path in pictures] + [f"{server}/gone.jpg"]
        (tmp_path / "list.txt").write_text("\n".join(lines))
        ended = salviewer("predict", tmp_path / "list.txt", "-o", tmp_path / "out")
    assert ended.code == 1
    assert ended.complaints == [f"salviewer: {server}/gone.jpg: there is no such file or folder"]
    assert files_in(tmp_path / "out") == files_in(tmp_path / "alone")
    assert {row["picture"] for row in rows_in(tmp_path / "out")} == set(lines)


def test_a_node_of_another_version_is_reported_before_anything_starts(
    start: Callable[..., Any], some: Path, tmp_path: Path
) -> None:
    root = Path(__file__).parents[2]
    other = tmp_path / "other"
    (other / "salviewer").mkdir(parents=True)
    for path in (root / "resources", root / "model_weights", *(root / "salviewer").iterdir()):
        if path.name != "__pycache__":
            (other / path.relative_to(root)).symlink_to(path)
    version = other / "salviewer" / "version.py"
    text = re.sub(r'"[\d.]+[^"]*"', '"9.9.9"', version.read_text())
    version.unlink()
    version.write_text(text)
    variables = os.environ | {"PYTHONPATH": str(other)}
    process = start("predict", some, "-o", tmp_path / "out", env=variables, cwd=tmp_path)
    _, err = process.communicate(timeout=100)
    assert process.returncode == 1
    message = r"salviewer: \S+ has salviewer \S+, and \S+, which starts the run, 9\.9\.9; install .*\n"
    assert re.fullmatch(message, err)
    assert not (tmp_path / "out").exists()
