import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from salviewer.cli import main
from salviewer.models.timing import in_turns


def test_doctor_tells_engines_devices_models_and_times(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    engines = {engine["name"]: engine for engine in found["engines"]}
    assert set(engines) == {"torch", "openvino"}
    assert engines["openvino"]["version"] and "FP32" in engines["openvino"]["detail"]
    assert found["devices"][-1] == ["cpu", "CPU"]
    assert found["machine"]["cores"] >= 1
    models = {model["name"]: model for model in found["models"]}
    assert list(models) == ["live_net", "live_net_recurrent", "deep_convnet", "attention_net"]
    for model in models.values():
        assert model["engine"] and not model["trouble"] and not model["note"]
        assert 0 < model["milliseconds"] < 60_000
    assert models["live_net"]["milliseconds"] < models["deep_convnet"]["milliseconds"]


def test_doctor_speaks_to_people_and_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "live_net"
    folder.mkdir()
    (folder / "card.json").write_text('{"architecture": "live_net", "output": "logits"}')
    (folder / "weights.safetensors").write_bytes(b"damaged")
    monkeypatch.setattr("salviewer.paths.model_weights", lambda: tmp_path)
    assert main(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    (line,) = (line for line in lines if line.startswith("model"))
    assert line.endswith("the weights are damaged or not in the safetensors format")
    assert any(line.startswith("engine     OpenVINO ") for line in lines)
    assert any(line.startswith("device     cpu: CPU") for line in lines)


def test_doctor_says_where_log_and_settings_are(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALVIEWER_CONFIG_DIR", str(tmp_path / "mine"))
    monkeypatch.setattr("salviewer.paths.model_weights", lambda: tmp_path)
    assert main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"log        {tmp_path / 'mine' / 'salviewer.log'}" in lines
    assert f"settings   {tmp_path / 'mine'}" in lines
    assert main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["places"]["program"].endswith("(Python package)")


@pytest.mark.slow
def test_bench_writes_every_shipped_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8))
    coarse.resize((320, 240), Image.Resampling.BICUBIC).save(tmp_path / "picture.png")
    file = tmp_path / "bench.json"
    assert main(["bench", str(tmp_path / "picture.png"), "--quick", "--json", str(file)]) == 0
    said = capsys.readouterr().out
    values = json.loads(file.read_text())
    assert values["machine"]["processor"]
    for name in ("attention_net", "deep_convnet", "live_net", "live_net_recurrent"):
        row = values[name]
        assert row["speedup"] == pytest.approx(row["eager_ms"] / row["ms"])
        assert row["cc"] > 0.995
        assert f"with {row['engine']}, " in said
        assert row["pictures"] == 1


def test_things_are_timed_in_turns() -> None:
    done: list[str] = []
    times = in_turns([lambda: done.append("a"), lambda: done.append("b")], rounds=4)
    assert "".join(done) == "ab" * 4
    assert all(0 <= time.best <= time.median for time in times)
    done.clear()
    in_turns([lambda: done.append("a")], rounds=50, seconds=0)
    assert len(done) == 3
