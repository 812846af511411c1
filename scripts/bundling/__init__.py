"""What `build.spec` needs: pruning, icons, notices, and system-specific metadata."""
