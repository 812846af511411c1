"""Collect the texts of the window into the catalogues, and compile them.

    python scripts/translations.py            # bring the catalogues up to date and compile them
    python scripts/translations.py --check    # say what the catalogues lack; change nothing

A text is an argument of `tr`, `mark` or `plural` (see app/translation.py) or of `worded` (see texts.py), part
of a `Command`, in one of the tables of other rooms that the window shows, or a sentence of theirs: what they
raise, and what the functions in `REASONS` return or note. Those have numbered places; the ones with places
also stand in `sentences.json`, by which the window knows them. `pyside6-lupdate` knows none of this.
Existing translations are kept; texts that are no longer in the program are removed.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import PySide6

from salviewer.app.translation import CONTEXT
from salviewer.core.area_drawing import COLOUR_NAMES
from salviewer.core.views import VIEWS
from salviewer.media.map_formats import MAP_FORMATS
from salviewer.models.engines.base import ABOUT, TITLES
from salviewer.training.recipe_schema import GROUPS
from salviewer.training.survey import LAYOUTS

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "salviewer" / "app"
CATALOGUES = ROOT / "resources" / "translations"

ROOMS = ("core", "media", "results", "webpages", "streaming", "models", "training")
"""Rooms below the window, whose sentences it shows."""

REASONS = {
    "salviewer/core/applications/crops.py": {"_placed"},
    "salviewer/core/applications/uses.py": {"apply", "_found", "_captioned"},
    "salviewer/media/colour.py": {"value_span"},
    "salviewer/media/data/pairs.py": {"_raw_alone", "without_fixations", "_beside"},
    "salviewer/media/data/recorded.py": {"pysaliency", "tables", "_listed"},
    "salviewer/media/data/records.py": {"_read"},
    "salviewer/media/data/videos.py": {"clips", "_sparse"},
    "salviewer/media/decoding.py": {"frames_note"},
    "salviewer/media/display_presets.py": {"load_preset"},
    "salviewer/media/foreign_formats.py": {"foreign"},
    "salviewer/media/formats.py": {"why_not"},
    "salviewer/media/images.py": {"_picture", "_reason_of_oserror"},
    "salviewer/media/listing.py": {"_nothing", "_reason"},
    "salviewer/media/openers/pages.py": {"page_note"},
    "salviewer/media/openers/pdf.py": {"draw"},
    "salviewer/media/openers/photoshop.py": {"read"},
    "salviewer/media/openers/plugins.py": {"decode"},
    "salviewer/media/openers/reading.py": {"not_there"},
    "salviewer/media/openers/svg.py": {"_clean"},
    "salviewer/media/text.py": {"missing_note"},
    "salviewer/media/video/cameras.py": {"_why_not"},
    "salviewer/media/video/damage.py": {"sentence"},
    "salviewer/media/video/diagnosis.py": {"why_not_opened", "_asked"},
    "salviewer/media/video/libav.py": {"reason"},
    "salviewer/media/video/pixels.py": {"remarks_on"},
    "salviewer/media/video/screens.py": {"_why_not"},
    "salviewer/media/video/sound.py": {"_why"},
    "salviewer/media/video/streams.py": {"__init__", "read"},
    "salviewer/media/video/writer.py": {"_untaken"},
    "salviewer/models/card.py": {"card_line", "remark"},
    "salviewer/models/engines/openvino_engine.py": {"reason"},
    "salviewer/results/request.py": {"_refusal"},
    "salviewer/streaming/fused.py": {"fallback_note"},
    "salviewer/training/control.py": {"ask"},
    "salviewer/training/datasets.py": {"_found"},
    "salviewer/training/decoding.py": {"_decoded"},
    "salviewer/training/lock.py": {"refusal"},
    "salviewer/training/order.py": {"to_resume"},
    "salviewer/training/plausibility.py": {"doubt_of"},
    "salviewer/training/ranking.py": {"rank"},
    "salviewer/training/recipe_schema.py": {"fault"},
    "salviewer/training/run.py": {"_train_reporting", "_run", "_report", "_leave_model"},
    "salviewer/training/run_state.py": {"_started", "_finished", "_epoch", "_ended"},
    "salviewer/training/scored_part.py": {"fitted_remark"},
    "salviewer/training/targets.py": {"_sure", "_report_left_out"},
    "salviewer/training/trainer.py": {"_no_number", "_end_epoch"},
    "salviewer/webpages/asking.py": {"_reason"},
    "salviewer/webpages/visit.py": {"_reason", "draw", "_open", "_heights"},
    "salviewer/webpages/process.py": {"__init__"},
    "salviewer/webpages/safety.py": {"objection", "objection_to_server"},
    "salviewer/webpages/traffic.py": {
        "_on_Browser_downloadWillBegin",
        "_on_Fetch_requestPaused",
        "_on_Network_dataReceived",
        "_on_Page_javascriptDialogOpening",
        "_on_Inspector_targetCrashed",
        "_on_Target_detachedFromTarget",
    },
}
"""Functions of these rooms whose clauses the window shows."""

OURS = "training/recipe"
"""Start of the files whose `ValueError` the user of the window can cause."""

FORMS = {"de": 2, "zh_CN": 1, "ar": 6}
"""Number of plural forms of a language, as in Qt."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the window.

    Attributes:
        source: in English; for a counted text, its plural.
        one: the English singular; "" for a text that is not counted.
        files: files that use it, relative to the repository's root.
    """

    source: str
    one: str
    files: tuple[str, ...]


def texts() -> list[Text]:
    """Collect all texts, in the order of files and lines."""
    found: dict[str, tuple[str, list[str]]] = {}
    for source, one, file in _used():
        kept, files = found.setdefault(source, (one, []))
        if kept != one:
            raise SystemExit(f"{file}: “{source}” is counted in one place and not in another")
        if file not in files:
            files.append(file)
    return [Text(source, one, tuple(files)) for source, (one, files) in found.items()]


def places(text: str) -> set[str]:
    """Return a text's placeholders, with their formats."""
    try:
        return {f"{name}:{spec}" for _, name, spec, _ in Formatter().parse(text) if name}
    except ValueError:
        return set()


