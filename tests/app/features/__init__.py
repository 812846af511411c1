"""Each feature of the window, tested alone on a small bench."""
