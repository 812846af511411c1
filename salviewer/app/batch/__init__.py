"""Batches in the window: the dialog around `salviewer.batch`, which does the work."""
