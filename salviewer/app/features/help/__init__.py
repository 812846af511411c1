"""What tells about the program."""
