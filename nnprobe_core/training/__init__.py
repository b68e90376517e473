"""Training: a kernel for K networks at once, and the generator of frames around it."""
