"""The slow tasks, each in a thread of its own: see docs/adr/0002."""
