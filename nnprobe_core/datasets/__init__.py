"""Data sets in the plane, each a generator of points and classes, NumPy only; and pictures. One idea a file."""
