"""Batches in the window: the dialog around `salviewer.results`, which does the work."""
