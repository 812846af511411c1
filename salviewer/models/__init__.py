"""Networks, their weights and the Predictor. Torch lives here and in training."""
