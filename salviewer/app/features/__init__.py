"""What the program can do, a package a feature."""
