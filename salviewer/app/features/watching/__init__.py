"""Say what changed when another program saves the picture on screen again."""
