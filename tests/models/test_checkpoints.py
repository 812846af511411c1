import json
import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import save_file

from salviewer.errors import ModelError
from salviewer.models import reading
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import ModelCard
from salviewer.models.catalog import find_model, list_models
from salviewer.models.checkpoints import read_model, write_model
from salviewer.models.live_net import LiveNet
from salviewer.models.loading import load_model


@pytest.fixture(scope="module")
def network() -> LiveNet:
    torch.manual_seed(0)
    return LiveNet()


CARD = ModelCard("live_net", "A test", "logits", metrics={"NSS": 1.5}, licence="MIT")


def test_folder_round_trip(tmp_path: Path, network: LiveNet) -> None:
    written = write_model(tmp_path / "mine", CARD, network)
    card, weights = read_model(tmp_path / "mine")
    assert card == written
    assert len(card.sha256) == 64
    for name, value in network.state_dict().items():
        assert torch.equal(
            weights[name].to(value.dtype),
            value.half().to(value.dtype) if value.is_floating_point() else value,
        )
    assert sorted(item.name for item in (tmp_path / "mine").iterdir()) == ["card.json", "weights.safetensors"]


@pytest.mark.parametrize("wrap", ["bare", "model", "state_dict", "module."])
def test_users_pickled_checkpoint_opens(tmp_path: Path, network: LiveNet, wrap: str) -> None:
    state = network.state_dict()
    if wrap == "module.":
        state = {f"module.{name}": value for name, value in state.items()}
    elif wrap != "bare":
        state = {wrap: state, "epoch": 3}
    torch.save(state, tmp_path / "mine.pt")
    card, weights = read_model(tmp_path / "mine.pt")
    assert (card.architecture, card.output) == ("live_net", "logits")
    assert torch.equal(weights["head.weight"], network.head.weight)


def test_bare_safetensors_is_recognised(tmp_path: Path, network: LiveNet) -> None:
    save_file(network.state_dict(), tmp_path / "mine.safetensors")
    assert read_model(tmp_path / "mine.safetensors")[0].architecture == "live_net"
    predictor = load_model(tmp_path / "mine.safetensors", "cpu")
    assert predictor.name == str(tmp_path / "mine.safetensors")


class Evil:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.target}",)


def test_pickle_with_code_is_refused_and_not_run(tmp_path: Path) -> None:
    torch.save({"model": Evil(tmp_path / "owned")}, tmp_path / "evil.pt")
    with pytest.raises(ModelError, match="could run code"):
        read_model(tmp_path / "evil.pt")
    (tmp_path / "plain.pt").write_bytes(pickle.dumps(Evil(tmp_path / "owned")))
    with pytest.raises(ModelError):
        read_model(tmp_path / "plain.pt")
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pt", b"", "damaged or not a PyTorch checkpoint"),
        ("a.pt", b"PK\x03\x04 not really", "damaged or not a PyTorch checkpoint"),
        ("a.safetensors", b"", "damaged or not in the safetensors format"),
        ("a.safetensors", b"\xff" * 64, "damaged or not in the safetensors format"),
        ("a.h5", b"x", "a model is a folder with a card"),
    ],
)
def test_damaged_files_get_a_sentence(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=reason) as caught:
        read_model(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_tensors_that_do_not_fit_are_named(tmp_path: Path, network: LiveNet) -> None:
    state = {**network.state_dict(), "head.weight": torch.zeros(2, 64, 1, 1)}
    save_file(state, tmp_path / "wide.safetensors", metadata={"architecture": "live_net"})
    with pytest.raises(ModelError, match=r"head.weight has shape \(2, 64, 1, 1\)"):
        read_model(tmp_path / "wide.safetensors")
    del state["head.weight"]
    save_file(state, tmp_path / "short.safetensors", metadata={"architecture": "live_net"})
    with pytest.raises(ModelError, match=r"lacks 1 tensors of live_net, head\.weight"):
        read_model(tmp_path / "short.safetensors")
    save_file({"x": torch.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(ModelError, match="fit none of the known architectures"):
        read_model(tmp_path / "other.safetensors")
    broken = {**network.state_dict(), "head.bias": torch.tensor([float("inf")])}
    save_file(broken, tmp_path / "inf.safetensors")
    with pytest.raises(ModelError, match="not finite"):
        read_model(tmp_path / "inf.safetensors")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not valid JSON"),
        ("[1]", "not a model card"),
        ('{"output": "logits"}', "lacks architecture"),
        (
            '{"architecture": "vgg", "output": "logits"}',
            "'vgg', and only live_net, live_net_large, live_net_recurrent, deep_convnet, attention_net are",
        ),
        ('{"architecture": "live_net", "output": "x"}', "neither logits nor intensity"),
        (
            '{"architecture": "live_net", "output": "logits", "input_size": [240]}',
            "input size is .240., not a",
        ),
        (
            '{"architecture": "live_net", "output": "logits", "input_size": 9}',
            "input size is 9, not a height",
        ),
        (
            '{"architecture": "live_net", "output": "logits", "input_size": [9, 90]}',
            "not a height and a width",
        ),
    ],
)
def test_bad_cards_get_a_sentence(tmp_path: Path, network: LiveNet, text: str, reason: str) -> None:
    write_model(tmp_path, CARD, network)
    (tmp_path / "card.json").write_text(text)
    with pytest.raises(ModelError, match=reason):
        read_model(tmp_path)


def test_card_of_a_newer_version_still_opens(tmp_path: Path, network: LiveNet) -> None:
    write_model(tmp_path, CARD, network)
    values = json.loads((tmp_path / "card.json").read_text())
    (tmp_path / "card.json").write_text(json.dumps(values | {"colour": "blue"}))
    assert read_model(tmp_path)[0].title == "A test"


def test_catalogue_lists_usable_folders_only(tmp_path: Path, network: LiveNet) -> None:
    write_model(tmp_path / "zebra", CARD, network)
    write_model(tmp_path / "live_net", CARD, network)
    write_model(tmp_path / "broken", CARD, network)
    (tmp_path / "broken" / "card.json").write_text("{")
    (tmp_path / "empty").mkdir()
    assert [entry.name for entry in list_models(tmp_path)] == ["live_net", "zebra"]


def test_unknown_model_names_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"live_net, .*deep_convnet.*no such file"):
        find_model("resnet")


