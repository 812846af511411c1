"""What `build.spec` needs: what is left out, pictures, notices, and what Windows and macOS ask of a program."""
