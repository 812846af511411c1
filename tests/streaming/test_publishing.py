"""Lines sent to a real MQTT broker and by ZeroMQ; one that goes away costs nothing but lines."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from salviewer.errors import SalviewerError
from salviewer.streaming.publishing import open_publisher
from tests.streaming.watching import LIMIT, Calls

MOSQUITTO = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Broker:
    """A mosquitto on loopback."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
            + ("user root\n" if Path("/").owner() == "root" else "")
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert MOSQUITTO is not None
        self._process = subprocess.Popen([MOSQUITTO, "-c", str(self._config)], stderr=subprocess.DEVNULL)
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        pytest.fail("mosquitto does not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(LIMIT)
            self._process = None


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def subscribed(broker: Broker) -> Iterator[Callable[[str], Calls[str]]]:
    mqtt = pytest.importorskip("paho.mqtt.client")
    clients = []

    def subscribe(topic: str) -> Calls[str]:
        calls: Calls[str] = Calls()
        ready = threading.Event()
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
        client.reconnect_delay_set(1, 1)
        client.on_connect = lambda *_: client.subscribe(topic)
        client.on_subscribe = lambda *_: ready.set()
        client.on_message = lambda _, __, message: calls(message.payload.decode())
        client.connect("127.0.0.1", broker.port)
        client.loop_start()
        clients.append(client)
        assert ready.wait(LIMIT)
        return calls

    yield subscribe
    for client in clients:
        client.disconnect()
        client.loop_stop()


needs_mosquitto = pytest.mark.skipif(MOSQUITTO is None, reason="mosquitto is not installed")


@pytest.mark.servers
@needs_mosquitto
def test_lines_reach_a_broker_the_last_one_too(
    broker: Broker, subscribed: Callable[[str], Calls[str]]
) -> None:
    calls, other = subscribed("robots/gaze"), subscribed("salviewer")
    said: Calls[str] = Calls()
    for path in ("/robots/gaze", ""):
        publisher = open_publisher(f"mqtt://127.0.0.1:{broker.port}{path}", said)
        for number in range(20):
            publisher.send(f"line {number}")
        publisher.close()
    assert calls.count(20) == other.count(20) == [f"line {number}" for number in range(20)]
    assert said.all == []


@pytest.mark.servers
@needs_mosquitto
def test_a_broker_that_goes_away_costs_its_lines_alone(
    broker: Broker, subscribed: Callable[[str], Calls[str]]
) -> None:
    said: Calls[str] = Calls()
    calls = subscribed("salviewer")
    publisher = open_publisher(f"mqtt://user:secret@127.0.0.1:{broker.port}", said)
    publisher.send("before")
    calls.count(1)
    broker.stop()
    said.count(1)
    for _ in range(1000):
        publisher.send("meanwhile")
    broker.start()
    said.count(2)
    end = time.monotonic() + LIMIT
    while calls.all[-1] != "after" and time.monotonic() < end:  # the subscriber has to come back, too
        publisher.send("after")
        time.sleep(0.1)
    assert calls.all[-1] == "after"
    publisher.close()
    assert "meanwhile" not in calls.all
    assert "went away" in said.all[0] and "there again" in said.all[1]
    assert not any("secret" in sentence for sentence in said.all)


@pytest.mark.filterwarnings("ignore")
def test_no_broker_at_all_is_reported_and_ends_quickly() -> None:
    pytest.importorskip("paho.mqtt.client")
    said: Calls[str] = Calls()
    publisher = open_publisher(f"mqtt://127.0.0.1:{free_port()}", said)
    publisher.send("line")
    publisher.close()
    assert ["lines are dropped" in sentence for sentence in said.all] == [True]


@pytest.mark.parametrize("topic", ["", "gaze"])
def test_zeromq(topic: str) -> None:
    zmq = pytest.importorskip("zmq")
    said: Calls[str] = Calls()
    port = free_port()
    with zmq.Context() as context, context.socket(zmq.SUB) as subscriber:
        subscriber.rcvtimeo = round(1000 * LIMIT)
        subscriber.subscribe(topic)
        publisher = open_publisher(f"zmq://*:{port}" + (f"/{topic}" if topic else ""), said)
        publisher.send("nobody is there")  # and nobody waits
        subscriber.connect(f"tcp://127.0.0.1:{port}")
        subscriber.poll(200)  # a subscription takes a moment to arrive
        publisher.send("a line")
        publisher.send("the last")
        publisher.close()
        got = [subscriber.recv_multipart() for _ in range(2)]
    head = [topic.encode()] if topic else []
    assert got == [[*head, b"a line"], [*head, b"the last"]]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://host/x", "mqtt://HOST"),
        ("mqtt:///topic", "mqtt://HOST"),
        ("zmq://*", "needs a port"),
        ("mqtt://host:port", "no valid address"),
    ],
)
def test_addresses_that_are_none(address: str, said: str) -> None:
    with pytest.raises(SalviewerError, match=said):
        open_publisher(address, lambda sentence: None)


def test_a_port_that_is_taken() -> None:
    pytest.importorskip("zmq")
    with socket.create_server(("0.0.0.0", 0)) as taken, pytest.raises(SalviewerError, match="in use"):
        open_publisher(f"zmq://*:{taken.getsockname()[1]}", lambda sentence: None)
