"""Pictures in and out of files. No torch, no Qt."""
