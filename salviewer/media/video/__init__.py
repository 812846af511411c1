"""Frames in and out: cameras, video files, network streams, folders of frames; writers of video."""
