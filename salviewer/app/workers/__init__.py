"""Work off the window's thread; no widgets."""
