"""What `salviewer evaluate` tells beside the means: intervals, people, and a page of the worst pictures."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from scipy.io import savemat

from salviewer.cli import main
from salviewer.models.catalog import find_model
from salviewer.models.checkpoints import read_model, write_model
from salviewer.models.engines import choice
from salviewer.models.engines.base import Engine, EngineError
from salviewer.models.loading import load_model
from salviewer.models.reading import read_arrays
from salviewer.training.datasets import open_dataset
from salviewer.training.evaluation import CENTRE_BIAS, SIZE, Evaluation, evaluate, seen_by
from salviewer.training.pack import open_pack
from salviewer.training.ranking import rank

FIXATIONS, VIEWERS = "half of the fixations", "half of the viewers"
METRICS = {"NSS", "AUC-Judd", "sAUC", "IG", "CC", "SIM", "KL"}


def evaluated(data: Path, folder: Path, *more: str) -> dict[str, Any]:
    words = ["evaluate", "--model=live_net", f"--data={data}", "--device=cpu", f"--json={folder / 's.json'}"]
    assert main([*words, *more]) == 0
    values: dict[str, Any] = json.loads((folder / "s.json").read_text())
    return values


@pytest.fixture(scope="module")
def scored(discs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    """The scores of the discs, and the page about them with the three worst pictures."""
    folder = tmp_path_factory.mktemp("scored")
    page = folder / "page.html"
    return evaluated(discs, folder, f"--report={page}", "--worst=3"), page


def test_each_row_has_its_intervals_and_they_are_the_same_again(
    scored: tuple[dict[str, Any], Path], discs: Path, tmp_path: Path
) -> None:
    scores = scored[0]
    assert (scores["level"], scores["resamples"]) == (0.95, 2000)
    for row in scores["rows"]:
        assert row["intervals"].keys() == METRICS
        for metric, (low, high) in row["intervals"].items():
            assert low <= row[metric] <= high, (row, metric)
        if row["predictor"] != CENTRE_BIAS:
            low, high = row["intervals"]["NSS"]
            assert 0.02 < high - low < 2
    again = evaluated(discs, tmp_path)
    assert again["rows"] == scores["rows"] and again["pictures"] == scores["pictures"]


def test_people_who_looked_at_one_disc_predict_each_other(scored: tuple[dict[str, Any], Path]) -> None:
    scores = scored[0]
    rows = {(row["category"], row["predictor"]): row for row in scores["rows"]}
    assert [name for category, name in rows if category == "all"] == [CENTRE_BIAS, "live_net", FIXATIONS]
    people, centre = rows["all", FIXATIONS], rows["all", CENTRE_BIAS]
    assert people["pictures"] == 16
    assert people["NSS"] > 4 and people["NSS"] > centre["NSS"] + 1
    assert people["IG"] > 2 and people["CC"] > 0.8
    assert "they share viewers, which flatters it" in scores["note"]


def test_the_table_of_intervals_is_printed(discs: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--model=live_net", f"--data={discs}", "--device=cpu", "--every=4"]) == 0
    said = capfd.readouterr().out
    assert re.search(r"all +NSS +-?\d\.\d\d \(-?\d\.\d\d, \d\.\d\d\) +\d", said)
    assert "95 % intervals of the means" in said
    assert max(map(len, said.splitlines())) <= 120


def record(root: Path, discs: Path, seen: list[list[tuple[float, float]]]) -> Path:
    """OSIE's layout with two pictures, on both of which the same viewers looked at the same (x, y)."""
    (root / "stimuli").mkdir(parents=True)
    (root / "eye").mkdir()
    subjects = [{"fix_x": [x for x, _ in places], "fix_y": [y for _, y in places]} for places in seen]
    for name in ("1.jpg", "2.jpg"):
        shutil.copy(discs / "trainSet/Stimuli/Indoor/001.jpg", root / "stimuli" / name)
    entries = [{"img": name, "subjects": subjects} for name in ("1.jpg", "2.jpg")]
    savemat(root / "eye/fixations.mat", {"fixations": np.array(entries, dtype=object)})
    return root


def test_a_model_that_looks_closer_is_shown_more_of_the_picture(discs: Path, tmp_path: Path) -> None:
    card, weights = read_model(find_model("live_net"))
    network = card.form.build()
    network.load_state_dict(weights)
    write_model(tmp_path / "closer", replace(card, input_size=(304, 400)), network)
    words = ["evaluate", f"--model={tmp_path / 'closer'}", f"--data={discs}", "--device=cpu", "--every=4"]
    assert main([*words, f"--json={tmp_path / 'scores.json'}", f"--report={tmp_path / 'page.html'}"]) == 0
    said = json.loads((tmp_path / "scores.json").read_text())["pictures"]
    predictor, samples = load_model(tmp_path / "closer", "cpu"), open_dataset(discs).samples
    pack = open_pack(samples, SIZE)
    seen = seen_by(predictor, samples, pack)
    assert seen.stimuli.shape[1:3] == (304, 400) and seen_by(load_model("live_net"), samples, pack) is pack
    found = [evaluate(predictor, pack, pack.names, (), None, 4, looks).pictures for looks in (seen, None)]
    name = predictor.name
    nss = [[item["NSS"] for item in pictures if item["predictor"] == name] for pictures in (said, *found)]
    assert nss[0] == nss[1] != nss[2]
    assert nss[1] == pytest.approx(nss[2], abs=1)


