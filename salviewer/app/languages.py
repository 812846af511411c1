"""The languages of the window. Imports no Qt, so that the command line can name them."""

from __future__ import annotations

SYSTEM = "system"
"""The language of the environment."""

LANGUAGES = {SYSTEM: "", "en": "English", "de": "Deutsch", "zh_CN": "中文"}
"""Languages that the window can be shown in, by the names of their catalogues, as they call themselves."""
