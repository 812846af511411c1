"""Web pages as pictures, drawn by the browser that is installed, with their elements. No Qt, no torch."""
