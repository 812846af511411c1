"""The folder panel: which pictures are open, and the moves among them."""
