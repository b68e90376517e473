"""One thread for numerical libraries, chosen before NumPy is imported: with more, sums come out in another order.

It is also faster for networks of this size. Imported first by the command line, by jobs and by their preload.
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[_name] = "1"
