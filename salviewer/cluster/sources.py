"""The contents of sources as a stream of shards: folders, lists of addresses, Parquet files and tars."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from salviewer.cluster.claims import Claims
from salviewer.cluster.errors import ClusterError, StoreError
from salviewer.cluster.job import Job
from salviewer.cluster.segments import local_copy, segments_of
from salviewer.cluster.stores import Place, is_remote
from salviewer.cluster.units import Shard, Unit, cut, whole
from salviewer.errors import ImageError, SalviewerError
from salviewer.media.listing import find_pictures, in_order
from salviewer.media.openers.names import file_of
from salviewer.media.openers.table import PICTURE_SUFFIXES
from salviewer.media.video_suffixes import VIDEO_SUFFIXES
from salviewer.results.naming import plan

LISTS = frozenset({".txt", ".list", ".lst"})
TARS = frozenset({".tar", ".tgz"})
PARQUET = ".parquet"

_BYTES = ("bytes", "image", "picture", "content", "data", "jpg", "png")
_ADDRESSES = ("address", "url", "uri", "path", "file", "image_url", "file_name")
_NAMES = ("name", "path", "file_name", "key", "id")


def shards(job: Job) -> Iterator[Shard]:
    """Cut all sources into shards, one after the other, without holding more names than one folder has.

    A single source is streamed. The folders of several are listed first, because their results share names.

    Raises:
        SalviewerError: a source is not there, is of no kind that can be read, or holds nothing.
    """
    places = [Place.of(source) for source in job.sources]
    if job.video is not None:
        yield from _clips(job, places)
        return
    pictures: list[Place] = []
    for place in places:
        suffix = _suffix(place.name)
        if suffix in LISTS:
            yield from cut(_named_as_they_come(job, _lines(place)), job.settings, job.shard)
        elif suffix in TARS:
            yield _tar(job, place)
        elif suffix == PARQUET:
            yield from _parquet(job, place)
        else:
            pictures.append(place)
    if pictures:
        groups = _groups(job, pictures)
        if len(pictures) > 1:
            merged: dict[str, list[Unit]] = {}
            for below, units in groups:
                merged.setdefault(below, []).extend(units)
            groups = iter(merged.items())
        for below, units in groups:
            yield from _folder(job, below, units)


def _clips(job: Job, places: Sequence[Place]) -> Iterator[Shard]:
    """Make a shard of each clip; of a long one a shard for each segment, and one that joins them."""
    lists = [place for place in places if _suffix(place.name) in LISTS]
    for place in lists:
        for unit in _named_as_they_come(job, _lines(place)):
            yield from _clip(job, unit)
    groups = _groups(job, [place for place in places if place not in lists])
    merged: dict[str, list[Unit]] = {}
    for below, units in groups:
        merged.setdefault(below, []).extend(units)
    for below, units in merged.items():
        for unit in _named(job, below, units):
            yield from _clip(job, unit)


def _clip(job: Job, unit: Unit) -> Iterator[Shard]:
    made = whole([unit], job.settings, "clip")
    try:
        with local_copy(Place(unit.address)) as path:
            found = segments_of(path)
    except SalviewerError:
        found = []  # what opens it knows better what to say
    if len(found) < 2:
        yield made
        return
    for segment in found:
        yield whole([unit], job.settings, "segment", "", 0, segment.first, segment.count)
    yield replace(made, kind="join", segments=tuple((each.first, each.count) for each in found))


def _folder(job: Job, below: str, units: Sequence[Unit]) -> Iterator[Shard]:
    """Cut what has its results in one folder; tars, Parquet files and clips in it are shards of their own."""
    kinds: dict[str, list[Unit]] = {"picture": [], "tar": [], "parquet": []}
    for unit in units:
        kinds[_kind(unit)].append(unit)
    yield from cut(_named(job, below, kinds["picture"]), job.settings, job.shard)
    for unit in kinds["tar"]:
        yield _tar(job, Place(unit.address), below)
    for unit in kinds["parquet"]:
        yield from _parquet(job, Place(unit.address), below)


def _kind(unit: Unit) -> str:
    suffix = _suffix(unit.address)
    if suffix in TARS:
        return "tar"
    if suffix == PARQUET:
        return "parquet"
    return "picture"


def _groups(job: Job, places: Iterable[Place]) -> Iterator[tuple[str, list[Unit]]]:
    """Yield a folder at a time: its path below the source, and what is in it."""
    for place in places:
        if (path := place.local) is not None:
            yield from _local(job, path, path, "")
        else:
            yield from _remote(job, place)


def _local(job: Job, root: Path, folder: Path, below: str) -> Iterator[tuple[str, list[Unit]]]:
    if not folder.is_dir():
        find_pictures([folder])
        yield below, [_local_unit(folder, job)]
        return
    missed: list[ImageError] = []
    try:
        pictures = find_pictures([folder], _suffixes(job), missed.append)
    except ImageError:
        if not job.subfolders:
            raise
        pictures = []
    units = [_local_unit(path, job) for path in pictures]
    units += [Unit(str(error.path), problem=error.reason) for error in missed]
    yield below, units
    if job.subfolders:
        target = job.target.local
        inner = [path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()]
        for path in in_order(path for path in inner if not path.name.startswith(".") and path != target):
            yield from _local(job, root, path, posixpath.join(below, path.name))


def _local_unit(path: Path, job: Job) -> Unit:
    areas = tuple(job.areas.get(path, ()))
    try:
        status = file_of(path).stat()
    except (OSError, ValueError):
        return Unit(str(path), areas=areas)  # what opens it knows better what to say
    return Unit(str(path), status.st_size, status.st_mtime_ns, areas=areas)


def _remote(job: Job, top: Place) -> Iterator[tuple[str, list[Unit]]]:
    info = top.info()
    if info.is_file:
        yield "", [Unit(top.address, info.size or -1, info.mtime_ns or -1)]
        return
    waiting = [(top, "")]
    found = False
    while waiting:
        here, below = waiting.pop()
        units, inner = [], []
        for info in here.infos(missing_ok=here is not top):
            if info.base_name.startswith("."):
                continue
            if not info.is_file:
                if job.subfolders and here.below(info.base_name).address != job.target.address:
                    inner.append(Path(info.base_name))
            elif _suffix(info.base_name) in _suffixes(job):
                stamp = -1 if info.mtime_ns is None else info.mtime_ns
                size = -1 if info.size is None else info.size
                units.append(Unit(here.below(info.base_name).address, size, stamp))
        found = found or bool(units)
        order = {path.name: at for at, path in enumerate(in_order(_name_path(unit) for unit in units))}
        units.sort(key=lambda unit: order[_name_path(unit).name])
        yield below, units
        for path in reversed(in_order(inner)):
            waiting.append((here.below(path.name), posixpath.join(below, path.name)))
    if not found:
        raise StoreError(top.shown, "there are no pictures in this folder")


def _name_path(unit: Unit) -> Path:
    return Path(Place(unit.address).name)


def _named(job: Job, below: str, units: Sequence[Unit]) -> Iterator[Unit]:
    """Give the results of one folder their names, as `results.naming.plan` does for a batch."""
    by_path = {Path("/", str(at), _name_path(unit).name): unit for at, unit in enumerate(units)}
    seen: dict[str, Path] = {}
    for path, unit in by_path.items():
        seen.setdefault(unit.address, path)
    originals = {unit.address for unit in units}
    for planned in plan(list(seen.values()), Path(below), job.endings()):
        unit = by_path[planned.picture]
        files = tuple((file.what, file.path.as_posix()) for file in planned.files)
        problem = unit.problem
        for _, name in files:
            if job.target.below(name).address in originals:
                hit = job.target.below(name).shown
                problem = problem or f"its result would replace the picture {hit}; choose another folder"
        yield Unit(unit.address, unit.size, unit.modified, files, planned.renamed, unit.areas, problem)


def _named_as_they_come(job: Job, addresses: Iterable[str]) -> Iterator[Unit]:
    """Name the results of a list, which may be long: who comes first keeps the stem."""
    claims = Claims()
    endings = job.endings()
    for address in addresses:
        place = Place.of(address)
        stem, renamed = claims.claim(Path(place.name).stem or "picture")
        files = tuple((what, f"{stem}{ending}") for what, ending in endings.items())
        path = place.local
        unit = _local_unit(path, job) if path is not None else Unit(place.address)
        yield Unit(unit.address, unit.size, unit.modified, files, renamed, unit.areas)


def _lines(place: Place) -> Iterator[str]:
    """Read a list, an address or path a line; relative paths are taken from the list's own folder."""
    system, path = place.opened()
    beside = place.local.parent if place.local is not None else None
    try:
        with system.open_input_stream(path) as stream:
            rest = b""
            while block := stream.read(1 << 16):
                *lines, rest = (rest + bytes(block)).split(b"\n")
                yield from _addresses(lines, beside)
            yield from _addresses([rest], beside)
    except OSError as error:
        raise StoreError(place.shown, f"it cannot be read ({error})") from error


