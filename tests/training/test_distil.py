"""research/distil: pictures altered in batches, and a whole run of a few steps on the processor."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.catalog import find_model
from salviewer.models.reading import read_arrays

ROOT = Path(__file__).parents[2]
if not (ROOT / "research" / "distil").is_dir():
    pytest.skip("research is not packed with the tests", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from research.distil import record as recording  # noqa: E402
from research.distil import train as training  # noqa: E402
from research.distil.alterer import Alterer  # noqa: E402
from research.distil.card_data import counted, shown  # noqa: E402
from research.distil.dino import DinoNet  # noqa: E402
from research.distil.networks import BandNormalisation  # noqa: E402
from research.distil.recorded import coded, decoded  # noqa: E402
from research.distil.targets import Batch  # noqa: E402
from research.distil.teachers import Teacher, TeacherPool  # noqa: E402

sys.path.remove(str(ROOT))


def spots() -> tuple[torch.Tensor, torch.Tensor]:
    """Eight dark pictures with one bright square each, and maps that have it too."""
    stimuli = torch.zeros(8, 3, 240, 320, dtype=torch.uint8)
    maps = torch.zeros(8, 240, 320, dtype=torch.uint8)
    for number in range(8):
        row, column = 60 + 15 * number, 230 - 20 * number
        stimuli[number, :, row : row + 16, column : column + 16] = 255
        maps[number, row : row + 16, column : column + 16] = 255
    return stimuli, maps


def centre(values: np.ndarray) -> np.ndarray:
    rows, columns = np.indices(values.shape)
    return np.array([(rows * values).sum(), (columns * values).sum()]) / values.sum()


def test_a_picture_its_map_and_its_fixations_are_cut_alike() -> None:
    stimuli, maps = spots()
    middles = torch.tensor([[68 + 15 * number, 238 - 20 * number] for number in range(8)])
    points = torch.full((8, 3, 2), 9.0)
    points[:, 0] = 2 * middles / torch.tensor([240, 320]) - 1
    x, target, seen = Alterer(3, "cpu", (240, 320)).labelled(stimuli, maps, points, stretch=0.5, crop=0.6)
    assert torch.allclose(target.sum((1, 2)), torch.ones(8), atol=1e-4)
    counts = counted(seen, (240, 320))
    assert counts.sum((1, 2)).tolist() == [1] * 8
    assert not torch.equal(counts, counted(points, (240, 320)))
    whole = 0
    for picture, density, count in zip(x[:, 0].numpy(), target.numpy(), counts.numpy(), strict=True):
        assert np.abs(centre(picture) - centre(density)).max() < 1.5
        if not (picture[[0, -1]].any() or picture[:, [0, -1]].any()):  # else part of the square is cut away
            assert np.abs(centre(picture) - centre(count)).max() < 1.5
            whole += 1
    assert whole > 3


def test_fixations_are_counted_by_the_cell() -> None:
    points = torch.tensor([[[-0.99, -0.99], [0.99, 0.99], [0.98, 0.98], [1.0, 0.0], [9.0, 9.0]]])
    wanted = torch.zeros(1, 4, 5)
    wanted[0, 0, 0], wanted[0, 3, 4] = 1, 2
    assert torch.equal(counted(points, (4, 5)), wanted)


def test_chance_repeats_itself_and_alters_something() -> None:
    one, other = (Alterer(4, "cpu", (168, 224)).unlabelled(spots()[0], 0.2, 0.5, 0.5) for _ in range(2))
    assert one.shape == (8, 3, 168, 224)
    assert torch.equal(one, other)
    assert not torch.equal(one, Alterer(5, "cpu", (168, 224)).unlabelled(spots()[0], 0.2, 0.5, 0.5))


def test_degraded_pictures_are_still_pictures() -> None:
    grey = torch.full((64, 3, 240, 320), 128.0)
    grey[:, :, :, 160:] = 200.0
    worse = Alterer(6, "cpu", (240, 320)).degraded(grey, 0.5)
    changed = (worse != grey).flatten(1).any(1)
    assert 16 < int(changed.sum()) < 48
    assert float(worse.min()) >= 0 and float(worse.max()) <= 255


def test_coarser_compression_loses_more_but_keeps_what_is_even() -> None:
    even = torch.full((1, 3, 64, 64), 99.0)
    fine = torch.randint(0, 255, (1, 3, 64, 64), generator=torch.Generator().manual_seed(1)).float()
    alterer = Alterer(1, "cpu", (64, 64))
    assert (alterer._compressed(even, 10) - even).abs().max() < 8
    lost = [float((alterer._compressed(fine, quality) - fine).square().mean().sqrt()) for quality in (50, 8)]
    assert 2 * lost[0] < lost[1]


def test_sums_over_channels_are_local_response_normalisation() -> None:
    x = 30 * torch.randn(2, 96, 7, 5, generator=torch.Generator().manual_seed(2))
    published = torch.nn.LocalResponseNorm(5, 1e-4, 0.75)(x)
    assert torch.allclose(BandNormalisation(96, 5, 1e-4, 0.75)(x), published, atol=1e-4)


def test_pictures_are_shown_smaller_without_aliasing() -> None:
    stripes = torch.zeros(1, 3, 240, 320)
    stripes[..., ::2] = 255.0
    assert (shown(stripes, (120, 160))[..., 4:-4] - 127.5).abs().max() < 1
    assert shown(stripes, (240, 320)) is stripes


def test_the_transformer_teaches_maps_of_the_students_size() -> None:
    """Patches keep their places: what is changed in one corner changes the features there most."""
    torch.manual_seed(3)
    network = DinoNet().eval()
    dark, spot = torch.full((2, 1, 3, 56, 84), -1.0)
    spot[:, :, :14, :14] = 1.0
    with torch.inference_mode():
        assert network(dark).shape == (1, 1, 240, 320)
        before, after = (network.encoder(x)[0] for x in (dark, spot))
    changed = (after - before).abs().sum(1)[0]
    assert changed.shape == (4, 6)
    assert changed.argmax() == 0


def a_teacher(path: Path, seed: int) -> Path:
    torch.manual_seed(seed)
    network = ARCHITECTURES["live_net"].build()
    with torch.no_grad():
        network.prior.normal_()
    save_file(network.state_dict(), path)
    return path


def test_of_a_picture_those_are_asked_who_do_not_know_it(tmp_path: Path) -> None:
    paths = [a_teacher(tmp_path / f"live_net@96x128+fold{fold}of2.safetensors", fold) for fold in (0, 1)]
    x = torch.zeros(4, 3, 96, 128)  # the same picture; mirrored, since a teacher may be shown it so
    folds = np.array([1, 0, 0, 1])
    said = TeacherPool(tmp_path, 4, "cpu", (96, 128), 1, 1).density(x, folds)
    for fold, path in enumerate(paths):
        alone = Teacher(path, 2, "cpu", (96, 128)).density(x[:2])[0]
        for row in np.flatnonzero(folds == fold):
            assert min((said[row] - way).abs().max() for way in (alone, alone.flip(-1))) < 1e-9
        other = said[np.flatnonzero(folds != fold)[0]]
        assert min((other - way).abs().max() for way in (alone, alone.flip(-1))) > 1e-6
    a_teacher(tmp_path / "live_net.safetensors", 2)
    with pytest.raises(SystemExit, match="mixes folds"):
        TeacherPool(tmp_path, 4, "cpu", (96, 128), 1, 1)


def test_what_was_written_down_is_what_was_said() -> None:
    rows, columns = torch.meshgrid(torch.arange(240), torch.arange(320), indexing="ij")
    maps = torch.stack([(-((rows - 9 * k) ** 2 + (columns - 50 * k) ** 2) / 800.0).exp() for k in (1, 5)])
    maps = (maps + 1e-3) / (maps + 1e-3).sum((1, 2), keepdim=True)
    again = decoded(coded(maps))
    assert torch.allclose(again.sum((1, 2)), torch.ones(2), atol=1e-4)
    assert (again / maps).log().abs().max() < 0.3
    assert torch.corrcoef(torch.stack([maps.flatten(), again.flatten()]))[0, 1] > 0.999


def test_a_batch_in_parts_is_the_same_batch() -> None:
    x = torch.arange(8.0)[:, None, None, None].expand(8, 3, 2, 2)
    parts = [*Batch(x, x, x[:, 0], torch.arange(4.0)[:, None, None]).parts(2)]
    assert [part.x[:, 0, 0, 0].tolist() for part in parts] == [[0, 2, 4, 6], [1, 3, 5, 7]]
    assert [part.points.flatten().tolist() for part in parts] == [[0, 2], [1, 3]]


@pytest.mark.slow
def test_a_run_of_a_few_steps(discs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends with weights that differ from what it began with, load, and have their scores beside them."""
    split = {"train": [], "val": [], "test": []}
    for path in sorted((discs / "trainSet" / "Stimuli").rglob("*.*")):
        part = "val" if path.stem == "001" else "test" if path.stem == "002" else "train"
        split[part].append(f"{path.parent.name}/{path.stem}")
    data = tmp_path / "data"
    data.mkdir()
    (data / "trainSet").symlink_to(discs / "trainSet")
    (data / "split.json").write_text(json.dumps(split))
    shipped = {key: torch.from_numpy(value) for key, value in read_arrays(find_model("live_net"))[1].items()}
    (tmp_path / "teachers").mkdir()
    first = tmp_path / "teachers" / "live_net+first.safetensors"
    save_file(shipped, first)
    out = tmp_path / "student.safetensors"
    words = [
        "--student", "live_net", "--init", first, "--data", data,
        "--photos", discs / "trainSet" / "Stimuli" / "Indoor", "--seconds", "60", "--steps", "2",
        "--batch", "4", "--lr", "1e-3", "--encoder-lr", "1e-4", "--device", "cpu",
        "--stored", "152x200", "--size", "96x128", "120x160",
    ]  # fmt: skip
    asked = ["--teachers", tmp_path / "teachers"]

    def run(command: Callable[[], int], *more: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["research", *map(str, [*words, *more])])
        return command()

    assert run(training.main, *asked, "--out", out) == 0
    weights = load_file(out)
    assert weights.keys() == shipped.keys()
    assert not torch.equal(weights["head.weight"], shipped["head.weight"].float())
    record = json.loads(out.with_suffix(".json").read_text())
    assert record["final"]["step"] == 2
    assert record["teachers"] == [first.name]
    assert set(record["final"]) >= {"NSS", "CC", "KL"}
    assert [set(scores) for scores in record["final"]["other sizes"]] == [{"NSS", "CC", "KL"}]

    written = tmp_path / "written.safetensors"
    assert run(recording.main, *asked, "--out", written) == 0
    assert run(training.main, "--recorded", written, "--out", tmp_path / "b.safetensors") == 0
    again = load_file(tmp_path / "b.safetensors")
    learnt, apart = (weights["prior"] - other for other in (shipped["prior"].float(), again["prior"]))
    assert 0 < apart.abs().sum() < 0.2 * learnt.abs().sum()
    with pytest.raises(SystemExit, match="recorded with seed 1, not 2"):
        run(training.main, "--recorded", written, "--out", out, "--seed", "2")
