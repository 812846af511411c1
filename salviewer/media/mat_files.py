"""Read MATLAB's ``.mat`` files: versions 4 to 7 with SciPy, version 7.3 (HDF5) with h5py."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from salviewer.errors import DataError

if TYPE_CHECKING:
    import h5py

_HDF5 = b"\x89HDF\r\n\x1a\n"
_HEADER = 512
"""Bytes before the HDF5 part of a file that MATLAB wrote."""
_LARGEST = 2**28
"""Most values of a variable; a damaged file may claim any number."""
_DEEPEST = 12
"""Deepest nesting of containers; a reference may lead back to its own container."""


def read_mat(path: Path) -> dict[str, Any]:
    """Read all variables of a ``.mat`` file of any version.

    Returns:
        by name: numbers as arrays or scalars, text as ``str``, cells and arrays of structures as lists or
        arrays of objects (a cell or an array of one as its only entry), structures as ``dict``.

    Raises:
        DataError: it cannot be read, is damaged, or is not a ``.mat`` file.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEADER + len(_HDF5))
    except OSError as error:
        raise DataError(path, f"it cannot be read ({error.strerror or error})") from error
    if head.startswith(_HDF5) or head[_HEADER:] == _HDF5:
        return _version_7_3(path)
    from scipy.io import loadmat

    try:
        content = loadmat(path, simplify_cells=True)
    except Exception as error:  # SciPy may raise anything for damaged bytes
        raise DataError(path, "it is damaged or not a .mat file") from error
    return {key: value for key, value in content.items() if not key.startswith("__")}


def as_matrix(value: Any) -> NDArray[Any] | None:
    """Return a variable as a numeric array (h, w), sparse ones filled; None if it is something else."""
    if hasattr(value, "toarray"):
        value = value.toarray()
    if not isinstance(value, np.ndarray) or not (
        np.issubdtype(value.dtype, np.number) or value.dtype == np.bool_
    ):
        return None
    if value.ndim == 1:  # a single row or column, which the reader flattened
        value = value[np.newaxis]
    return value if value.ndim == 2 and value.size else None


def _version_7_3(path: Path) -> dict[str, Any]:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return {name: _value(item, file, 0) for name, item in file.items() if not name.startswith("#")}
    except Exception as error:  # h5py may raise anything for damaged bytes
        raise DataError(path, "it is a damaged .mat file of version 7.3 (HDF5)") from error


def _value(item: Any, file: h5py.File, depth: int) -> Any:
    """Return a group or data set as SciPy returns the same variable; MATLAB's columns are HDF5's rows."""
    import h5py

    if depth > _DEEPEST:
        raise ValueError("it holds too many containers within each other")
    kind = item.attrs.get("MATLAB_class", b"")
    if isinstance(item, h5py.Group):
        return _group(item, file, depth)
    if item.size is None or item.size > _LARGEST:
        raise ValueError("a variable is larger than is read")
    if item.attrs.get("MATLAB_empty"):
        return "" if kind == b"char" else np.zeros((0, 0))
    values = item[()]
    if h5py.check_ref_dtype(item.dtype) is not None:  # a cell, or one field of an array of structures
        found = [_value(file[reference], file, depth + 1) for reference in np.ravel(values)]
        return found[0] if len(found) == 1 else found
    if kind == b"char":
        return "".join(map(chr, np.ravel(values).tolist()))
    return np.asarray(values).T


def _group(group: h5py.Group, file: h5py.File, depth: int) -> Any:
    """Return a structure as a ``dict``, an array of structures as a list, a sparse matrix filled."""
    if "MATLAB_sparse" in group.attrs:
        return _sparse(group)
    fields = {name: _value(item, file, depth + 1) for name, item in group.items()}
    lists = [value if isinstance(value, list) else [value] for value in fields.values()]
    if fields and all(map(_is_column, group.values())) and len(set(map(len, lists))) == 1:
        return [dict(zip(fields, row, strict=True)) for row in zip(*lists, strict=True)]
    return fields


def _is_column(item: Any) -> bool:
    """Return whether it has one field of all structures in an array: references without a MATLAB class."""
    import h5py

    return (
        isinstance(item, h5py.Dataset)
        and h5py.check_ref_dtype(item.dtype) is not None
        and "MATLAB_class" not in item.attrs
    )


def _sparse(group: h5py.Group) -> NDArray[Any]:
    rows = int(group.attrs["MATLAB_sparse"])
    ends = np.ravel(group["jc"][()]).astype(np.int64) if "jc" in group else np.zeros(1, np.int64)
    columns = len(ends) - 1
    if rows * columns > _LARGEST:
        raise ValueError("a variable is larger than is read")
    filled = np.zeros((rows, columns))
    if "ir" in group:
        filled[np.ravel(group["ir"][()]), np.repeat(np.arange(columns), np.diff(ends))] = np.ravel(
            group["data"][()]
        )
    return filled