def _addresses(lines: Iterable[bytes], beside: Path | None) -> Iterator[str]:
    for line in lines:
        text = line.decode("utf-8", "surrogateescape").strip()
        if text and not text.startswith("#"):
            yield text if is_remote(text) or beside is None else str(beside / text)


def _tar(job: Job, place: Place, below: str = "") -> Shard:
    info = place.info()
    folder = posixpath.join(below, Path(place.name).stem)
    stamp = (-1 if info.size is None else info.size, -1 if info.mtime_ns is None else info.mtime_ns)
    return whole([Unit(place.address, *stamp, _endings_in(job, folder))], job.settings, "tar")


def _endings_in(job: Job, folder: str) -> tuple[tuple[str, str], ...]:
    return tuple((what, f"{folder}/{ending}") for what, ending in job.endings().items())


def _parquet(job: Job, place: Place, below: str = "") -> Iterator[Shard]:
    """Cut a Parquet file by its row groups; one with addresses is a list."""
    import pyarrow.parquet as parquet

    info = place.info()
    system, path = place.opened()
    try:
        with system.open_input_file(path) as stream:
            file = parquet.ParquetFile(stream)
            column, has_bytes = column_of(file.schema_arrow, job.column, place.shown)
            if not has_bytes:
                listed = (
                    str(value.as_py())
                    for batch in file.iter_batches(1024, columns=[column])
                    for value in batch.column(0)
                    if value.is_valid
                )
                yield from cut(_named_as_they_come(job, listed), job.settings, job.shard)
                return
            folder = posixpath.join(below, Path(place.name).stem)
            stamp = (-1 if info.size is None else info.size, -1 if info.mtime_ns is None else info.mtime_ns)
            unit = Unit(place.address, *stamp, _endings_in(job, folder))
            first = 0
            for group in range(file.num_row_groups):
                rows = file.metadata.row_group(group).num_rows
                for start in range(0, rows, job.shard):
                    count = min(job.shard, rows - start)
                    yield whole([unit], job.settings, "rows", column, group, first + start, count)
                first += rows
    except OSError as error:
        raise StoreError(place.shown, f"it cannot be read ({error})") from error
    except SalviewerError:
        raise
    except Exception as error:  # pyarrow's own
        raise StoreError(place.shown, f"it is no Parquet file that can be read ({error})") from error


