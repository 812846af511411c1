"""The features of the program, one package each."""