def _used() -> Iterator[tuple[str, str, str]]:
    for path in sorted(APP.rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                yield from ((source, one, file) for source, one in _texts_of(call.func.id, call))
    for path in sorted(file for room in ROOMS for file in (ROOT / "salviewer" / room).rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                yield from ((source, one, file) for source, one in _texts_of(call.func.id, call))
        yield from ((sentence, "", file) for sentence in _sentences(tree, file))
    for file, words in _tables():
        yield from ((word, "", file) for word in words if any(letter.isalpha() for letter in word))


def _texts_of(name: str, call: ast.Call) -> Iterator[tuple[str, str]]:
    if name in ("tr", "mark", "worded"):
        yield from ((text, "") for text in map(_literal, call.args[:1]) if text)
    elif name == "plural":
        one, many = map(_literal, call.args[:2])
        if one and many:
            yield many, one
    elif name == "Command":
        given = [*call.args[1:2], *call.args[7:8]]
        given += [word.value for word in call.keywords if word.arg in ("text", "tip", "submenu", "label")]
        yield from ((text, "") for text in map(_literal, given) if text)


def _sentences(tree: ast.AST, file: str) -> Iterator[str]:
    """Return what a file raises for users, and the clauses of its functions in `REASONS`."""
    nodes = [
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _is_ours(node.exc, file)
        for argument in node.exc.args
        for part in _branches(argument)
    ]
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in REASONS.get(file, ()):
            docs = ast.get_docstring(function, clean=False)
            nodes += [
                node
                for statement in function.body
                for node in _whole(statement)
                if not (isinstance(node, ast.Constant) and node.value == docs)
            ]
    for node in nodes:
        sentence = _template(node)
        if len(re.findall(r"[^\W\d_]{2,}", re.sub(r"\{\d+\}", "", sentence))) >= 2 and " " in sentence:
            yield sentence


def _is_ours(call: ast.Call, file: str) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name in ("TypeError", "OSError", "FileNotFoundError", "CancelledError"):
        return False
    return name != "ValueError" or OURS in file


def _branches(node: ast.expr) -> list[ast.expr]:
    return [*_branches(node.body), *_branches(node.orelse)] if isinstance(node, ast.IfExp) else [node]


def _whole(node: ast.AST) -> Iterator[ast.expr]:
    """Return the texts in a statement, f-strings whole."""
    if isinstance(node, (ast.JoinedStr, ast.Constant)):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from _whole(child)


def _template(node: ast.expr) -> str:
    """Return a text with numbered places; "" if it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if not places(node.value) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    parts, count = [], 0
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value).replace("{", "{{").replace("}", "}}"))
        else:
            parts.append(f"{{{count}}}")
            count += 1
    return "".join(parts)


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _tables() -> Iterator[tuple[str, list[str]]]:
    views = [word for v in VIEWS.values() for word in (v.title, v.menu, v.form, v.tip, v.form_tip)]
    yield "salviewer/core/views.py", views
    yield "salviewer/core/area_drawing.py", list(COLOUR_NAMES)
    yield "salviewer/media/map_formats.py", [w for f in MAP_FORMATS.values() for w in (f.title, f.tip)]
    yield "salviewer/models/engines/base.py", [*TITLES.values(), *ABOUT.values()]
    yield "salviewer/training/survey.py", list(LAYOUTS.values())
    for heading, items in GROUPS:
        words = [word for item in items for word in (item.label, item.tip, item.unit)]
        yield "salviewer/training/recipe_schema.py", [heading, *words]


def read(path: Path) -> dict[str, list[str]]:
    """Return a catalogue's translations by text: all plural forms, or one for a text that is not counted."""
    kept: dict[str, list[str]] = {}
    if not path.exists():
        return kept
    for message in ET.parse(path).iter("message"):
        translation = message.find("translation")
        if translation is None or translation.get("type") == "unfinished":
            continue
        forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
        if all(forms):
            kept[message.findtext("source") or ""] = forms
    return kept


def write(path: Path, wanted: list[Text], kept: dict[str, list[str]]) -> None:
    """Write a catalogue with the wanted texts and their translations."""
    language = path.stem.removeprefix("salviewer_")
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for text in wanted:
        message = ET.SubElement(context, "message")
        for file in text.files:
            ET.SubElement(message, "location", filename=f"../../{file}")
        ET.SubElement(message, "source").text = text.source
        forms = kept.get(text.source, [])
        translation = ET.SubElement(message, "translation")
        if not forms:
            translation.set("type", "unfinished")
        if text.one:
            message.set("numerus", "yes")
            count = FORMS[language]
            for number in range(count):
                form = ET.SubElement(translation, "numerusform")
                form.text = forms[number] if len(forms) == count else ""
        elif forms:
            translation.text = forms[0]
    ET.indent(root, " " * 4)
    body = ET.tostring(root, encoding="unicode")
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    path.write_text(f"{head}{body}\n", encoding="utf-8")


def compile_(source: Path, target: Path) -> None:
    """Compile a catalogue; a text without a translation is left out, so that English is shown."""
    program = Path(PySide6.__file__).parent / ("lrelease.exe" if sys.platform == "win32" else "lrelease")
    subprocess.run([program, "-silent", source, "-qm", target], check=True)


def faults(wanted: list[Text], kept: dict[str, list[str]]) -> list[str]:
    """Return faults: translations whose placeholders or marks differ from the English text's."""
    said = []
    for text in wanted:
        for form in kept.get(text.source, []):
            there, wants = places(form), places(text.source)
            if there - wants - places(text.one) or (wants - there and not text.one):
                said.append(f"“{form}” has not the places of “{text.source}”")
            if ("&" in text.source.replace("&&", "")) != ("&" in form.replace("&&", "")):
                said.append(f"“{form}” has not the mnemonic of “{text.source}”")
    return said


def known(wanted: list[Text]) -> str:
    """Return the content of `sentences.json`: the texts with numbered places, sorted."""
    found = sorted(text.source for text in wanted if any(name[0].isdigit() for name in places(text.source)))
    return f"{json.dumps(found, ensure_ascii=False, indent=1)}\n"


def main() -> int:
    """Update or check the catalogues; return 1 if one has a fault."""
    parser = argparse.ArgumentParser(description="Update the catalogues of the window's texts.")
    parser.add_argument("--check", action="store_true", help="change nothing")
    options = parser.parse_args()
    wanted, bad = texts(), 0
    if not options.check:
        (CATALOGUES / "sentences.json").write_text(known(wanted), encoding="utf-8")
    for path in sorted(CATALOGUES.glob("salviewer_*.ts")):
        kept = read(path)
        said = faults(wanted, kept)
        bad += len(said)
        print(*said, sep="\n", end="\n" if said else "")
        missing = [text.source for text in wanted if text.source not in kept]
        print(f"{path.name}: {len(wanted) - len(missing)} of {len(wanted)} texts are translated")
        if options.check:
            print(*(f"  {text!r}" for text in missing), sep="\n", end="\n" if missing else "")
        else:
            write(path, wanted, kept)
            compile_(path, path.with_suffix(".qm"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
