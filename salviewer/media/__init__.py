"""Pictures in and out of files. No torch, no Qt.

Importing it lets texts be drawn in every script: core gets its text renderer from this package.
"""

from salviewer.core.text_drawing import TextRenderer, use_text_renderer


def _text_renderer() -> TextRenderer:
    from salviewer.media.text import renderer

    return renderer


use_text_renderer(_text_renderer)
