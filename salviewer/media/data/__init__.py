"""Data sets of recorded eye movements on disk: which layout it is, and what belongs together."""
