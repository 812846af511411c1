"""The picture on screen and the panel of how its map is shown."""
