"""Networks for other programs: each form runs elsewhere and gives what torch gives."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from skimage import data
from torch import Tensor, nn
from torch.nn import functional as F

from salviewer.cli import main
from salviewer.errors import SalviewerError
from salviewer.models import exchange as exchanging
from salviewer.models.architectures import ARCHITECTURES, Architecture
from salviewer.models.card import ModelCard
from salviewer.models.checkpoints import write_model
from salviewer.models.exchange import ExchangeRequest, exchange
from salviewer.models.lite_encoder import SameConv
from salviewer.models.loading import load_model
from salviewer.models.module import load_module

PICTURES = [data.coffee(), data.astronaut()]
CLOSE = 1e-4
"""Of a map's peak; float32 in two programs."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A live_net whose weights nobody trained, so that its maps are rough."""
    torch.manual_seed(4)
    folder = tmp_path_factory.mktemp("models") / "random"
    write_model(folder, ModelCard("live_net", "Random", "logits"), ARCHITECTURES["live_net"].build())
    return folder


class Small(nn.Module):
    """Three layers: what is exported around a network does not depend on their number, but the time does."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Conv2d(3, 8, 3, stride=4, padding=1)
        self.up = nn.Conv2d(8, 1, 3, padding=1)

    def forward(self, picture: Tensor) -> Tensor:
        """Return logits (n, 1, h, w) of pictures (n, 3, h, w)."""
        found = F.silu(self.down(picture))
        return F.interpolate(self.up(found), picture.shape[-2:], mode="bilinear", align_corners=False)


def small_shapes() -> dict[str, tuple[int, ...]]:
    return {name: tuple(value.shape) for name, value in Small().state_dict().items()}


def small_output(size: tuple[int, int]) -> tuple[int, int]:
    return size


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A model of an architecture of three layers."""
    here, size = __name__, (240, 320)
    row = Architecture(
        "small", "Small", f"{here}:Small", f"{here}:small_shapes", f"{here}:small_output", "", size, size,
        "logits", "modern",
    )  # fmt: skip
    torch.manual_seed(5)
    folder = tmp_path_factory.mktemp("models") / "small"
    with ARCHITECTURES.added(row):
        write_model(folder, ModelCard("small", "Random", "logits"), row.build())
        yield folder


def test_onnx_with_everything_inside(small: Path, tmp_path: Path) -> None:
    import onnxruntime

    target = tmp_path / "model.onnx"
    made = exchange(small, target, ExchangeRequest(), PICTURES)
    assert made.files == (target,) and made.difference < CLOSE and made.pictures == 2
    session = onnxruntime.InferenceSession(target)
    assert [(each.name, each.shape, each.type) for each in session.get_inputs()] == [
        ("picture", [1, 240, 320, 3], "tensor(uint8)")
    ]
    about = session.get_modelmeta().custom_metadata_map
    assert json.loads(about["card"])["title"] == "Random" and "uint8" in about["input"]
    shown = exchanging.resize(PICTURES[0], (240, 320))
    (density,) = session.run(["density"], {"picture": np.asarray(shown)[None]})
    expected = load_model(small, "cpu", "torch").predict(PICTURES[0]).density
    np.testing.assert_allclose(density[0], expected, rtol=1e-3, atol=1e-8)


def test_onnx_of_pictures_of_any_size_and_number(model: Path, tmp_path: Path) -> None:
    import onnxruntime

    target = tmp_path / "free.onnx"
    assert exchange(model, target, ExchangeRequest(None, None), PICTURES).difference < CLOSE
    session = onnxruntime.InferenceSession(target)
    (density,) = session.run(["density"], {"picture": np.stack([PICTURES[0], PICTURES[0][::-1]])})
    expected = load_model(model, "cpu", "torch").predict(PICTURES[0]).density
    assert density.shape == (2, 240, 320) and np.corrcoef(density[0].ravel(), expected.ravel())[0, 1] > 0.99


def test_onnx_with_everything_outside(small: Path, tmp_path: Path) -> None:
    import onnxruntime

    target = tmp_path / "bare.onnx"
    request = ExchangeRequest(None, (96, 160), preprocessing="outside", postprocessing="outside")
    assert exchange(small, target, request, PICTURES).difference < CLOSE
    given = torch.rand((3, 3, 96, 160)) * 2 - 1
    (raw,) = onnxruntime.InferenceSession(target).run(["raw"], {"picture": given.numpy()})
    np.testing.assert_allclose(raw, load_module(small).network(given).numpy(), atol=1e-4)


def test_pictures_of_any_size_at_their_own_size(small: Path, tmp_path: Path) -> None:
    import onnxruntime

    for suffix, where in ((".onnx", "inside"), (".xml", "outside"), (".pt2", "inside")):
        target = tmp_path / f"own{suffix}"
        request = ExchangeRequest(None, None, preprocessing=where, resizing="outside")
        assert exchange(small, target, request, PICTURES).difference < CLOSE
    session = onnxruntime.InferenceSession(tmp_path / "own.onnx")
    network = load_module(small).network
    for picture in (PICTURES[0], PICTURES[1][:301, :447]):
        (density,) = session.run(["density"], {"picture": picture[None]})
        given = torch.from_numpy(picture[None].copy()).permute(0, 3, 1, 2) / 127.5 - 1
        expected = network(given).flatten().softmax(0).reshape(1, *picture.shape[:2])
        np.testing.assert_allclose(density, expected, rtol=1e-3, atol=1e-9)


