"""The view, its zoom and its arrangement."""
