"""The process that draws documents: ``python -m salviewer.media.openers.worker``, started by `process`.

Requests come on standard input, answers go to standard output, both as `messages`. A request has

- ``do``: "describe" (answer: ``pages``, a name for each) or "draw" (answer: ``mode``, ``size``, ``note``, and
  ``icc`` in base 64, with the pixels);
- ``kind``: of `table.OPENERS`;
- ``path``, or ``name`` if the file's bytes follow;
- ``page`` (from one), ``dpi``, ``password`` and ``most`` (pixels).

A refusal has ``refusal``, a clause, and ``locked`` if a password would help.
"""

from __future__ import annotations

import base64
import io
import os
import select
import sys
import threading
from contextlib import suppress
from typing import IO, Any

from salviewer.media.openers import limits
from salviewer.media.openers.drawn import Drawn
from salviewer.media.openers.messages import receive, send
from salviewer.media.openers.refusals import LockedError, UnreadableError

_IDLE = 120.0  # seconds after which an unused process ends


def main() -> int:
    """Answer requests until there are no more."""
    threading.stack_size(limits.STACK)
    drawing = threading.Thread(target=_serve)
    drawing.start()
    drawing.join()
    return 0


def _serve() -> None:
    incoming = os.fdopen(os.dup(0), "rb", buffering=0)
    reader = io.BufferedReader(incoming)
    outgoing = os.fdopen(os.dup(1), "wb")
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library may print
    limits.apply_to_this_process()
    while _is_asked(incoming):
        try:
            request, content = receive(reader)
        except EOFError:
            break
        limits.start_alarm()
        answer, pixels = _answer(request, content)
        try:
            send(outgoing, answer, pixels)
        except OSError:
            break
        limits.stop_alarm()


def _is_asked(incoming: IO[bytes]) -> bool:
    if sys.platform == "win32":  # it waits for as long as its parent lives
        return True
    return bool(select.select([incoming], [], [], _IDLE)[0])


def _answer(request: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    title = str(request.get("title") or request.get("kind"))
    try:
        with _opened(request, content) as stream:
            if request["do"] == "describe":
                return {"pages": _describe(request, stream)}, b""
            drawn = _draw(request, stream)
    except LockedError as error:
        return {"refusal": str(error), "locked": True}, b""
    except UnreadableError as error:
        return {"refusal": str(error)}, b""
    except MemoryError:
        return {"refusal": f"drawing it needs more than {limits.MEMORY / 2**30:g} GB of memory"}, b""
    except OSError as error:
        if error.strerror and error.errno:
            return {"refusal": f"it cannot be read ({error.strerror.lower()})"}, b""
        return {"refusal": f"its {title} data are damaged"}, b""
    except Exception:  # libraries may raise anything for broken data
        return {"refusal": f"its {title} data are damaged"}, b""
    answer = {"mode": drawn.mode, "size": drawn.size, "note": drawn.note}
    if drawn.icc:
        answer["icc"] = base64.b64encode(drawn.icc).decode()
    return answer, drawn.pixels


def _opened(request: dict[str, Any], content: bytes) -> IO[bytes]:
    path = request.get("path")
    if path is None:
        return io.BytesIO(content)
    return open(path, "rb")  # noqa: PTH123  # a name may have any bytes


def _describe(request: dict[str, Any], stream: IO[bytes]) -> list[str]:
    if request["kind"] == "PDF":
        from salviewer.media.openers import pdf

        return pdf.describe(stream, request["password"])
    return [""]


def _draw(request: dict[str, Any], stream: IO[bytes]) -> Drawn:
    kind, most = request["kind"], min(int(request["most"]), limits.PIXELS)
    if kind == "PDF":
        from salviewer.media.openers import pdf

        suffix = str(request.get("suffix", ""))
        return pdf.draw(stream, request["password"], request["page"], request["dpi"], most, suffix)
    if kind == "SVG":
        from salviewer.media.openers import svg

        return svg.draw(stream, request["dpi"], most)
    from salviewer.media.openers import plugins

    return plugins.decode(stream, kind)


if __name__ == "__main__":
    raise SystemExit(main())
