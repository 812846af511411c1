"""What a map is for: crops, regions, cut-outs and words of the picture on screen."""
