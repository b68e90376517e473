"""Side-by-side measurements, one file a claim: ``python -m benchmarks.NAME``, or ``make bench`` for all."""
