"""Every kind of file a picture can be in: one list of openers, for window, command line, batches and Python.

`table.OPENERS` has a row for each kind. Pillow opens most of them in this process. PDF, SVG, HEIC and JPEG XL
are opened in a process of its own with limits (`process`), since their libraries can crash or never end. A
document of several pages is a list of pictures: `pages` names them.
"""
