"""Comparing: a second picture, a second model, or what people really looked at, beside what is shown."""
