"""Names of results: the stem is kept where it can be, and no two results share a file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salviewer.errors import ExportError
from salviewer.results.naming import names_a_file, plan
from salviewer.results.order import Order

OUT = Path("out")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from(
                ["photo", "Photo", "photo-2", "photo-3", "photo_map", "photo_map-2", "é", "e\u0301"]
            ),
            st.sampled_from([".jpg", ".png"]),
        ),
        max_size=12,
    ),
    st.sampled_from(
        [
            Order(plain=True),
            Order(plain=True, maps=("png16",)),
            Order(plain=True, maps=("npy", "png8"), areas=True),
            Order(kinds=("overlay", "focus"), maps=("png16",), reports=("html",)),
        ]
    ),
)
def test_no_two_results_share_a_name(parts, order):
    pictures = [Path(folder) / (stem + suffix) for folder, stem, suffix in parts]
    jobs = plan(pictures, OUT, order.endings)
    assert [job.picture for job in jobs] == list(dict.fromkeys(pictures))
    written = [str(file.path).casefold() for job in jobs for file in job.files]
    assert len(written) == len(set(written))
    assert jobs == plan(pictures, OUT, order.endings)
    for job in jobs:
        first = job.files[0].path.name.removesuffix(next(iter(order.endings.values())))
        assert job.renamed == (first != job.picture.stem) and first.startswith(job.picture.stem)
        assert [file.path.name for file in job.files] == [first + end for end in order.endings.values()]
    if jobs:
        assert not jobs[0].renamed


def test_a_stem_that_is_somebodys_own_is_passed_over():
    pictures = [Path("a/p.jpg"), Path("b/p.jpg"), Path("c/p-2.jpg")]
    jobs = plan(pictures, OUT, {"overlay": ".png"})
    assert [job.files[0].path.name for job in jobs] == ["p.png", "p-3.png", "p-2.png"]


def test_what_counts_as_a_file(tmp_path):
    assert names_a_file(Path("x.JPG")) and names_a_file(Path("x.tiff"))
    assert not names_a_file(Path("x")) and not names_a_file(Path("v1.2"))
    (tmp_path / "folder.png").mkdir()
    assert not names_a_file(tmp_path / "folder.png")
    with pytest.raises(ExportError, match="not a format this program writes"):
        names_a_file(Path("x.gif"))
    for name in ("x.avi", "x.MOV", "x.pdf", "x.csv"):
        with pytest.raises(ExportError, match="not a format this program writes"):
            names_a_file(Path(name))
