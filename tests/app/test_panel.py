"""The panel beside the picture is wide enough for its tabs, whatever its pages."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from salviewer.app.viewer.panel import Panel


def test_all_tabs_are_seen_when_another_one_comes(qtbot: QtBot) -> None:
    panel = Panel()
    qtbot.addWidget(panel)
    for title in ("Heatmap", "Areas of interest", "Hotspots", "Use", "Compare", "Live sources"):
        panel.add_page(title, QWidget())
    last = panel.tabs.count() - 1
    panel.set_page_visible("Live sources", False)
    panel.resize(panel.minimumWidth(), 400)
    panel.show()
    qtbot.waitExposed(panel)
    panel.set_page_visible("Live sources", True)
    panel.resize(panel.minimumWidth(), 400)
    qtbot.waitUntil(lambda: panel.tabs.tabRect(0).left() >= 0 and panel.tabs.tabRect(last).width() > 0)
    assert panel.tabs.tabRect(last).right() < panel.tabs.width()
