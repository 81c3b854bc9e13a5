"""Names of files from names of scenarios."""

from __future__ import annotations

import re


def file_name(name: str, suffix: str = ".toml") -> str:
    """A name as a file's name: letters, digits and hyphens.

    >>> file_name("staged (changed)")
    'staged-changed.toml'
    """
    plain = re.sub(r"[^\w]+", "-", name).strip("-")[:60]
    return (plain or "scenario") + suffix
