"""Which view is shown, how large, and in which arrangement."""
