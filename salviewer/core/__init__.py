"""Numbers in, numbers out: saliency maps, postprocessing, rendering, metrics. No torch, no Qt, no files."""
