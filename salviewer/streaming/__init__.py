"""Frames from sources through a predictor to whoever shows or writes them. No Qt, no torch."""
