"""Names of results: the stem is kept where it can be, and no two results share a file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from salviewer.media.batch import MAP_ENDINGS, names_a_file, plan

from salviewer.errors import ExportError

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
    st.sampled_from(["", *MAP_ENDINGS.values()]),
)
def test_no_two_results_share_a_name(parts, ending):
    pictures = [Path(folder) / (stem + suffix) for folder, stem, suffix in parts]
    jobs = plan(pictures, OUT, ".png", ending)
    assert [job.picture for job in jobs] == list(dict.fromkeys(pictures))
    written = [str(path).casefold() for job in jobs for path in (job.overlay, job.map) if path]
    assert len(written) == len(set(written))
    assert jobs == plan(pictures, OUT, ".png", ending)
    for job in jobs:
        assert job.renamed == (job.overlay.stem != job.picture.stem)
        assert job.overlay.stem.startswith(job.picture.stem) and (job.map is None) == (not ending)
    if jobs:
        assert not jobs[0].renamed


def test_a_stem_that_is_somebodys_own_is_passed_over():
    pictures = [Path("a/p.jpg"), Path("b/p.jpg"), Path("c/p-2.jpg")]
    assert [job.overlay.name for job in plan(pictures, OUT, ".png")] == ["p.png", "p-3.png", "p-2.png"]


def test_what_counts_as_a_file(tmp_path):
    assert names_a_file(Path("x.JPG")) and names_a_file(Path("x.tiff"))
    assert not names_a_file(Path("x")) and not names_a_file(Path("v1.2"))
    (tmp_path / "folder.png").mkdir()
    assert not names_a_file(tmp_path / "folder.png")
    with pytest.raises(ExportError, match="no format this program writes"):
        names_a_file(Path("x.gif"))
