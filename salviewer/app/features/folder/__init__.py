"""The folder panel: the open pictures, and moving among them."""
