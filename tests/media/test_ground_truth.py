"""Ground truth found beside a picture and read; faults give one sentence."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from salviewer.core.agreement import agreement
from salviewer.errors import DataError
from salviewer.media.ground_truth import TruthFiles, find_truth, load_truth

DATA = Path(__file__).parents[3] / "shared" / "data" / "eyetracking"


def write_map(path: Path, size: tuple[int, int] = (40, 30), peak: tuple[int, int] = (10, 15)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.zeros((size[1], size[0]), np.uint8)
    pixels[peak[1], peak[0]] = 200
    Image.fromarray(pixels).save(path)
    return path


def write_locs(path: Path, cells: list[tuple[int, int]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    matrix = np.zeros((30, 40), np.uint8)
    for row, column in cells:
        matrix[row, column] = 1
    savemat(path, {"fixLocs": matrix})
    return path


def test_cat2000_s_layout_is_found(tmp_path):
    picture = tmp_path / "trainSet" / "Stimuli" / "Action" / "001.jpg"
    density = write_map(tmp_path / "trainSet" / "FIXATIONMAPS" / "Action" / "001.png")
    points = write_locs(tmp_path / "trainSet" / "FIXATIONLOCS" / "Action" / "001.mat", [(3, 4)])
    assert find_truth(picture) == TruthFiles(density, points)
    recorded = load_truth(TruthFiles(density, points), (400, 300))
    assert recorded.fixations.tolist() == [[pytest.approx(3.5 / 30), pytest.approx(4.5 / 40)]]
    assert np.unravel_index(recorded.density.argmax(), recorded.density.shape) == (15, 10)


@pytest.mark.parametrize(("images", "maps"), [("images", "maps"), ("stimuli", "Maps")])
def test_a_pair_of_folders_is_found(tmp_path, images, maps):
    density = write_map(tmp_path / maps / "a.png")
    assert find_truth(tmp_path / images / "a.jpg") == TruthFiles(density, None)


def test_files_beside_the_picture_come_before_the_layout_around_it(tmp_path):
    write_map(tmp_path / "maps" / "a.png")
    density = write_map(tmp_path / "images" / "a_fixMap.png")
    assert find_truth(tmp_path / "images" / "a.jpg") == TruthFiles(density, None)


def test_nothing_beside_a_picture_is_nothing(tmp_path):
    assert find_truth(tmp_path / "a.jpg") is None


@pytest.mark.parametrize(
    "text",
    ["x,y\n10,20\n30,15\n", "time;x;y\n0;10;20\n1;30;15\n", "10\t20\n30\t15\n", "\ufeffX,Y\n10,20\n30,15\n"],
)
def test_tables_of_fixations_are_read_by_name_or_by_place(tmp_path, text):
    table = tmp_path / "a_fixations.csv"
    table.write_text(text, encoding="utf-8")
    recorded = load_truth(TruthFiles(None, table), (40, 30))
    assert np.allclose(recorded.fixations, [[20 / 30, 10 / 40], [15 / 30, 30 / 40]])
    assert recorded.density.sum() == pytest.approx(1, abs=1e-5)


def test_fixations_off_the_picture_are_left_out(tmp_path):
    table = tmp_path / "a.csv"
    table.write_text("x,y\n-5,3\n10,20\n40,10\n", encoding="utf-8")
    assert len(load_truth(TruthFiles(None, table), (40, 30)).fixations) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"x,y\n1,\n", "row 2"),
        ("a.csv", b"x,y\n100,100\n", "none of its 1 fixations"),
        ("a.csv", b"\xff\xfe\x00", "no text"),
        ("a.mat", b"not a matrix", "damaged"),
        ("a_fixMap.png", b"not a picture", "damaged or not a picture"),
    ],
)
def test_what_cannot_be_read_is_a_sentence_with_the_file(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    files = TruthFiles(path, None) if path.suffix == ".png" else TruthFiles(None, path)
    with pytest.raises(DataError, match=said) as error:
        load_truth(files, (40, 30))
    assert str(path) in str(error.value) and "\n" not in str(error.value)


def test_a_map_of_another_shape_is_refused(tmp_path):
    path = write_map(tmp_path / "a_fixMap.png", (40, 40))
    with pytest.raises(DataError, match="aspect ratio"):
        load_truth(TruthFiles(path, None), (40, 30))


@pytest.mark.skipif(not DATA.is_dir(), reason="the eye-tracking data is not beside the checkout")
def test_the_numbers_are_those_of_salviewer_evaluate(tmp_path, monkeypatch):
    """One picture, scored as the window does and as `salviewer evaluate` does."""
    from salviewer.media.images import load_picture
    from salviewer.models.loading import load_model
    from salviewer.training.datasets import open_dataset
    from salviewer.training.evaluation import SIZE, evaluate
    from salviewer.training.pack import open_pack

    monkeypatch.setenv("SALVIEWER_CACHE", str(tmp_path / "cache"))
    paths = sorted((DATA / "trainSet" / "Stimuli" / "Objects").iterdir())[:3]
    for path in paths:
        files = find_truth(path)
        assert files is not None and files.map is not None and files.fixations is not None
        for file in (path, files.map, files.fixations):
            link = tmp_path / "data" / file.relative_to(DATA)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)
    predictor = load_model("live_net", "cpu")
    samples = open_dataset(tmp_path / "data").samples
    names = [sample.name for sample in samples]
    result = evaluate(predictor, open_pack(samples, SIZE), names[:1], names[1:])
    expected = next(row for row in result.pictures if row["predictor"] != "centre bias")
    files, picture = find_truth(paths[0]), load_picture(paths[0])
    assert files is not None
    found = agreement(predictor.predict(picture.pixels), load_truth(files, picture.full_size))
    for metric in ("NSS", "AUC-Judd", "CC", "SIM", "KL"):  # IG has another baseline
        assert found[metric] == pytest.approx(expected[metric], abs=0.02), metric
