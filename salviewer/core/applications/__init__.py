"""What a saliency map is for: crops, regions, cut-outs, tracks, words. Pure functions on frozen values."""
