"""Hotspots: found in a thread, painted over the picture, listed in the panel."""
