"""The course: a student's copy of the autograd library with gaps, the tests that say what is filled in, and the limits
within which a student's code runs."""
