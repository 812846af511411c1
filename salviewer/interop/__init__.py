"""Other programs' interfaces: models both ways, and files that benchmarks take."""
