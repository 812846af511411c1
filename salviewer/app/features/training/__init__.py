"""Train your own: the dialogs around `salviewer.training`, which runs in a process of its own."""
