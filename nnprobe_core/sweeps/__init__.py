"""Sweeps: many runs that differ in one or two fields and in their seeds, trained at once and set side by side."""
