import io
import json

from rich.console import Console

from salviewer.training.events import JsonLines, Several, Terminal

RECORDED: list[tuple[str, dict[str, object]]] = [
    ("packing", {"step": 1, "total": 2}),
    ("packing", {"step": 2, "total": 2}),
    ("note", {"message": "skipped Indoor/007: it is [broken]"}),
    ("started", {"train": 2}),
    ("step", {"step": 1, "total": 2, "epoch": 1, "loss": 0.75, "rate": 1.0}),
    (
        "epoch",
        {"epoch": 1, "epochs": 2, "train_loss": 0.5, "test_loss": 0.25, "metrics": {"NSS": 1.5, "CC": 0.5}},
    ),
    ("checkpoint", {"step": 2, "path": "x"}),
    ("finished", {"model": "runs/mine/model", "minutes": 1.0}),
]


def test_terminal_shows_progress_and_an_epoch_a_line() -> None:
    out = io.StringIO()
    watcher = Terminal(Console(file=out, force_terminal=True, width=100, color_system=None))
    for kind, details in RECORDED:
        watcher.tell(kind, **details)
    text = out.getvalue()
    assert "reading pictures" in text
    assert "training, loss 0.7500" in text
    assert "skipped Indoor/007: it is [broken]" in text
    assert "epoch 1/2  train 0.5000  test 0.2500  NSS 1.500  CC 0.500" in text
    assert text.rstrip().endswith("runs/mine/model")


def test_json_lines_go_on_when_nobody_listens() -> None:
    listening, gone = io.StringIO(), io.StringIO()
    gone.close()
    watcher = Several(JsonLines(gone), JsonLines(listening))
    for kind, details in RECORDED:
        watcher.tell(kind, **details)
    written = [json.loads(line) for line in listening.getvalue().splitlines()]
    assert [event["event"] for event in written] == [kind for kind, _ in RECORDED]
    assert all(event["time"] > 1.7e9 for event in written)
    assert written[4]["loss"] == 0.75
