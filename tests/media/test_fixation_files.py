"""Files of fixations: lists and matrices told apart, MATLAB 7.3, and refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from scipy.io import savemat
from scipy.sparse import csc_matrix

from salviewer.errors import DataError
from salviewer.media.fixation_files import read_fixation_file
from salviewer.media.mat_files import read_mat

SIZE = (40, 30)
XY = np.array([[1, 1], [11, 21], [40, 30]], float)
PLACES = [[0.5 / 30, 0.5 / 40], [20.5 / 30, 10.5 / 40], [29.5 / 30, 39.5 / 40]]


def matrix() -> np.ndarray:
    made = np.zeros((30, 40), np.uint8)
    made[XY[:, 1].astype(int) - 1, XY[:, 0].astype(int) - 1] = 1
    return made


def saved(path: Path, **values: Any) -> Path:
    savemat(path, values)
    return path


def hdf5(path: Path, name: str, value: np.ndarray, kind: bytes = b"uint8") -> Path:
    """As MATLAB writes with ``-v7.3``: 512 bytes of its own, then HDF5 with rows and columns exchanged."""
    with h5py.File(path, "w", userblock_size=512) as file:
        file[name] = value.T
        file[name].attrs["MATLAB_class"] = np.bytes_(kind)
    return path


@pytest.mark.parametrize(
    "values", [{"fix": XY}, {"fixLocs": XY.T}, {"fixLocs": matrix()}, {"fixLocs": csc_matrix(matrix())}]
)
def test_lists_and_matrices_are_distinguished(tmp_path: Path, values: dict[str, Any]) -> None:
    read = read_fixation_file(saved(tmp_path / "a.mat", **values), SIZE)
    assert np.allclose(sorted(read.points.tolist()), PLACES) and (read.viewers == -1).all()


def test_version_7_3_is_read_upright(tmp_path: Path) -> None:
    read = read_fixation_file(hdf5(tmp_path / "a.mat", "fixLocs", matrix()), SIZE)
    assert np.allclose(sorted(read.points.tolist()), PLACES)
    plain = tmp_path / "plain.mat"  # HDF5 from the first byte on, as other programs write it
    with h5py.File(plain, "w") as file:
        file["fixLocs"] = matrix().T
    assert np.allclose(sorted(read_fixation_file(plain, SIZE).points.tolist()), PLACES)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"fixLocs": matrix().T}, "40 rows and 30 columns, and its picture 30 and 40: it is transposed"),
        ({"fixLocs": np.eye(30)}, "another aspect ratio"),
        ({"fixLocs": np.ones((30, 40))}, "it is a density, not fixations"),
        ({"fixLocs": np.full((30, 40), np.nan)}, "not all numbers"),
        ({"fix": XY[:, ::-1]}, "1 of its 3 fixations lie beside the picture; x and y seem to be swapped"),
        ({"fix": XY + 100}, "3 of its 3 fixations lie beside the picture"),
        ({"fix": XY / 50}, "not in pixels"),
        ({"name": "none"}, "no fixation matrix and no list"),
        ({"gaze": {"location": XY}, "resolution": [30, 40]}, "its gaze lacks"),
    ],
)
def test_what_can_be_something_else_is_refused(tmp_path: Path, values: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError, match=said) as caught:
        read_fixation_file(saved(tmp_path / "a.mat", **values), SIZE)
    assert "a.mat: " in str(caught.value) and "\n" not in str(caught.value)


def test_salicon_s_gaze_tells_viewers(tmp_path: Path) -> None:
    viewers = np.zeros(2, [("location", "O"), ("timestamp", "O"), ("fixations", "O")])
    viewers["fixations"][0], viewers["fixations"][1] = XY[:2], XY[2:]
    path = saved(tmp_path / "a.mat", gaze=viewers.reshape(2, 1), image="a", resolution=[[30, 40]])
    read = read_fixation_file(path, (80, 60))  # the picture itself may have another size
    assert np.allclose(read.points, PLACES) and read.viewers.tolist() == [0, 0, 1]


def test_structures_and_cells_of_version_7_3(tmp_path: Path) -> None:
    """As MATLAB saves them with ``-v7.3``: the fields of an array are columns of references."""
    path = tmp_path / "a.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        store = file.create_group("#refs#")

        def kept(name: str, value: np.ndarray, kind: bytes) -> h5py.Reference:
            store[name] = value.T
            store[name].attrs["MATLAB_class"] = np.bytes_(kind)
            return store[name].ref

        lists = [kept("a", XY[:2], b"double"), kept("b", XY[2:], b"double")]
        gaze = file.create_group("gaze")
        gaze.attrs["MATLAB_class"] = np.bytes_(b"struct")
        gaze.create_dataset("fixations", data=np.array([lists], h5py.ref_dtype), dtype=h5py.ref_dtype)
        file["resolution"] = np.array([[30], [40]])
        name = np.frombuffer("b.jpg".encode("utf-16-le"), np.uint16).reshape(-1, 1)
        cell = file.create_dataset("names", (1, 1), h5py.ref_dtype)
        cell[0, 0] = kept("c", name.T, b"char")
        cell.attrs["MATLAB_class"] = np.bytes_(b"cell")
        sparse = file.create_group("sparse")
        sparse.attrs["MATLAB_sparse"] = np.uint64(30)
        columns = matrix().T
        sparse["ir"] = np.concatenate([np.flatnonzero(column) for column in columns])
        sparse["jc"] = np.cumsum([0, *(np.count_nonzero(column) for column in columns)])
        sparse["data"] = np.ones(3)
    content = read_mat(path)
    assert content["names"] == "b.jpg" and np.array_equal(content["sparse"], matrix())
    read = read_fixation_file(path, SIZE)
    assert np.allclose(read.points, PLACES) and read.viewers.tolist() == [0, 0, 1]


@pytest.mark.parametrize("damage", [600, 900, 2000])
def test_damaged_hdf5_is_a_sentence(tmp_path: Path, damage: int) -> None:
    path = hdf5(tmp_path / "a.mat", "fixLocs", matrix())
    content = bytearray(path.read_bytes())
    content[damage : damage + 200] = bytes(200)
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match=r"a damaged \.mat file of version 7\.3"):
        read_fixation_file(path, SIZE)


def test_a_container_that_holds_itself_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.mat"
    with h5py.File(path, "w") as file:
        cell = file.create_dataset("gaze", (1, 1), h5py.ref_dtype)
        cell[0, 0] = cell.ref
    with pytest.raises(DataError, match="damaged"):
        read_fixation_file(path, SIZE)
