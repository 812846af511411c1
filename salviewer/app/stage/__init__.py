"""One canvas or two that move together: alone, side by side, or parted by a divider."""
