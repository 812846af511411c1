"""Settings without another place in the window, and the keys."""
