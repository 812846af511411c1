"""Fitting live_net on to several kinds of pictures at once, on processors."""
