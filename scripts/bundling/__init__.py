"""What `build.spec` needs: what is left out, pictures, notices, what systems ask of a program."""