def test_padding_is_the_same_where_sizes_are_free() -> None:
    """An export for any size takes another way through `SameConv` than a fixed size."""
    import openvino

    torch.manual_seed(6)
    layers: nn.Module = nn.Sequential(
        SameConv(3, 4, 3, 2), SameConv(4, 4, 5, 1), SameConv(4, 2, 5, 2)
    ).requires_grad_(False)
    free = {2: torch.export.Dim.DYNAMIC, 3: torch.export.Dim.DYNAMIC}
    program = torch.export.export(layers, (torch.rand(1, 3, 66, 75),), dynamic_shapes={"input": free})
    exact = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(openvino.convert_model(program), "CPU", exact)
    for size in ((64, 96), (65, 97), (71, 66)):
        given = torch.rand(1, 3, *size)
        torch.testing.assert_close(program.module()(given), layers(given))
        found = torch.from_numpy(compiled(given.numpy())[0])
        torch.testing.assert_close(found, layers(given), atol=1e-5, rtol=1e-4)


def test_openvino_and_torch_export(small: Path, tmp_path: Path) -> None:
    import openvino

    made = exchange(small, tmp_path / "model.xml", ExchangeRequest(2, (96, 128)), PICTURES)
    assert [file.name for file in made.files] == ["model.xml", "model.bin"] and made.difference < CLOSE
    read = openvino.Core().read_model(tmp_path / "model.xml")
    assert list(read.inputs[0].shape) == [2, 96, 128, 3] and read.outputs[0].get_any_name() == "density"
    assert json.loads(read.get_rt_info(["salviewer", "card"]).astype(str))["title"] == "Random"
    made = exchange(small, tmp_path / "model.pt2", ExchangeRequest(None, (96, 128)), PICTURES)
    assert made.difference < CLOSE
    extra = {"card.json": ""}
    program = torch.export.load(tmp_path / "model.pt2", extra_files=extra)
    assert json.loads(extra["card.json"])["title"] == "Random"
    assert program.module()(torch.zeros(5, 96, 128, 3, dtype=torch.uint8)).shape == (5, 96, 128)


def test_mistakes_are_named(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SalviewerError, match=r'"\.tflite" is none of \.onnx, \.xml, \.pt2'):
        exchange(model, tmp_path / "model.tflite", ExchangeRequest(), PICTURES)
    with pytest.raises(ValueError, match="at least one picture"):
        ExchangeRequest(0)
    with pytest.raises(SystemExit):
        main(["export-model", str(model), "-o", str(tmp_path / "m.onnx"), "--size", "big"])
    assert "'big' is no size such as 320x240" in capsys.readouterr().err
    monkeypatch.setattr(exchanging, "find_spec", lambda name: None)
    assert main(["export-model", str(model), "-o", str(tmp_path / "m.onnx")]) == 1
    assert "pip install 'salviewer[onnx]'" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_module_has_gradients_and_is_what_predict_gives(model: Path) -> None:
    module = load_module(model)
    pictures = torch.from_numpy(PICTURES[0].copy()).permute(2, 0, 1)[None] / 255
    pictures.requires_grad_()
    density = module(pictures)
    assert density.shape == (1, 240, 320) and density.sum().item() == pytest.approx(1, abs=1e-4)
    expected = load_model(model, "cpu", "torch").predict(PICTURES[0]).density
    assert np.corrcoef(density.detach().numpy().ravel(), expected.ravel())[0, 1] > 0.99
    (-module.log_density(pictures)[:, 100:140, 140:180].mean()).backward()
    assert pictures.grad is not None and pictures.grad.abs().sum() > 0
    assert not any(weight.requires_grad for weight in module.parameters())
    with pytest.raises(ValueError, match="floats"):
        module(torch.zeros(1, 3, 8, 8, dtype=torch.uint8))


@pytest.mark.clean
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["live_net", "live_net_recurrent", "deep_convnet", "attention_net"])
def test_a_shipped_network_runs_where_there_is_only_onnxruntime(name: str, tmp_path: Path) -> None:
    target = tmp_path / f"{name}.onnx"
    assert main(["export-model", name, "-o", str(target)]) == 0
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True, timeout=120)
    places = ("bin/python", "Scripts/python.exe")
    python = next(path for place in places if (path := tmp_path / "venv" / place).exists())
    install = [str(python), "-m", "pip", "install", "-q", "onnxruntime", "numpy"]
    if subprocess.run(install, capture_output=True, timeout=900, check=False).returncode:
        pytest.skip("onnxruntime cannot be fetched here")
    size = load_model(name, "cpu", "torch").input_size
    picture = np.asarray(exchanging.resize(PICTURES[0], size))
    np.save(tmp_path / "picture.npy", picture[None])
    code = (
        "import sys, numpy, onnxruntime\n"
        "import importlib.util\n"
        "assert importlib.util.find_spec('salviewer') is None\n"
        f"session = onnxruntime.InferenceSession({str(target)!r})\n"
        f"given = numpy.load({str(tmp_path / 'picture.npy')!r})\n"
        f"numpy.save({str(tmp_path / 'density.npy')!r}, session.run(None, {{'picture': given}})[0])\n"
    )
    done = subprocess.run(
        [str(python), "-I", "-c", code],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    # With fixed size, attention_net takes the size's proportions for the picture's own.
    expected = load_model(name, "cpu", "torch").densities(picture[None])[0]
    found = np.load(tmp_path / "density.npy")[0]
    assert np.abs(found - expected).max() < CLOSE * expected.max()
