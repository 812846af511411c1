"""Commands for cameras, streams and videos: opening, playing and saving."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from salviewer.app.workbench import Command, Workbench

if TYPE_CHECKING:
    from salviewer.app.features.live.exporting import VideoExports
    from salviewer.app.features.live.opening import Opening
    from salviewer.app.features.live.playing import Playing
    from salviewer.app.features.live.recordings import Recordings
    from salviewer.app.features.live.saving import FrameSaver
    from salviewer.app.features.live.sources import LiveSources
    from salviewer.app.features.live.tracking import TrackExports


def commands(
    bench: Workbench,
    sources: LiveSources,
    opening: Opening,
    playing: Playing,
    recordings: Recordings,
    exports: VideoExports,
    saver: FrameSaver,
    tracks: TrackExports,
) -> Iterator[Command]:
    """Make the commands of the feature."""
    settings, menu = bench.settings, "Live"
    yield Command("open_camera", "Open ca&mera…", opening.camera, "File", (1, 3), ("Ctrl+Shift+K",), "camera",
                  "Show a camera with its overlay")  # fmt: skip
    yield Command("open_stream", "Open s&tream…", opening.stream, "File", (1, 4), ("Ctrl+U",), "stream",
                  "Show a network camera or another stream")  # fmt: skip
    yield Command("open_frames", "Open frames as a vi&deo…", opening.ask_frames, "File", (1, 5),
                  tip="Play the numbered pictures of a folder")  # fmt: skip
    yield Command("play", "&Play", playing.toggle, menu, (1, 1), ("K",), "play",
                  "Play or pause (Space on the picture)", "playable")  # fmt: skip
    yield Command("step_back", "Frame &before", lambda: playing.step(-1), menu, (1, 2), (",",), "step-back",
                  "One frame back", "playable")  # fmt: skip
    yield Command("step_forward", "Frame &after", lambda: playing.step(1), menu, (1, 3), (".",),
                  "step-forward", "One frame on", "playable")  # fmt: skip
    yield Command("loop", "&Loop", lambda on: settings.change_live(loop=on), menu, (1, 4), (), "loop",
                  "Start again at the end", "playable", checked=lambda: settings.now.live.loop)  # fmt: skip
    yield Command(
        "follow_region",
        "&Follow the most salient region",
        sources.follow,
        menu,
        (2, 1),
        ("U",),
        "follow",
        "A box that follows the region with most attention from frame to frame",
        "live",
        checked=lambda: sources.following,
    )
    yield Command("show_hud", "Show &rates", lambda on: settings.change_live(hud=on), menu, (2, 2), ("I",),
                  "gauge", "Rates, delay and dropped frames over the picture",
                  checked=lambda: settings.now.live.hud)  # fmt: skip
    yield Command("snapshot", "&Snapshot", saver.take_snapshot, menu, (3, 1), ("F12",), "snapshot",
                  "Save this frame as shown, at once, in the folder used last",
                  "picture")  # fmt: skip
    yield Command("record", "Re&cord…", recordings.switch, menu, (3, 2), ("Ctrl+R",), "record",
                  "Record what is shown to a video until you stop it", "live",
                  checked=lambda: recordings.recorder is not None)  # fmt: skip
    yield Command("export_video", "&Export video…", exports.ask, menu, (3, 3), ("Ctrl+Shift+E",), "export",
                  "Write every frame of the video with its overlay, and the sound", "playable")  # fmt: skip
    yield Command("track_regions", "Trac&k regions and reframe…", tracks.ask, menu, (3, 6), (), "follow",
                  "Follow regions through the whole video, and cut it to 9:16 or another shape"
                  " after attention", "playable")  # fmt: skip
    yield Command("save_path", "Save the pat&h of the region…", saver.save_path, menu, (3, 4), when="path")
    yield Command("save_shares", "Save the areas' shares over &time…", saver.save_shares, menu, (3, 5),
                  when="shares")  # fmt: skip
    yield Command("reconnect", "Rec&onnect", sources.reconnect, menu, (4, 1), ("F5",), "reconnect",
                  "Open the source again", "lost")  # fmt: skip
    yield Command("close_source", "Close the so&urce", sources.close_source, menu, (4, 2), ("Ctrl+W",),
                  "close", when="live")  # fmt: skip
