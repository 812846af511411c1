"""The picture on screen: how it lies, how it is painted, how it is moved, what is under the cursor."""
