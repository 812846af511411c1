"""Opens the pictures of a shard, in its order."""

from __future__ import annotations

import posixpath
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from salviewer.addresses import is_web
from salviewer.cluster.errors import StoreError
from salviewer.cluster.sources import column_of, name_column
from salviewer.cluster.stores import Place
from salviewer.cluster.units import Shard, Unit
from salviewer.errors import ImageError
from salviewer.media.images import Picture, decode_picture, load_picture
from salviewer.media.openers.table import PICTURE_SUFFIXES

_HTML = re.compile(rb"[\xef\xbb\xbf\s]*<(?:!doctype html|html|!--)", re.IGNORECASE)

Entry = tuple[Unit, bytes | None]
"""A picture, and its bytes where they came with it."""


def entries(shard: Shard) -> Iterator[Entry]:
    """List what is in a shard; of a tar or a Parquet file with the bytes, read as they are asked for.

    Raises:
        StoreError: the file cannot be read, from there on.
    """
    if shard.kind == "tar":
        yield from _members(shard.units[0])
    elif shard.kind == "rows":
        yield from _rows(shard)
    else:
        for unit in shard.units:
            yield unit, None


def open_entry(unit: Unit, content: bytes | None) -> Picture:
    """Read and decode one picture.

    Raises:
        ImageError: it is no picture, is damaged or too large.
        StoreError: the store does not give it.
    """
    if unit.problem:
        raise ImageError(unit.shown, unit.problem)
    place = Place(unit.address)
    if content is not None:
        return decode_picture(content, unit.shown)
    if (path := place.local) is not None:
        return load_picture(path)
    content = place.read()
    if is_web(unit.address) and _HTML.match(content[:512]):
        raise ImageError(
            unit.shown, "it is a web page, and pages are drawn on one machine, without --cluster"
        )
    return decode_picture(content, unit.shown)


def _members(unit: Unit) -> Iterator[Entry]:
    """Read the pictures of a tar from its beginning to its end, never back."""
    taken: dict[str, int] = {}
    try:
        system, path = Place(unit.address).opened()
        with system.open_input_stream(path) as stream, tarfile.open(fileobj=stream, mode="r|*") as tar:
            for member in tar:
                if not member.isfile() or Path(member.name).suffix.lower() not in PICTURE_SUFFIXES:
                    continue
                held = tar.extractfile(member)
                stem = re.sub(r"[^\w.-]+", "_", str(Path(member.name).with_suffix("")))
                taken[stem] = taken.get(stem, 0) + 1
                renamed = taken[stem] > 1
                stem = f"{stem}-{taken[stem]}" if renamed else stem
                files = _files(unit, stem)
                one = Unit(f"{unit.shown}/{member.name}", member.size, -1, files, renamed)
                yield one, b"" if held is None else held.read()
    except (OSError, tarfile.TarError, EOFError) as error:
        raise StoreError(unit.shown, f"it is a tar that cannot be read to its end ({error})") from error


def _rows(shard: Shard) -> Iterator[Entry]:
    import pyarrow.parquet as parquet

    unit = shard.units[0]
    try:
        system, path = Place(unit.address).opened()
        with system.open_input_file(path) as stream:
            file = parquet.ParquetFile(stream)
            wanted = shard.column
            column, _ = column_of(file.schema_arrow, wanted, unit.address)
            named = name_column(file.schema_arrow)
            before = sum(file.metadata.row_group(at).num_rows for at in range(shard.group))
            at, end = before, shard.first + shard.count
            columns = [column, *([named] if named and named != column else [])]
            for batch in file.iter_batches(16, row_groups=[shard.group], columns=columns):
                if at >= end:
                    return
                for row in batch.to_pylist():
                    if shard.first <= at < end:
                        value: Any = row[column]
                        content = value.get("bytes") if isinstance(value, dict) else value
                        name = f"{unit.shown}/{row.get(named) or at}"
                        yield Unit(name, files=_files(unit, f"{at:09d}")), content or b""
                    at += 1
    except StoreError:
        raise
    except Exception as error:  # pyarrow has many
        raise StoreError(unit.shown, f"its rows from {shard.first} on cannot be read ({error})") from error


def _files(unit: Unit, stem: str) -> tuple[tuple[str, str], ...]:
    """Return the results' names of one picture in a file of many."""
    found = []
    for what, pattern in unit.files:
        folder, ending = posixpath.split(pattern)
        found.append((what, posixpath.join(folder, stem + ending)))
    return tuple(found)
