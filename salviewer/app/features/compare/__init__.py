"""Compare the picture on screen with another picture, another model, or recorded fixations."""
