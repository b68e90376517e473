"""What every test shares: one thread (bits depend on it, and the machine is shared), and Hypothesis without a clock."""

from __future__ import annotations

import os
from pathlib import Path

# Tests start hundreds of processes: each would compile our code anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

settings.register_profile("nnprobe", deadline=None, derandomize=True, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "nnprobe"))

#: Browser tests first, which take long, and what is quick last, so that all who share the tests end together.
ORDER = {"e2e": 0, "app": 2, "core": 3}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    items.sort(key=lambda item: ORDER.get(item.path.relative_to(here).parts[0], 1))
