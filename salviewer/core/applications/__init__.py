"""Uses of a saliency map: crops, regions, cut-outs, tracks, words. Pure functions on frozen values."""
