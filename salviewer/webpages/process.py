"""A browser process of our own: headless, with a profile that is deleted, spoken to through two pipes.

When this program ends in whatever way, the pipes close and the browser ends by itself
(docs/adr/0026-a-browser-over-pipes-draws-pages.md).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from salviewer.media.saving import remove_leftovers, temporary_name
from salviewer.webpages.browsers import BrowserError

_LONGEST_FOLDER = 58  # bytes; the browser puts sockets below it, whose names may have 107
_GRACE = 0.5  # seconds in which a browser may close by itself; it has nothing to save
_ENDING = 3.0  # seconds in which a killed one is gone
_ARGUMENTS = (
    "--headless=new",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--no-service-autorun",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-features=Translate,MediaRouter,OptimizationHints,OptimizationGuideModelDownloading,AutofillServerCommunication,DialMediaRouteProvider",
    "--deny-permission-prompts",
    "--enable-blink-features=ComputedAccessibilityInfo",  # names as the accessibility tree has them
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--mute-audio",
    "--metrics-recording-only",
    "--password-store=basic",
    "--use-mock-keychain",
)


class Process:
    """A running browser; close it, in any case.

    Attributes:
        requests: bytes written here are read by the browser.
        answers: what the browser writes.
        note: a remark for the user, "" for none.

    Raises:
        BrowserError: it cannot be started.
    """

    def __init__(self, program: Path) -> None:
        folder = Path(tempfile.gettempdir())
        remove_leftovers(folder)
        self._profile = folder / temporary_name()
        self.note = ""
        arguments = [*_ARGUMENTS, f"--user-data-dir={self._profile}"]
        if sys.platform.startswith("linux"):
            arguments.append("--disable-dev-shm-usage")  # it is small in containers
            if os.geteuid() == 0:
                arguments.append("--no-sandbox")
                self.note = "the browser's sandbox is off, because this program runs as root"
        try:
            self._profile.mkdir(mode=0o700)
            self._said = self._profile / "said.txt"
            start = _start_on_windows if sys.platform == "win32" else _start
            self._process, self.requests, self.answers = start(program, arguments, self._said)
        except OSError as error:
            shutil.rmtree(self._profile, ignore_errors=True)
            raise BrowserError(
                f"{program}: the browser does not start ({(error.strerror or str(error)).lower()})"
            ) from error
        except BaseException:
            shutil.rmtree(self._profile, ignore_errors=True)
            raise

    def memory(self) -> int:
        """Return the memory of the browser and its helpers in bytes; 0 if it cannot be found."""
        total = 0
        with suppress(psutil.Error):
            for one in (self._process, *self._process.children(recursive=True)):
                with suppress(psutil.Error):
                    total += one.memory_info().rss
        return total

    def last_words(self) -> str:
        """Return the last line that the browser wrote about an error, shortened; "" for none."""
        with suppress(OSError):
            lines = self._said.read_text("utf-8", "replace").splitlines()
            for word in ("FATAL", "No usable sandbox", "Failed to", "ERROR", "error"):
                for line in lines:
                    if word in line:
                        return line.rpartition("] ")[2].strip()[:160]
        return ""

    def close(self) -> None:
        """End the browser with all its helpers, and delete the profile."""
        try:
            with suppress(OSError, ValueError):
                self.requests.close()  # which asks it to end
            self._end()
        finally:
            with suppress(OSError, ValueError):
                self.answers.close()
            for _ in range(20):
                shutil.rmtree(self._profile, ignore_errors=True)
                if not self._profile.exists():
                    break
                time.sleep(0.1)  # a helper still writes

    def _end(self) -> None:
        helpers: list[psutil.Process] = []
        with suppress(psutil.Error):
            helpers = self._process.children(recursive=True)
        try:
            with suppress(psutil.Error):
                self._process.wait(_GRACE)
        finally:
            for one in (self._process, *helpers):
                with suppress(psutil.Error):
                    one.kill()
            with suppress(psutil.Error):
                self._process.wait(_ENDING)
            end = time.monotonic() + _ENDING
            while any(_runs(one) for one in helpers) and time.monotonic() < end:
                time.sleep(0.02)


def _runs(process: psutil.Process) -> bool:
    """Return whether a process runs; one that has ended and is not reaped does not."""
    try:
        return bool(process.is_running()) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _start(program: Path, arguments: list[str], said: Path) -> tuple[psutil.Process, IO[bytes], IO[bytes]]:
    """Start a browser that reads from descriptor 3 and writes to 4; safe in a program with threads."""
    import fcntl

    ours: list[int] = []
    theirs: list[int] = []
    try:
        for write_is_ours in (True, False):
            read, write = os.pipe()
            mine, other = (write, read) if write_is_ours else (read, write)
            ours.append(mine)
            theirs.append(other)
        for place, number in enumerate(theirs):  # away from 3 and 4, which they are copied to
            theirs[place] = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, 10)
            os.close(number)
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, str(said), os.O_WRONLY | os.O_CREAT, 0o600),
            (os.POSIX_SPAWN_DUP2, theirs[0], 3),
            (os.POSIX_SPAWN_DUP2, theirs[1], 4),
        ]
        environment = dict(os.environ)
        if sys.platform.startswith("linux"):
            fits = len(os.fsencode(said.parent)) < _LONGEST_FOLDER
            environment["TMPDIR"] = str(said.parent) if fits else "/tmp"
            environment |= {"BREAKPAD_DUMP_LOCATION": str(said.parent), "GSETTINGS_BACKEND": "memory"}
        command = [str(program), "--remote-debugging-pipe", *arguments]
        # A process group of its own: Ctrl+C in the terminal is for this program, which ends the browser
        number = os.posix_spawn(program, command, environment, file_actions=actions, setpgroup=0)
        requests, answers = os.fdopen(ours[0], "wb", buffering=0), os.fdopen(ours[1], "rb", buffering=0)
        ours.clear()
        return psutil.Process(number), requests, answers
    finally:
        for number in (*ours, *theirs):
            os.close(number)


def _start_on_windows(
    program: Path, arguments: list[str], said: Path
) -> tuple[psutil.Process, IO[bytes], IO[bytes]]:
    """Start a browser that inherits two handles, whose numbers it is told."""
    import msvcrt

    their_read, our_write = os.pipe()
    our_read, their_write = os.pipe()
    try:
        handles = []
        for number in (their_read, their_write):
            handle = msvcrt.get_osfhandle(number)  # type: ignore[attr-defined,unused-ignore]
            os.set_handle_inheritable(handle, True)  # type: ignore[attr-defined,unused-ignore]
            handles.append(handle)
        startup = subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles})  # type: ignore[attr-defined,unused-ignore]
        io_pipes = f"--remote-debugging-io-pipes={handles[0]},{handles[1]}"
        child = subprocess.Popen(
            [str(program), "--remote-debugging-pipe", io_pipes, *arguments],
            stdin=subprocess.DEVNULL,
            close_fds=True,
            startupinfo=startup,
        )
    except BaseException:
        os.close(our_write)
        os.close(our_read)
        raise
    finally:
        os.close(their_read)
        os.close(their_write)
    requests, answers = os.fdopen(our_write, "wb", buffering=0), os.fdopen(our_read, "rb", buffering=0)
    return psutil.Process(child.pid), requests, answers
