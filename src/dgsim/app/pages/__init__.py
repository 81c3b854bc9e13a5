"""The pages of the view, one module each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from dgsim.app.pages.explore import Explore

PAGE_COMPONENTS: Mapping[str, Callable[..., Any]] = MappingProxyType({page: Explore for page in ("explore","compare","sequence","incentives","results","learn","about")})
