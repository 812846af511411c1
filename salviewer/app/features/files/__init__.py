"""Open and save files and projects, and list recent ones."""
