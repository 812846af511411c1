"""The picture on screen, and the panel with its display settings."""
