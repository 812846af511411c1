"""Opening and saving: files, projects, what was opened last."""