def test_every_architecture_builds_and_has_its_row() -> None:
    for name, row in ARCHITECTURES.items():
        with torch.device("meta"):
            shape = row.build()(torch.zeros(1, 3, *row.input_size)).shape
        assert shape == (1, 1, *row.output_size)
        assert row.name == name


def test_shipped_models_are_all_there_with_honest_cards() -> None:
    entries = {entry.name: entry.card for entry in list_models()}
    assert list(entries) == ["live_net", "live_net_recurrent", "deep_convnet", "attention_net"]
    for name, card in entries.items():
        assert "salviewer evaluate" in card.metrics["command"]
        assert {row["category"] for row in card.metrics["test"]} - {"Ads"} == {
            "Objects",
            "Crowd",
            "Scenes",
            "all",
        }
        assert card.recipe["name"] and card.epochs and card.curves["train_loss"] and card.licence
        assert card.started_from and card.trained_on
        assert read_model(find_model(name))[0].sha256 == card.sha256
        stored = {value.dtype for value in reading.read_arrays(find_model(name))[1].values()}
        assert stored - {np.dtype(np.int64)} == {np.dtype(np.float16)}, "it is larger than it need be"


def test_written_files_can_be_read_by_others(tmp_path: Path, network: LiveNet) -> None:
    write_model(tmp_path / "mine", CARD, network)
    (tmp_path / "plain").touch()
    expected = (tmp_path / "plain").stat().st_mode
    for name in ("weights.safetensors", "card.json"):
        assert (tmp_path / "mine" / name).stat().st_mode == expected


def test_equal_weights_make_equal_files(tmp_path: Path, network: LiveNet) -> None:
    digests = {write_model(tmp_path / str(number), CARD, network).sha256 for number in range(12)}
    assert len(digests) == 1


def test_weights_without_their_card_still_say_what_they_give(tmp_path: Path, network: LiveNet) -> None:
    write_model(tmp_path / "mine", replace(CARD, output="intensity"), network)
    (tmp_path / "mine" / "weights.safetensors").rename(tmp_path / "alone.safetensors")
    card = read_model(tmp_path / "alone.safetensors")[0]
    assert (card.architecture, card.output) == ("live_net", "intensity")


def test_tensors_of_every_number_format_and_shape_are_read(tmp_path: Path) -> None:
    kinds = ("f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?")
    wanted = {kind: np.arange(6).reshape(2, 3).astype(kind) for kind in kinds}
    wanted |= {"none": np.zeros((0, 3), np.float32), "one": np.array(2.5, np.float32)}
    save_arrays(wanted, tmp_path / "all.safetensors", {"card": "{}"})
    read, metadata = reading._read_safetensors(tmp_path / "all.safetensors")
    assert metadata == {"card": "{}"} and read.keys() == wanted.keys()
    for name, value in wanted.items():
        assert read[name].dtype == value.dtype and read[name].shape == value.shape
        assert np.array_equal(read[name], value)
