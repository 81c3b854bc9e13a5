"""The pages of the view, one module each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from dgsim.app.pages.about import About
from dgsim.app.pages.compare import Compare
from dgsim.app.pages.explore import Explore
from dgsim.app.pages.incentives import Incentives
from dgsim.app.pages.learn import Learn
from dgsim.app.pages.results import Results
from dgsim.app.pages.sequence import Sequence

PAGE_COMPONENTS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "explore": Explore,
        "compare": Compare,
        "sequence": Sequence,
        "incentives": Incentives,
        "results": Results,
        "learn": Learn,
        "about": About,
    }
)
