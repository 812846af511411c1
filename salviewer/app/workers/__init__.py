"""Work off the window's thread, without widgets."""