def column_of(schema: Any, wanted: str, address: str) -> tuple[str, bool]:
    """Return the column with the pictures, and whether it holds bytes (else addresses).

    A struct with a field "bytes", as Hugging Face writes pictures, holds bytes.

    Raises:
        ClusterError: there is none, or not that one.
    """
    import pyarrow as pa

    def holds(name: str) -> bool | None:
        kind = schema.field(name).type
        if pa.types.is_struct(kind) and "bytes" in [kind.field(at).name for at in range(kind.num_fields)]:
            return True
        if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            return True
        return False if pa.types.is_string(kind) or pa.types.is_large_string(kind) else None

    names: Mapping[str, bool] = {name: has for name in schema.names if (has := holds(name)) is not None}
    if wanted:
        if wanted not in names:
            raise ClusterError(
                f"{address} has no column {wanted!r} of bytes or addresses; there is"
                f" {', '.join(schema.names)}"
            )
        return wanted, names[wanted]
    for usual, has_bytes in ((_BYTES, True), (_ADDRESSES, False)):
        for name in usual:
            if names.get(name) is has_bytes:
                return name, has_bytes
    raise ClusterError(
        f"{address}: name the column with the pictures with --column; there is {', '.join(schema.names)}"
    )


def name_column(schema: Any) -> str:
    """Return the column that names the rows; "" for none."""
    import pyarrow as pa

    usable = [name for name in _NAMES if name in schema.names and pa.types.is_string(schema.field(name).type)]
    return usable[0] if usable else ""


def _suffixes(job: Job) -> frozenset[str]:
    return PICTURE_SUFFIXES | TARS | {PARQUET} if job.video is None else VIDEO_SUFFIXES


def _suffix(name: str) -> str:
    return Path(name.partition("?")[0]).suffix.lower()
