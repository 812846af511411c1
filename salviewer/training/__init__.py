"""Data sets, recipes, the trainer and evaluation."""
