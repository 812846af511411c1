"""Batches in the window: the dialog for `salviewer.results`, which does the work."""
