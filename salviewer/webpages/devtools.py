"""Speak the DevTools protocol with a browser: JSON messages that end with a zero byte."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any

from salviewer.errors import SalviewerError

Message = dict[str, Any]
Handler = Callable[[str, Message, str], None]
"""Gets an event: its method, its parameters, and the session it comes from."""

_LARGEST_MESSAGE = 512 * 2**20
_SLICE = 0.1  # seconds between two looks at the watchman


class DevToolsError(SalviewerError):
    """The browser refused a command, or is not there any more."""


class BrowserGoneError(DevToolsError):
    """The browser ended."""


class SilentError(DevToolsError):
    """The browser gave no answer in time."""


class DevTools:
    """Commands to a browser, and its events; for one thread.

    Args:
        requests: what the browser reads.
        answers: what the browser writes.
        handle: called with each event in the thread that waits. It may `post`, and not wait.
        watch: called at least ten times a second while waiting; may raise to give up.
    """

    def __init__(
        self, requests: IO[bytes], answers: IO[bytes], handle: Handler, watch: Callable[[], None]
    ) -> None:
        self._requests, self._handle, self._watch = requests, handle, watch
        self._incoming: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._replies: dict[int, Message] = {}
        self._awaited: set[int] = set()
        self._last = 0
        threading.Thread(
            target=_read, args=(answers, self._incoming), name="browser answers", daemon=True
        ).start()

    def call(
        self, method: str, parameters: Message | None = None, *, session: str = "", seconds: float = 15.0
    ) -> Message:
        """Send a command and return its result; events that arrive meanwhile are handled.

        Raises:
            DevToolsError: it failed. `SilentError`: no result within `seconds`. `BrowserGoneError`: the
                browser ended.
        """
        number = self.post(method, parameters, session=session)
        self._awaited.add(number)
        try:
            if not self.pump(lambda: number in self._replies, seconds):
                raise SilentError(f"the browser gave no answer to {method} within {seconds:g} s")
            reply = self._replies.pop(number)
        finally:
            self._awaited.discard(number)
        if "error" in reply:
            raise DevToolsError(f"{method}: {reply['error'].get('message', 'it failed')}")
        result: Message = reply.get("result", {})
        return result

    def post(self, method: str, parameters: Message | None = None, *, session: str = "") -> int:
        """Send a command whose result does not matter; return its number."""
        self._last += 1
        message: Message = {"id": self._last, "method": method, "params": parameters or {}}
        if session:
            message["sessionId"] = session
        try:
            data = json.dumps(message).encode() + b"\0"
            while data:
                data = data[self._requests.write(data) :]
        except (OSError, ValueError) as error:
            raise BrowserGoneError("the browser ended unexpectedly") from error
        return self._last

    def expect(self, number: int) -> None:
        """Keep the reply to a command that was posted, for `reply_to`."""
        self._awaited.add(number)

    def reply_to(self, number: int) -> Message | None:
        """Return the reply to a command, once; None before it is there."""
        reply = self._replies.pop(number, None)
        if reply is not None:
            self._awaited.discard(number)
        return reply

    def pump(self, done: Callable[[], bool], seconds: float) -> bool:
        """Handle events until a condition holds or the time is over; return whether it holds."""
        end = time.monotonic() + seconds
        while not done():
            self._watch()
            left = end - time.monotonic()
            if left <= 0:
                return False
            with suppress(queue.Empty):
                self._take(self._incoming.get(timeout=min(left, _SLICE)))
        return True

    def _take(self, message: Message | None) -> None:
        if message is None:
            self._incoming.put(None)
            raise BrowserGoneError("the browser ended unexpectedly")
        if "id" in message:
            if message["id"] in self._awaited:
                self._replies[message["id"]] = message
        elif "method" in message:
            self._handle(message["method"], message.get("params", {}), message.get("sessionId", ""))


def _read(answers: IO[bytes], incoming: queue.SimpleQueue[Message | None]) -> None:
    rest = bytearray()
    try:
        while data := answers.read(1 << 20):
            searched = len(rest)
            rest += data
            while (end := rest.find(0, searched)) >= 0:
                incoming.put(json.loads(bytes(rest[:end])))
                del rest[: end + 1]
                searched = 0
            if len(rest) > _LARGEST_MESSAGE:
                break
    except (OSError, ValueError):
        pass
    incoming.put(None)
