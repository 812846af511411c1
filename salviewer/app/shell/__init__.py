"""What any window needs: colours, icons, messages, dialogs, and what happens when something fails."""
