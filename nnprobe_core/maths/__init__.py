"""Array in, array out: the mathematics of the probes. NumPy, SciPy and scikit-learn; no torch, no state."""
