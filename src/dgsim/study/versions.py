"""What is installed, without importing it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def version_of(package: str) -> str:
    """The version of an installed package, or "not installed" (as dgsim, when run from its source)."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