def test_where_viewers_are_known_they_are_divided(discs: Path, tmp_path: Path) -> None:
    """Two viewers with places of their own: half of the fixations would predict the other half well."""
    rng = np.random.default_rng(3)
    places = [[(x, y) for x, y in rng.normal(at, 1, (20, 2))] for at in ((25.0, 25.0), (105.0, 70.0))]
    data = record(tmp_path / "osie", discs, places)
    pack = open_pack(open_dataset(data).samples, SIZE)
    assert pack.viewers_of(0).tolist() == [0] * 20 + [1] * 20
    assert pack.aspects.tolist() == [pytest.approx(4 / 3)] * 2
    result = evaluate(load_model("live_net", "cpu"), pack, pack.names, ())
    people = next(row for row in result.rows if row.predictor == VIEWERS)
    assert people.pictures == 2 and people.scores["NSS"] < 0.5 and people.scores["CC"] < 0.1
    assert "share viewers" not in result.note
    together = [[*places[0][:10], *places[1][:10]], [*places[0][10:], *places[1][10:]]]
    data = record(tmp_path / "agreed", discs, together)
    pack = open_pack(open_dataset(data).samples, SIZE)
    people = evaluate(load_model("live_net", "cpu"), pack, pack.names, ()).rows[-1]
    assert people.predictor == VIEWERS and people.scores["NSS"] > 4 and people.scores["CC"] > 0.9


