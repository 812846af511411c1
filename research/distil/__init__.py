"""A trainer by the clock for one graphics card: a network learns from teachers that see each altered picture.

Run ``python -m research.distil.train --help`` from the repository's root. See docs/adr/0011 for why it is
separate from ``salviewer train``, and ``recipe.sh`` for the runs that made the shipped weights.
"""
