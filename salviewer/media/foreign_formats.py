"""Name formats that are recognised but not opened, and how to convert them."""

from __future__ import annotations

from typing import IO

_AS_PNG = "export it as PNG first"
_AS_JPEG = "export it as JPEG first"
_RAW = f"camera raw pictures are not supported; {_AS_JPEG}"
_VIDEO = "it is a video, not a picture"

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"II\xbc", f"JPEG XR is not supported; {_AS_PNG}"),
    (b"DDS ", f"DDS textures are not supported; {_AS_PNG}"),
    (b"icns", f"ICNS icons are not supported; {_AS_PNG}"),
    (b"SIMPLE  =", f"FITS is not supported; {_AS_PNG}"),
    (b"v/1\x01", f"OpenEXR is not supported; {_AS_PNG}"),
    (b"#?RADIANCE", f"Radiance HDR is not supported; {_AS_PNG}"),
    (b"#?RGBE", f"Radiance HDR is not supported; {_AS_PNG}"),
    (b"gimp xcf", f"GIMP files are not supported; {_AS_PNG}"),
    (b"BPG\xfb", f"BPG is not supported; {_AS_PNG}"),
    (b"FLIF", f"FLIF is not supported; {_AS_PNG}"),
    (b"farbfeld", f"farbfeld is not supported; {_AS_PNG}"),
    (b"AT&TFORM", f"DjVu documents are not supported; {_AS_PNG}"),
    (b"\xd7\xcd\xc6\x9a", f"WMF drawings are not supported; {_AS_PNG}"),
    (b"/* XPM */", f"XPM is not supported; {_AS_PNG}"),
    (b"\x59\xa6\x6a\x95", f"Sun raster files are not supported; {_AS_PNG}"),
    (b"SDPX", f"DPX is not supported; {_AS_PNG}"),
    (b"XPDS", f"DPX is not supported; {_AS_PNG}"),
    (b"%!PS", f"PostScript and EPS are not supported; {_AS_PNG}"),
    (b"\xc5\xd0\xd3\xc6", f"PostScript and EPS are not supported; {_AS_PNG}"),
    (b"FUJIFILMCCD-RAW", _RAW),
    (b"IIRO", _RAW),
    (b"IIRS", _RAW),
    (b"MMOR", _RAW),
    (b"IIU\0", _RAW),
    (b"FOVb", _RAW),
    (b"\0MRM", _RAW),
    (b"\x1aE\xdf\xa3", _VIDEO),
    (b"FLV\x01", _VIDEO),
    (b"\0\0\x01\xba", _VIDEO),
)
_BRANDS: dict[bytes, str] = {
    **dict.fromkeys((b"avif", b"avis"), "AVIF pictures are not supported by this installation"),
    b"crx ": _RAW,
}
_RAW_SUFFIXES = frozenset(
    {".3fr", ".arw", ".cr2", ".crw", ".dcr", ".dng", ".erf", ".iiq", ".kdc", ".mef", ".nef", ".nrw"}
    | {".pef", ".raw", ".rwl", ".sr2", ".srf", ".srw"}
)


def foreign(prefix: bytes, stream: IO[bytes], suffix: str) -> str:
    """Return a clause on a file whose format is recognised but not supported; "" for any other file.

    Args:
        prefix: its first 64 bytes.
        stream: the file, seekable, at any position.
        suffix: of its name, lower case with the dot.
    """
    if suffix == ".ai" and prefix.startswith(b"%!PS"):
        return "it is an Illustrator file without a PDF inside; save it with “Create PDF Compatible File”"
    for beginning, clause in _BEGINNINGS:
        if prefix.startswith(beginning):
            return clause
    if prefix[4:8] == b"ftyp":
        return _BRANDS.get(prefix[8:12], _VIDEO)
    if prefix[:4] == b"RIFF" and prefix[8:12] == b"AVI ":
        return _VIDEO
    if prefix[40:44] == b" EMF":
        return f"EMF drawings are not supported; {_AS_PNG}"
    if suffix in _RAW_SUFFIXES:
        return _RAW
    stream.seek(0)
    start = stream.read(1024)
    if start[128:132] == b"DICM":
        return f"DICOM is not supported; {_AS_PNG}"
    return ""
