"""Data sets in the plane: each a generator of points and classes. NumPy only. One idea a file."""
