"""What every test shares: one thread (bits depend on it, and the machine is shared), and Hypothesis without a clock."""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported

from hypothesis import settings  # noqa: E402

settings.register_profile("nnprobe", deadline=None, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "nnprobe"))
