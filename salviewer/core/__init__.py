"""Saliency maps, postprocessing, rendering and metrics on numpy arrays. No torch, no Qt, no files."""
