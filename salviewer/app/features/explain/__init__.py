"""What the network takes the saliency of a place or an area from."""
