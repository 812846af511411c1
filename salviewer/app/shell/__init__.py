"""Parts of any window: colours, icons, messages, dialogs, and error handling."""
