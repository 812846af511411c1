"""Capture a part of the screen, as a picture or as it goes, and lay the heat over it."""
