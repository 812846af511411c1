"""Train models: the dialogs for `salviewer.training`, which runs in a process of its own."""
