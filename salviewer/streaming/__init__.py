"""Frames from sources through a predictor to a display or a file. No Qt, no torch."""
