"""Show interlaced frames without combs: the first field alone, stretched to the frame's height."""

from __future__ import annotations

import threading
from typing import Any

from salviewer.media.video.libav import load_av

NOTE = "it is interlaced; one field of each frame is shown"

_graphs = threading.local()  # a graph belongs to its decoding thread


def first_field(frame: Any) -> Any:
    """Return the lines of a frame's first field: half its height, in luma and colour."""
    av = load_av()
    shape = (frame.format.name, frame.width, frame.height)
    if getattr(_graphs, "shape", None) != shape:
        graph = av.filter.Graph()
        source = graph.add_buffer(
            width=frame.width, height=frame.height, format=frame.format.name, time_base=frame.time_base
        )
        graph.link_nodes(source, graph.add("field", "type=top"), graph.add("buffersink")).configure()
        _graphs.graph, _graphs.shape = graph, shape
    _graphs.graph.push(frame)
    return _graphs.graph.pull()
