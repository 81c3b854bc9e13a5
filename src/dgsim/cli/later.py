"""Functions named now and loaded when they are called, so that help answers at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Later:
    """A function by its module and name; what it needs is loaded with it, at its first call.

    >>> Later("textwrap:shorten")("one two three", width=11)
    'one [...]'
    """

    reference: str

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Load the function and call it."""
        return self.load()(*arguments, **options)

    def load(self) -> Callable[..., Any]:
        """The function itself."""
        module, _, name = self.reference.partition(":")
        function: Callable[..., Any] = getattr(import_module(module), name)
        return function
