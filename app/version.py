"""The version of the installed package."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def own_version() -> str:
    try:
        return version("nnprobe")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0+checkout"
