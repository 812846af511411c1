"""Train attention_net on several kinds of pictures at once, on processors."""
