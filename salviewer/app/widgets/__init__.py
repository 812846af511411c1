"""Small widgets that do one thing."""
