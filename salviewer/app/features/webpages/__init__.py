"""Open web pages by their address."""
