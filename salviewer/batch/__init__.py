"""From a prediction to files: what is written, under which names, for one picture or thousands. No torch, no Qt."""
