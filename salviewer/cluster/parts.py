"""The tables beside the results: Parquet files, one a shard, each complete or not there.

``TARGET/salviewer-measurements/part-SOURCES-SHARD.parquet`` holds a row for each picture of the shard, and is
its marker: it is written when everything else of the shard is. Where something failed that may go well
another time (a store that did not answer, a full disk) its name ends in ``.again.parquet``; a later run does
those pictures once more. ``TARGET/salviewer-failures/`` holds the rows that failed, under the same names.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from salviewer.cluster.job import Job

Row = dict[str, Any]

DONE, FAILED, AGAIN = "done", "failed", "again"
"""States of a picture. "again" failed for a reason that may pass."""

_DONE_ENDING, _AGAIN_ENDING = ".parquet", ".again.parquet"


@dataclass(frozen=True, slots=True)
class Part:
    """A marker found in the target.

    Attributes:
        shard: the shard's id.
        complete: whether nothing of it is to be tried again.
    """

    shard: str
    complete: bool


def schema() -> Any:
    """Return the columns of the table of measurements, as pyarrow's schema."""
    import pyarrow as pa

    spot = pa.struct(
        [("number", pa.int32()), *((name, pa.float64()) for name in ("x", "y", "share", "peak"))]
    )
    area = pa.struct([("name", pa.string()), ("size", pa.float64()), ("share", pa.float64())])
    return pa.schema(
        [
            ("picture", pa.string()),
            ("status", pa.string()),
            ("error", pa.string()),
            ("note", pa.string()),
            ("files", pa.list_(pa.string())),
            ("width", pa.int32()),
            ("height", pa.int32()),
            ("peak", pa.float64()),
            ("entropy", pa.float64()),
            ("hotspots", pa.list_(spot)),
            ("areas", pa.list_(area)),
            ("model", pa.string()),
        ]
    )


def failure_schema() -> Any:
    """Return the columns of the table of failures."""
    import pyarrow as pa

    return pa.schema([(name, pa.string()) for name in ("picture", "status", "error")])


def name_of(job: Job, shard: str, complete: bool) -> str:
    """Return the file's name of a shard's tables."""
    return f"part-{job.key}-{shard}{_DONE_ENDING if complete else _AGAIN_ENDING}"


def found(job: Job, names: Iterable[str]) -> dict[str, Part]:
    """Return the markers of these sources among the names of files, by name."""
    start = f"part-{job.key}-"
    result = {}
    for name in names:
        if name.startswith(start) and name.endswith(_DONE_ENDING):
            again = name.endswith(_AGAIN_ENDING)
            shard = name.removeprefix(start).removesuffix(_AGAIN_ENDING if again else _DONE_ENDING)
            result[name] = Part(shard, not again)
    return result


def save(job: Job, shard: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write a shard's failures, then its marker, then remove those of an earlier attempt.

    Raises:
        ExportError: they cannot be written; then there is no new marker.
        StoreError: an earlier one stays; a later run removes it.
    """
    complete = all(row["status"] != AGAIN for row in rows)
    name = name_of(job, shard, complete)
    failed = [
        {key: row[key] for key in ("picture", "status", "error")} for row in rows if row["status"] != DONE
    ]
    if failed:
        job.failures.below(name).write(_encoded(failed, failure_schema()))
    job.measurements.below(name).write(_encoded(rows, schema()))
    other = name_of(job, shard, not complete)
    job.measurements.below(other).remove()
    job.failures.below(other).remove()
    if not failed:
        job.failures.below(name).remove()


def load(job: Job, name: str) -> list[Row]:
    """Read a shard's rows.

    Raises:
        StoreError: the store does not give it.
    """
    import pyarrow.parquet as parquet

    content = job.measurements.below(name).read()
    return list(parquet.read_table(io.BytesIO(content)).to_pylist())


def _encoded(rows: Sequence[Mapping[str, Any]], columns: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as parquet

    stream = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(rows), schema=columns), stream, compression="zstd")
    return stream.getvalue()
