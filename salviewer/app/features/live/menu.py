"""Cameras, streams and videos: playing them, and what is taken from them."""

from __future__ import annotations

from salviewer.app.menus.spec import LINE, Menu, Spec


class LiveMenu(Menu):
    """What can be asked for while frames come."""

    TITLE = "&Live"
    SPECS = (
        Spec("open_camera", "Open ca&mera…", ("Ctrl+Shift+K",), "camera", "Show a camera with its overlay"),
        Spec(
            "open_stream", "Open s&tream…", ("Ctrl+U",), "stream", "Show a network camera or another stream"
        ),
        Spec("open_frames", "Open &frames as a video…", tip="Play the numbered pictures of a folder"),
        LINE,
        Spec("play", "&Play", ("K",), "play", "Play or pause (Space on the picture)", needs="playable"),
        Spec("step_back", "Frame &before", (",",), "step-back", "One frame back", needs="playable"),
        Spec("step_forward", "Frame &after", (".",), "step-forward", "One frame on", needs="playable"),
        Spec(
            "loop",
            "&Loop",
            (),
            "loop",
            "Begin again at the end",
            check=True,
            needs="playable",
        ),
        LINE,
        Spec(
            "follow_region",
            "&Follow the most salient region",
            ("U",),
            "follow",
            "A box that follows the region with most attention from frame to frame",
            check=True,
            needs="live",
        ),
        Spec(
            "show_hud",
            "Show &rates",
            ("I",),
            "gauge",
            "Rates, delay and dropped frames over the picture",
            check=True,
        ),
        LINE,
        Spec(
            "snapshot",
            "&Snapshot",
            ("F12",),
            "snapshot",
            "Save this frame as it is shown, at once, beside what was saved last",
            needs="picture",
        ),
        Spec(
            "record",
            "Re&cord…",
            ("Ctrl+R",),
            "record",
            "Record what is shown to a video, until you end it",
            check=True,
            needs="live",
        ),
        Spec(
            "export_video",
            "&Export video…",
            ("Ctrl+Shift+E",),
            "export",
            "Write every frame of the video with its overlay, and the sound",
            needs="playable",
        ),
        Spec("save_path", "Save the p&ath of the region…", needs="path"),
        Spec("save_shares", "Save the areas' shares over &time…", needs="shares"),
        LINE,
        Spec(
            "reconnect",
            "Rec&onnect",
            ("F5",),
            "reconnect",
            "Open the source again",
            needs="lost",
        ),
        Spec("close_source", "Close the so&urce", ("Ctrl+W",), "close", needs="live"),
    )

    def play(self) -> None:
        """Play, or pause."""
        self.window.live.playing.toggle()

    def step_back(self) -> None:
        """One frame back."""
        self.window.live.playing.step(-1)

    def step_forward(self) -> None:
        """One frame on."""
        self.window.live.playing.step(1)

    def loop(self, on: bool) -> None:
        """Begin again at the end, or stop there."""
        self.window.live.set_loop(on)

    def follow_region(self, on: bool) -> None:
        """Follow a region, or none."""
        self.window.live.follow(on)

    def show_hud(self, shown: bool) -> None:
        """Rates on or off."""
        self.window.preferences.change_live(hud=shown)

    def snapshot(self) -> None:
        """Save this frame."""
        self.window.live.snapshot()

    def record(self, on: bool) -> None:
        """Begin a recording, or end it."""
        self.window.live.recordings.switch(on)

    def export_video(self) -> None:
        """Ask how, then write the video."""
        self.window.live.exports.ask()

    def save_path(self) -> None:
        """Ask for a name, then write where the followed region was."""
        self.window.live.save_path()

    def save_shares(self) -> None:
        """Ask for a name, then write the areas' shares over time."""
        self.window.live.save_shares()

    def reconnect(self) -> None:
        """Open the source again."""
        self.window.live.reconnect()

    def close_source(self) -> None:
        """Let go of it; its last frame stays as a picture."""
        self.window.live.close_source()

    def open_camera(self) -> None:
        """Ask which camera."""
        self.window.live.opening.camera()

    def open_stream(self) -> None:
        """Ask for the address of a stream."""
        self.window.live.opening.stream()

    def open_frames(self) -> None:
        """Ask for a folder of frames."""
        self.window.live.opening.ask_frames()
