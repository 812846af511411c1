"""Read frames from cameras, video files, network streams and folders; write videos."""
