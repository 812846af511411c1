"""From predictions to files: what is written, under which names, for one picture or many. No torch, no Qt."""
