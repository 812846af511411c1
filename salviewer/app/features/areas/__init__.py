"""Areas of interest in the window: drawn on the picture, listed and scored beside it, undone and redone."""
