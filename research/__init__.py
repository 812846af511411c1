"""Experiments that made what ships. They use the program and are not installed with it."""
