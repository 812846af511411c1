"""What `build.spec` needs: what is left out, icons, notices, and what Windows and macOS ask of a program."""
