"""The manual: its pages, links, search, and the list of all commands."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from salviewer import paths
from salviewer.app.features.help.feature import HelpFeature
from salviewer.app.features.help.manual import Manual
from salviewer.app.features.help.pages import found, page_of
from salviewer.app.features.views.feature import ViewsFeature
from salviewer.app.workbench import Workbench

PAGE = """# A page

See [the other](gone.md#x), [the web](https://example.org), [here](#two-words).

![What it shows](nothing.png)

```
# no heading, [no](link.md)
```

## Two words

Needle and thread.

## Two words
"""


def test_headings_are_named_as_in_links_and_links_that_lead_nowhere_are_words() -> None:
    page = page_of("page", PAGE, Path("/nowhere"))
    assert page.title == "A page"
    assert [section.anchor for section in page.sections] == ["a-page", "two-words", "two-words-1"]
    assert "See the other, [the web](https://example.org), [here](#two-words)." in page.markdown
    assert "*What it shows.*" in page.markdown and "# no heading, [no](link.md)" in page.markdown
    assert [section.anchor for section in found({"page": page}, "NEEDLE page")] == ["two-words"]


def test_the_manual_is_read_by_contents_links_and_search(bench: Workbench) -> None:
    HelpFeature(bench)
    ViewsFeature(bench)
    bench.commands["manual"].trigger()
    manual = bench.dialog_parent.findChild(Manual)
    assert manual is not None and manual.isVisible() and manual.shown == "window"
    for name, page in manual.pages.items():
        manual.show_page(name)
        text = manual.text.toPlainText()
        assert text.startswith(page.title) and "](" not in text, name
    manual._follow(QUrl("measuring.md#variants"))
    assert manual.shown == "measuring" and manual.text.textCursor().block().text() == "Variants"
    QTest.keyClicks(manual.field, "isolated zzz")
    assert manual.tree.topLevelItemCount() == 0 and manual.count.text() == "0 sections"
    manual.field.clear()
    QTest.keyClicks(manual.field, "heatmap alone")
    QTest.keyClick(manual.field, Qt.Key.Key_Return)
    assert manual.shown == "window" and manual.text.extraSelections()
    manual.back.click()
    assert manual.shown == "measuring"
    manual.show_page("commands")
    text = manual.text.toPlainText()
    assert "Zoom in" in text and bench.commands.key("zoom_in") in text and "Double-click a side" in text
    bench.commands["manual"].trigger()
    assert len(bench.dialog_parent.findChildren(Manual)) == 1
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    assert manual.field.text() == "" and manual.isVisible()
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert not isValid(manual)


def test_without_the_documentation_the_commands_are_still_listed(
    bench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "manual", lambda: tmp_path)
    HelpFeature(bench)
    bench.commands["manual"].trigger()
    manual = bench.dialog_parent.findChild(Manual)
    assert manual is not None and list(manual.pages) == ["commands"] and manual.shown == "commands"
    manual.close()
