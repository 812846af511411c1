"""Settings that have no better place than a dialog, and the keys."""
