"""Send lines to an MQTT broker or as a ZeroMQ publisher; if the other side is gone, only lines are lost.

The packages are extras: ``pip install 'salviewer[mqtt]'`` or ``'salviewer[zmq]'``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from salviewer.addresses import fit_to_show
from salviewer.errors import SalviewerError

TOPIC = "salviewer"
"""The MQTT topic if the address names none."""

SCHEMES = ("mqtt", "mqtts", "zmq")

_PORTS = {"mqtt": 1883, "mqtts": 8883}
_FIRST = 2.0  # seconds to wait for the first connection, so that the first lines are not lost
_LAST = 2.0  # seconds that the last line may take
_KEEPALIVE = 15  # seconds of silence after which a broker counts as gone
_AGAIN = 30  # longest pause between two connection attempts, in seconds
_LINES = 1000  # lines that ZeroMQ keeps for a slow subscriber


class Publisher(Protocol):
    """Sends lines. No call blocks for long or raises."""

    def send(self, line: str) -> None:
        """Send a line, or drop it if there is no connection."""

    def close(self) -> None:
        """Wait briefly for the last line, then disconnect."""


def open_publisher(address: str, tell: Callable[[str], None]) -> Publisher:
    """Create a publisher.

    Args:
        address: ``mqtt://[USER:PASSWORD@]HOST[:PORT][/TOPIC]`` (``mqtts`` uses TLS), or
            ``zmq://HOST:PORT[/TOPIC]``, which connects, or binds if the host is ``*``.
        tell: called with a sentence, in other threads, when the broker goes away or comes back.

    Raises:
        SalviewerError: the address is of another kind, its package is missing, or a port cannot be bound.
    """
    shown = fit_to_show(address)
    try:
        parts = urlsplit(address.replace("zmq://*", "zmq://0.0.0.0"))
        port = parts.port
    except ValueError:
        raise SalviewerError(f"{shown}: this is no valid address to publish to") from None
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise SalviewerError(
            f"{shown}: lines are published to mqtt://HOST[:PORT][/TOPIC] or zmq://HOST:PORT[/TOPIC]"
        )
    topic = unquote(parts.path.strip("/"))
    if parts.scheme == "zmq":
        if port is None:
            raise SalviewerError(f"{shown}: an address of ZeroMQ needs a port, as zmq://*:5556 has")
        return _ZeroMQ(shown, parts.hostname, port, topic, binds="zmq://*" in address)
    user, password = (None if part is None else unquote(part) for part in (parts.username, parts.password))
    return _Mqtt(
        shown, parts.hostname, port or _PORTS[parts.scheme], topic or TOPIC,
        user, password, parts.scheme == "mqtts", tell,
    )  # fmt: skip


class _Mqtt:
    """Publishes with quality of service 0: a line that cannot be sent now is lost."""

    def __init__(
        self,
        shown: str,
        host: str,
        port: int,
        topic: str,
        user: str | None,
        password: str | None,
        tls: bool,
        tell: Callable[[str], None],
    ) -> None:
        try:
            from paho.mqtt import client as mqtt
            from paho.mqtt.enums import CallbackAPIVersion
        except ImportError as error:
            raise SalviewerError(_missing(shown, "paho-mqtt", "mqtt")) from error
        self._shown, self._topic, self._tell = shown, topic, tell
        self._there = threading.Event()
        self._gone = False  # whether the loss of the connection was reported
        self._closing = False
        self._last: Any = None
        self._client = client = mqtt.Client(CallbackAPIVersion.VERSION2)
        if user is not None:
            client.username_pw_set(user, password)
        if tls:
            client.tls_set()
        client.reconnect_delay_set(1, _AGAIN)
        client.on_connect = self._connected
        client.on_disconnect = lambda *_: self._lost("the broker went away")
        client.on_connect_fail = lambda *_: self._lost("the broker does not answer")
        try:
            client.connect_async(host, port, _KEEPALIVE)
        except ValueError as error:
            raise SalviewerError(f"{shown}: {error}") from error
        client.loop_start()
        self._there.wait(_FIRST)

    def send(self, line: str) -> None:
        """Send a line, or drop it if there is no connection."""
        if self._there.is_set():
            self._last = self._client.publish(self._topic, line.encode())

    def close(self) -> None:
        """Wait briefly for the last line, then disconnect."""
        self._closing = True
        if self._last is not None and self._there.is_set():
            with suppress(RuntimeError, ValueError):  # the broker may have gone meanwhile
                self._last.wait_for_publish(_LAST)
        self._client.disconnect()
        self._client.loop_stop()

    def _connected(self, client: Any, data: Any, flags: Any, code: Any, properties: Any) -> None:
        if code.is_failure:
            self._lost(f"the broker refuses the connection: {str(code).lower()}")
            return
        self._there.set()
        if self._gone:
            self._gone = False
            self._tell(f"{self._shown}: the broker is there again; lines are sent")

    def _lost(self, why: str) -> None:
        self._there.clear()
        if not self._gone and not self._closing:
            self._gone = True
            self._tell(f"{self._shown}: {why}; lines are dropped until it is there")


class _ZeroMQ:
    """Publishes through a PUB socket, in the thread that made it."""

    def __init__(self, shown: str, host: str, port: int, topic: str, binds: bool) -> None:
        try:
            import zmq
        except ImportError as error:
            raise SalviewerError(_missing(shown, "pyzmq", "zmq")) from error
        self._topic = topic.encode()
        self._again = zmq.Again
        self._dont_wait = zmq.DONTWAIT
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.PUB)
        self._socket.sndhwm = _LINES
        self._socket.linger = round(1000 * _LAST)
        named = f"[{host}]" if ":" in host else host
        try:
            if binds:
                self._socket.bind(f"tcp://*:{port}")
            else:
                self._socket.connect(f"tcp://{named}:{port}")
        except zmq.ZMQError as error:
            self.close()
            raise SalviewerError(f"{shown}: {str(error).lower()}") from error

    def send(self, line: str) -> None:
        """Send a line: [topic, line] if there is a topic, else the line alone."""
        message = [self._topic, line.encode()] if self._topic else [line.encode()]
        with suppress(self._again):  # no subscriber takes it
            self._socket.send_multipart(message, self._dont_wait)

    def close(self) -> None:
        """Wait briefly for the last lines, then close."""
        self._socket.close()
        self._context.term()


def _missing(shown: str, package: str, extra: str) -> str:
    return f"{shown}: this needs {package}, which `pip install 'salviewer[{extra}]'` installs"
