"""Pictures in and out of files. No torch, no Qt.

Whoever imports from here has texts drawn in every script: core gets its text renderer from this package.
"""

from salviewer.media import text

text.install()
