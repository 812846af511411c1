from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from skimage import data

from salviewer.core.hotspots import HotspotSettings, find_hotspots
from salviewer.errors import ModelError, SalviewerError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.catalog import find_model
from salviewer.models.checkpoints import read_model
from salviewer.models.devices import Device, available_devices, choose_device, cpu_has_bfloat16
from salviewer.models.engines.base import EngineBusyError
from salviewer.models.engines.choice import Candidate, available_engines
from salviewer.models.engines.torch_engine import TorchEngine, density
from salviewer.models.loading import load_model
from salviewer.models.predictor import Predictor
from salviewer.models.preprocess import normalised, resize

CPU = Device("cpu", "CPU, float32", torch.float32)


def make(output: str = "logits") -> Predictor:
    torch.manual_seed(1)
    return predictor_of(ModelCard("live_net", "Test", output), ARCHITECTURES["live_net"].build())


def predictor_of(card: ModelCard, network: torch.nn.Module) -> Predictor:
    """In float32 on the CPU."""
    make = lambda: TorchEngine(network, card.output, CPU)  # noqa: E731
    return Predictor("test", card, [Candidate("torch", "cpu", make)])


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (37, 53), (900, 300), (480, 640)])
def test_any_picture_gives_a_density(shape: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    saliency = make().predict(pixels)
    assert saliency.density.shape == (240, 320)
    assert saliency.density.dtype == np.float32
    assert saliency.density.min() >= 0
    assert saliency.density.sum(dtype=np.float64) == pytest.approx(1, abs=1e-5)
    assert saliency.source_size == (shape[1], shape[0])
    assert (saliency.model, saliency.device) == ("test", "cpu")
    assert saliency.milliseconds > 0


@pytest.mark.parametrize(
    "pixels", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3), np.float32)]
)
def test_what_is_no_picture_is_refused(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="a picture is uint8"):
        make().predict(pixels)


def test_prediction_is_the_networks_own_softmax() -> None:
    predictor = make()
    pixels = data.astronaut()
    stimulus = resize(pixels, (240, 320))
    with torch.inference_mode():
        raw = predictor.engine.network(torch.from_numpy(normalised(stimulus)).permute(2, 0, 1)[None])
    expected = raw.double().flatten().softmax(0).reshape(240, 320).numpy()
    assert np.allclose(predictor.predict(pixels).density, expected, rtol=1e-4, atol=1e-10)


def test_intensities_are_clipped_and_normalised() -> None:
    raw = torch.tensor([[[[-1.0, 0.0], [1.0, 3.0]]], [[[-1.0, -2.0], [0.0, 0.0]]]])
    assert density(raw, "intensity").tolist() == [[[0, 0], [0.25, 0.75]], [[0.25, 0.25], [0.25, 0.25]]]


def test_weights_that_overflow_say_so() -> None:
    predictor = make()
    with torch.no_grad():
        predictor.engine.network.head.bias.fill_(float("nan"))
    with pytest.raises(ModelError, match="not finite"):
        predictor.predict(data.astronaut())


def test_devices() -> None:
    names = [name for name, _ in available_devices()]
    assert names[-1] == "cpu"
    assert choose_device("auto").name == names[0]
    with pytest.raises(SalviewerError, match=r"cuda:7.*not present; there is .*cpu"):
        choose_device("cuda:7")


def test_torch_predicts_in_float32_on_the_processor_and_trains_as_it_can() -> None:
    device = choose_device("cpu")
    assert (device.precision, device.title) == (torch.float32, "CPU, float32")
    assert load_model("live_net", "cpu", "torch").device_title == "CPU, float32"
    training = torch.bfloat16 if cpu_has_bfloat16() else torch.float32
    assert choose_device("cpu", training=True).precision is training


def test_bfloat16_agrees_with_float32_on_a_photograph() -> None:
    card, weights = read_model(find_model("live_net"))
    network = ARCHITECTURES["live_net"].build()
    network.load_state_dict(weights)
    engines = (
        TorchEngine(network, card.output, device) for device in (CPU, Device("cpu", "half", torch.bfloat16))
    )
    stimulus = resize(data.astronaut(), (240, 320))[None]
    a, b = (engine.densities(stimulus).ravel() for engine in engines)
    assert not np.array_equal(a, b)
    assert np.corrcoef(a, b)[0, 1] > 0.999


# As measured: live_net has the face first, the Deep ConvNet second, after the patch on the suit.
@pytest.mark.parametrize(("name", "times", "rank"), [("live_net", 5, 1), ("deep_convnet", 2, 2)])
def test_shipped_weights_look_at_the_face(name: str, times: float, rank: int) -> None:
    """The astronaut's face lies about row 100, column 220 of 512x512; flag and shuttle elsewhere."""
    saliency = load_model(name, "cpu").predict(data.astronaut())
    height, width = saliency.density.shape
    face = saliency.density[int(0.08 * height) : int(0.36 * height), int(0.34 * width) : int(0.54 * width)]
    assert face.mean() > times * saliency.density.mean()
    spots = find_hotspots(saliency, HotspotSettings(count=rank))
    assert any(0.08 < spot.y / 512 < 0.36 and 0.34 < spot.x / 512 < 0.54 for spot in spots)


def test_shipped_live_net_shows_no_grid_at_its_stride() -> None:
    from tests.models.test_live_net import grid_energy

    logits = np.log(load_model("live_net", "cpu").predict(data.coffee()).density + 1e-12)
    assert grid_energy(logits, 4) < 2
    assert grid_energy(logits.T, 4) < 2


@pytest.mark.parametrize("engine", ["openvino", "torch"])
def test_several_threads_share_a_predictor(engine: str) -> None:
    if engine not in available_engines("live_net"):
        pytest.skip("OpenVINO is not installed")
    predictor = load_model("live_net", "cpu", engine)
    title = predictor.device_title
    pictures = [np.full((60, 80, 3), grey, np.uint8) for grey in (0, 80, 160, 240)]
    alone = [predictor.predict(pixels).density for pixels in pictures]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda pixels: predictor.predict(pixels).density, pictures * 6))
    for one, other in zip(together, alone * 6, strict=True):
        np.testing.assert_array_equal(one, other)
    assert (predictor.device_title, predictor.note) == (title, "")


def test_openvino_itself_is_shared_by_threads() -> None:
    if "openvino" not in available_engines("live_net"):
        pytest.skip("OpenVINO is not installed")
    engine = load_model("live_net", "cpu", "openvino").engine
    stimuli = np.zeros((2, *ARCHITECTURES["live_net"].input_size, 3), np.uint8)
    with ThreadPoolExecutor(4) as pool:
        maps = list(pool.map(lambda _: engine.densities(stimuli), range(12)))
    assert all(np.array_equal(maps[0], one) for one in maps)


def test_an_engine_that_is_busy_is_asked_again_and_kept() -> None:
    card = ModelCard("live_net", "Test", "logits")
    network = ARCHITECTURES["live_net"].build()

    class Refusing(TorchEngine):
        refusals = 3

        def densities(self, stimuli: np.ndarray) -> np.ndarray:
            if self.refusals:
                self.refusals -= 1
                raise EngineBusyError("Infer Request is busy")
            return super().densities(stimuli)

    first = Candidate("torch", "cpu", lambda: Refusing(network, card.output, CPU))
    second = Candidate("torch", "cpu", lambda: TorchEngine(network, card.output, CPU))
    predictor = Predictor("test", card, [first, second])
    predictor.predict(data.astronaut())
    assert isinstance(predictor.engine, Refusing) and predictor.note == ""
