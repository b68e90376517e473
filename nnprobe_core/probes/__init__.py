"""Probes: each looks at one step of training and says what it saw as named arrays. One idea a file."""
