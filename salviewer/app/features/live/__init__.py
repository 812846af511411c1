"""Cameras, streams and videos in the window, with overlays that keep up."""
