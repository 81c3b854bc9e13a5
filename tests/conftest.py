"""What holds for all tests."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of the one compilation come first: on a new machine they watch the one that all others wait for."""
    items.sort(key=lambda item: item.path.name != "test_compilation.py")
