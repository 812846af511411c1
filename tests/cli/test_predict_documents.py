"""Documents in `salviewer predict`, in batches, projects and Python."""

import json

import numpy as np
import pytest
from PIL import Image

import salviewer as library
from salviewer.core.areas import Rectangle
from salviewer.errors import LockedImageError
from salviewer.media.openers.names import page_path
from salviewer.media.openers.options import Opening, use_opening
from salviewer.media.project import Project, ProjectPicture, load_project, save_project
from tests.documents import encrypted_pdf, pdf_file
from tests.folders import files_in


@pytest.fixture(autouse=True)
def as_before():
    yield
    use_opening(Opening())


def names(folder):
    return sorted(path.name for path in files_in(folder))


def size(path):
    with Image.open(path) as image:
        return image.size


def test_a_pdf_is_one_result_for_each_page(predict, tmp_path):
    document, out = pdf_file(tmp_path / "b.pdf", 2), tmp_path / "out"
    ended = predict(document, "-o", out, "--dpi", 72, "--save-map", "npy")
    assert ended.code == 0
    assert names(out) == ["b-p01.npy", "b-p01.png", "b-p02.npy", "b-p02.png"]
    assert size(out / "b-p02.png") == (144, 96)
    assert f"{document}/b-p02.pdf -> {out}/b-p02.png (page 2 of 2)" in "\n".join(ended.out)


def test_a_folder_of_kinds_and_its_record(predict, tmp_path):
    folder, out = tmp_path / "in", tmp_path / "out"
    (folder / "far").mkdir(parents=True)
    pdf_file(folder / "far" / "b.pdf", 2)
    drawing = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='60'><circle r='40'/></svg>"
    (folder / "a.svg").write_text(drawing)
    order = (folder, "-o", out, "--subfolders", "--skip-done", "--dpi", 30)
    assert predict(*order).code == 0
    assert {"a.png"} < set(names(out)) and {"b-p01.png", "b-p02.png"} <= set(names(out / "far"))
    again = predict(*order)
    assert sum("(done before)" in line for line in (*again.out, *again.err)) == 3
    other = predict(*order[:-1], 40)
    assert not any("(done before)" in line for line in (*other.out, *other.err))


def test_one_page_by_its_number(predict, tmp_path):
    document = pdf_file(tmp_path / "b.pdf")
    assert predict(f"{document}#page=3", "-o", tmp_path / "third.png", "--dpi", 36).code == 0
    assert size(tmp_path / "third.png") == (72, 48)
    ended = predict(f"{document}#page=4", "-o", tmp_path / "out")
    assert ended.code == 1 and "it has no page 4, only 3" in ended.err[0]


def test_a_password(predict, tmp_path):
    (tmp_path / "s.pdf").write_bytes(encrypted_pdf())
    ended = predict(tmp_path / "s.pdf", "-o", tmp_path / "out")
    assert ended.code == 1 and "it is encrypted and needs its password" in ended.err[0]
    assert predict(tmp_path / "s.pdf", "-o", tmp_path / "out", "--password", "opensesame").code == 0
    assert predict(tmp_path / "s.pdf", "-o", tmp_path / "out", "--dpi", 5).code == 2


def test_a_project_remembers_the_page(predict, tmp_path):
    page = page_path(pdf_file(tmp_path / "b.pdf"), 2)
    project = Project((ProjectPicture(page, (Rectangle(0.1, 0.1, 0.4, 0.5, name="Logo"),)),))
    save_project(tmp_path / "p.json", project)
    assert json.loads((tmp_path / "p.json").read_text())["pictures"][0]["path"] == "b.pdf/b-p02.pdf"
    assert load_project(tmp_path / "p.json").missing == ()
    assert predict("--project", tmp_path / "p.json", "-o", tmp_path / "out").code == 0
    assert {"b-p02.png", "b-p02_areas.csv"} <= set(names(tmp_path / "out"))
    (tmp_path / "b.pdf").unlink()
    assert load_project(tmp_path / "p.json").missing == (page,)


def test_in_python(model_folder, tmp_path):
    document = pdf_file(tmp_path / "b.pdf", 2)
    model = library.load_model(model_folder, "cpu")
    pages = list(library.pages(document, dpi=72))
    assert [page.path.stem for page in pages] == ["b-p01", "b-p02"]
    maps = list(library.predict(model, library.pages(document, dpi=72)))
    assert [each.source_size for each in maps] == [(144, 96)] * 2
    first = library.predict(model, document)
    assert first.source_size == (300, 200)
    np.testing.assert_array_equal(
        library.predict(model, f"{document}#page=2").density,
        library.predict(model, page_path(document, 2)).density,
    )
    (tmp_path / "s.pdf").write_bytes(encrypted_pdf())
    with pytest.raises(LockedImageError):
        list(library.pages(tmp_path / "s.pdf"))
    assert len(list(library.pages(tmp_path / "s.pdf", password="opensesame"))) == 1
