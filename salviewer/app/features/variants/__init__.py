"""Variants of a design: looked at together, compared by their areas, reported."""
