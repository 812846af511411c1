"""Choose a video encoder; docs/adr/0009 says which may be chosen automatically."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from salviewer.errors import ExportError
from salviewer.media.video.libav import load_av

Codec = Literal["auto", "h264", "vp9", "av1"]
CODECS: tuple[Codec, ...] = get_args(Codec)

VIDEO_EXPORT_SUFFIXES = (".mp4", ".mkv", ".webm")
QUALITY = 75


@dataclass(frozen=True, slots=True)
class Encoder:
    """An encoder that can be opened here.

    Attributes:
        name: FFmpeg's name.
        codec: the codec that it writes.
        options: its options for a quality.
    """

    name: str
    codec: Codec
    options: dict[str, str]


def choose_encoder(path: Path, codec: Codec, size: tuple[int, int], quality: int = QUALITY) -> Encoder:
    """Return the encoder for a file.

    "auto" is H.264 in MP4 and Matroska if the system or its graphics card has an encoder and the size is
    even, as H.264 requires; else VP9. "h264" also uses x264 if PyAV has it.

    Args:
        path: its suffix, one of `VIDEO_EXPORT_SUFFIXES`, determines the container.
        size: (width, height).
        quality: 1..100.

    Raises:
        ExportError: the suffix is unknown, the container cannot hold the codec, or there is no encoder here.
        ValueError: the quality is out of range.
    """
    if not 1 <= quality <= 100:
        raise ValueError(f"a quality lies in 1..100, not {quality}")
    suffix = path.suffix.lower()
    if suffix not in VIDEO_EXPORT_SUFFIXES:
        known = ", ".join(VIDEO_EXPORT_SUFFIXES)
        raise ExportError(path, f'"{suffix}" is no video format this program writes; choose {known}')
    even = size[0] % 2 == 0 and size[1] % 2 == 0
    if codec == "h264" and suffix == ".webm":
        raise ExportError(path, "WebM cannot hold H.264; choose .mp4 or .mkv, or another codec")
    if codec == "h264" and not even:
        raise ExportError(
            path, f"H.264 needs even sides and this is {size[0]} x {size[1]}; choose VP9 or AV1"
        )
    wanted = {
        "auto": [*(_SYSTEM if even and suffix != ".webm" else ()), "libvpx-vp9", "libsvtav1"],
        "h264": [*_SYSTEM, "libx264"],
        "vp9": ["libvpx-vp9"],
        "av1": ["libsvtav1"],
    }[codec]
    for name in wanted:
        if _opens(name, size if name in _SYSTEM else _SMALL):
            return Encoder(name, _written_by(name), _options(name, quality))
    raise ExportError(path, f"nothing on this computer encodes {codec.upper()}; choose another codec")


# Encoders of operating systems and graphics cards come with a licence for their user.
_SYSTEM = ("h264_videotoolbox", "h264_mf", "h264_nvenc", "h264_qsv", "h264_amf")

_SMALL = (320, 240)  # which all other encoders take


def _written_by(name: str) -> Codec:
    return "vp9" if "vp9" in name else "av1" if "av1" in name else "h264"


def _options(name: str, quality: int) -> dict[str, str]:
    def crf(worst: int, best: int) -> str:
        return str(round(worst + (best - worst) * quality / 100))

    match name:
        case "libvpx-vp9":
            speed = {"deadline": "realtime", "cpu-used": "8", "row-mt": "1", "tile-columns": "2"}
            # It would keep 25 frames back by default, for nothing: the file is the same.
            return speed | {"crf": crf(60, 20), "b": "0", "lag-in-frames": "0"}
        case "libsvtav1":
            return {"preset": "10", "crf": crf(60, 24)}
        case "libx264":
            return {"preset": "veryfast", "crf": crf(40, 14)}
        case "h264_nvenc":
            return {"rc": "vbr", "cq": crf(45, 16)}
        case "h264_qsv":
            return {"global_quality": crf(45, 16)}
        case "h264_videotoolbox":
            return {"q:v": str(quality)}
        case "h264_mf":
            return {"rate_control": "quality", "quality": str(quality)}
        case _:
            return {}


@lru_cache(maxsize=16)
def _opens(name: str, size: tuple[int, int]) -> bool:
    """Return whether the encoder and its hardware are available and take this size, by opening it."""
    av = load_av()
    try:
        context = av.CodecContext.create(name, "w")
        context.width, context.height, context.pix_fmt = *size, "yuv420p"
        context.framerate, context.time_base = Fraction(25), Fraction(1, 25)
        context.open()
    except (av.error.FFmpegError, av.codec.codec.UnknownCodecError, OSError, ValueError):
        return False
    return True