def test_without_single_fixations_there_are_no_people(discs: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    for ours, theirs in (("images", "Stimuli"), ("maps", "FIXATIONMAPS")):
        shutil.copytree(discs / "trainSet" / theirs / "Indoor", tmp_path / "data" / ours)
    page = tmp_path / "page.html"
    scores = evaluated(tmp_path / "data", tmp_path, f"--report={page}")
    assert [row["predictor"] for row in scores["rows"]] == [CENTRE_BIAS, "live_net"]
    assert scores["rows"][1]["intervals"].keys() == {"CC", "SIM", "KL"}
    assert "Ranked by the model&#x27;s CC, since the data set has no single fixations." in page.read_text()


def test_pictures_are_ranked_beside_people_or_alone() -> None:
    def picture(name: str, model: float, people: float | None) -> list[dict[str, Any]]:
        found = [{"name": name, "predictor": "m", "NSS": model, "CC": 0.5}]
        return found + ([] if people is None else [{"name": name, "predictor": FIXATIONS, "NSS": people}])

    hard = [*picture("hard", 0.4, 0.5), *picture("missed", 1.5, 3.0), *picture("few", 0.1, None)]
    ranked = rank(Evaluation((), (*hard, *picture("better", 2.0, 1.0)), "m", ""))
    assert [standing.name for standing in ranked.standings] == ["missed", "hard", "better"]
    assert [standing.words for standing in ranked.standings] == [
        "NSS 1.50 below people", "NSS 0.10 below people", "NSS 1.00 above people"
    ]  # fmt: skip
    alone = rank(Evaluation((), (*picture("a", 0.4, None), *picture("b", 0.1, None)), "m", ""))
    assert [standing.name for standing in alone.standings] == ["b", "a"]
    assert "the model's NSS, since" in alone.rule


class Page(HTMLParser):
    """Pictures, links and what they may lead to; fails on what is not nested as it should be, or runs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "link", "iframe", "object")
        values = dict(attrs)
        if "id" in values:
            self.ids.add(values["id"] or "")
        if tag == "a":
            self.links.append(values["href"] or "")
        if tag == "img":
            self.pictures.append(values)
        elif tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_names_the_worst_pictures_in_order_and_holds_them(
    scored: tuple[dict[str, Any], Path], discs: Path
) -> None:
    scores, file = scored
    text = file.read_text(encoding="utf-8")
    page = Page(text)
    nss = {(item["name"], item["predictor"]): item["NSS"] for item in scores["pictures"]}
    names = {name for name, _ in nss}
    lead = {name: nss[name, "live_net"] - nss[name, FIXATIONS] for name in names}
    worst = sorted(names, key=lead.__getitem__)
    headings = [re.sub("<[^>]+>", "", part).strip() for part in re.findall(r"<h3>(.*?)</h3>", text)]
    sections = re.findall(r"<h2>(.*?)</h2>", text)
    assert sections == [
        "The 3 worst pictures", "The 6 best pictures", "Indoor: the 3 worst pictures",
        "Outdoor: the 3 worst pictures",
    ]  # fmt: skip
    indoor, outdoor = ([n for n in worst if n.startswith(c)][:3] for c in ("Indoor", "Outdoor"))
    expected = [*worst[:3], *worst[:-7:-1], *indoor, *outdoor]
    assert [heading.split()[1] for heading in headings] == expected
    assert headings[0] == f"1. {worst[0]} NSS {-lead[worst[0]]:.2f} below people"
    again = [heading for heading in headings if heading.endswith("shown above")]
    assert len(again) == len(expected) - len(set(expected)) == len(page.links)
    assert all(link.removeprefix("#") in page.ids for link in page.links)
    assert len(page.pictures) == 3 * len(set(expected))
    assert [picture["alt"] for picture in page.pictures[:3]] == ["Picture", "People", "Prediction"]
    assert all((picture["src"] or "").startswith("data:image/jpeg;base64,") for picture in page.pictures)
    shown, people = (
        np.asarray(Image.open(io.BytesIO(base64.b64decode((p["src"] or "").partition(",")[2]))), np.float64)
        for p in page.pictures[:2]
    )
    original = np.asarray(Image.open(discs / f"trainSet/Stimuli/{worst[0]}.jpg"), np.float64)
    assert np.abs(shown - original).mean() < 12  # noise, compressed once more
    density = np.asarray(Image.open(discs / f"trainSet/FIXATIONMAPS/{worst[0]}.png"))
    painted = np.abs(people - shown).max(axis=2)
    assert painted[density > 200].mean() > 50 > 20 > painted[density == 0].mean()


def test_another_model_stands_beside(
    discs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, other = tmp_path / "page.html", tmp_path / "other"
    other.mkdir()
    weights = {
        key: torch.from_numpy(value.copy()) for key, value in read_arrays(find_model("live_net"))[1].items()
    }
    weights["head.weight"] = -weights["head.weight"]
    save_file(weights, other / "upside_down.safetensors")
    name = str(other / "upside_down.safetensors")
    beside = f"--beside={name}"

    def unusable(*_: object) -> Engine:
        raise EngineError("it is not in the mood")

    monkeypatch.setattr(choice, "_openvino", unusable)
    capfd.readouterr()
    scores = evaluated(discs, tmp_path, f"--report={page}", "--worst=1", "--every=4", beside)
    assert {row["predictor"] for row in scores["rows"]} == {CENTRE_BIAS, "live_net", name, FIXATIONS}
    pictures = Page(page.read_text(encoding="utf-8")).pictures
    assert len(pictures) % 4 == 0
    assert [each["alt"] for each in pictures[:4]] == ["Picture", "People", "live_net", name]
    assert pictures[2]["src"] != pictures[3]["src"]
    assert '<div class="cards broad">' in page.read_text(encoding="utf-8")
    said = "OpenVINO on the CPU cannot be used (it is not in the mood); CPU, float32 computes instead\n"
    assert capfd.readouterr().err == f"salviewer: {said}salviewer: {name}: {said}"


def test_the_page_has_the_table_and_needs_nothing_else(scored: tuple[dict[str, Any], Path]) -> None:
    scores, file = scored
    text = file.read_text(encoding="utf-8")
    last = scores["rows"][-2]
    assert (last["category"], last["predictor"]) == ("all", "live_net")
    low, high = last["intervals"]["NSS"]
    assert f"<td>{last['NSS']:.3f}<small>{low:.3f} to {high:.3f}</small></td>" in text
    assert "prefers-color-scheme: dark" in text
    assert not re.search(r"https?:|url\(|@import", text)
    assert not list(file.parent.glob(".salviewer-*"))


def test_a_page_that_cannot_be_written_is_a_sentence(
    discs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["evaluate", "--model=live_net", f"--data={discs}", "--device=cpu", "--every=8"]
    assert main([*words, f"--report={tmp_path / 'no' / 'page.html'}"]) == 1
    said = capfd.readouterr().err
    assert said.startswith(f"salviewer: {tmp_path / 'no' / 'page.html'}: ") and said.count("\n") == 1


def test_both_engines_give_the_same_scores(discs: Path, tmp_path: Path) -> None:
    """In float32 alike; where OpenVINO chose half precision, to a hundredth."""
    (tmp_path / "torch").mkdir()
    ours = evaluated(discs, tmp_path, "--engine=openvino", "--every=4")
    theirs = evaluated(discs, tmp_path / "torch", "--engine=torch", "--every=4")
    assert "OpenVINO" in ours["device"] and theirs["device"] == "CPU, float32"
    near = 0.001 if "float32" in ours["device"] else 0.01
    for kind in ("rows", "pictures"):
        for a, b in zip(ours[kind], theirs[kind], strict=True):
            for metric in METRICS:
                assert a[metric] == pytest.approx(b[metric], abs=near), (a, b, metric)
