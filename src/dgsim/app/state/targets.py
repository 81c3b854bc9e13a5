"""The targets that a view is held against: a shipped decision's, or its own, which the address and a file carry."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from dgsim.app.state.refusal import Refusal
from dgsim.app.state.view import NO_TARGETS, OWN_TARGETS, View
from dgsim.appraisals.targets.figures import TRUE, views_of
from dgsim.appraisals.targets.file import Target, TargetSet, load_targets, shipped_targets
from dgsim.errors import ScenarioError, did_you_mean
from dgsim.scenario.calendar import quarter_text
from dgsim.texts.clauses import clause

MOST_TARGETS = 12  # of one's own
OWN_TARGETS_FILE = "my-targets"
LEAST, MOST = "least", "most"
PARTS = 5  # of a target in an address: indicator, seen as, least or most, amount, quarter
EMPTY = TargetSet("", "", "", ())
shipped_set = cache(load_targets)  # read once


@cache
def choices() -> tuple[str, ...]:
    """What can be chosen: the shipped files, one's own, none; looked up once."""
    return (*shipped_targets(), OWN_TARGETS, NO_TARGETS)


def set_of(view: View) -> TargetSet:
    """The targets of a view."""
    if view.targets == OWN_TARGETS:
        return TargetSet(OWN_TARGETS, "", "", view.own_targets)
    return EMPTY if view.targets == NO_TARGETS else shipped_set(view.targets)


def check_choice(name: str) -> str:
    """The name of what was chosen; raises ScenarioError where there are no such targets."""
    if name not in choices():
        meant = did_you_mean(name[:40], choices()) or f"; there are {', '.join(choices())}"
        raise ScenarioError(f"targets = {name[:40]} are not known{meant}")
    return name


def content_of(targets: Iterable[Target]) -> dict[str, Any]:
    """Targets in the form of a file of targets."""
    return {"name": OWN_TARGETS, "target": [_row(target) for target in targets]}


def toml_of(targets: Iterable[Target]) -> str:
    r"""The file of targets that `dgsim targets` reads.

    >>> print(toml_of(targets_in("use:true:least:0.5:2030Q4")))
    name = "own"
    <BLANKLINE>
    [[target]]
    name = "use-true-least-2030Q4"
    indicator = "use"
    seen_as = "true"
    at_least = 0.5
    by = "2030Q4"
    <BLANKLINE>
    """
    blocks = [f'name = "{OWN_TARGETS}"\n']
    for target in targets:
        lines = [f"{key} = {json.dumps(value)}" for key, value in _row(target).items()]
        blocks.append("\n".join(["[[target]]", *lines, ""]))
    return "\n".join(blocks)


def text_of(targets: Iterable[Target]) -> str:
    """Targets as an address has them.

    >>> text_of(targets_in("use:true:least:0.5:2030Q4,gap_p90_p10:true:most:0.1:2030Q4"))
    'use:true:least:0.5:2030Q4,gap_p90_p10:true:most:0.1:2030Q4'
    """
    return ",".join(
        f"{one.indicator}:{one.seen_as}:{MOST if one.at_most else LEAST}:{one.wanted!r}:{quarter_text(one.by)}"
        for one in targets
    )


def targets_in(text: str) -> tuple[Target, ...]:
    """The targets of an address, checked as those of a file are; raises ScenarioError or DesignError."""
    rows = []
    for part in filter(None, text.split(",")):
        fields = part.split(":")
        if len(fields) != PARTS or fields[2] not in (LEAST, MOST):
            raise ScenarioError(f"own_targets = {part[:40]} is not indicator:seen_as:least or most:amount:quarter")
        indicator, seen_as, way, amount, by = fields
        rows.append(_given(indicator, seen_as, way, _number(amount), by))
    if len(rows) > MOST_TARGETS:
        raise Refusal(clause("targets.too_many", count=MOST_TARGETS))
    return load_targets({"name": OWN_TARGETS, "target": rows}).targets if rows else ()


def with_target(view: View, indicator: str, seen_as: str, way: str, amount: Any, by: str) -> View:
    """The view with one more target of its own, or another amount in one; raises DesignError or Refusal.

    >>> from dgsim.app.state.view import first_view
    >>> [one.wanted for one in with_target(first_view(), "use", "true", "least", 0.5, "2030Q4").own_targets]
    [0.5]
    """
    seen = seen_as if seen_as in views_of(indicator) else TRUE
    (target,) = load_targets({"target": [_given(indicator, seen, way, amount, by)]}).targets
    kept = [one for one in view.own_targets if one.name != target.name]
    if len(kept) >= MOST_TARGETS:
        raise Refusal(clause("targets.too_many", count=MOST_TARGETS))
    return view.with_targets(OWN_TARGETS, (*kept, target))


def without_target(view: View, name: str) -> View:
    """The view without one of its own targets."""
    return view.with_targets(view.targets, tuple(one for one in view.own_targets if one.name != name))


def _given(indicator: str, seen_as: str, way: str, amount: Any, by: str) -> dict[str, Any]:
    return {
        "name": f"{indicator}-{seen_as}-{way}-{by}"[:60],
        "indicator": indicator[:40],
        "seen_as": seen_as[:20],
        f"at_{way}": amount,
        "by": by[:20],
    }


def _row(target: Target) -> dict[str, Any]:
    way = MOST if target.at_most else LEAST
    return _given(target.indicator, target.seen_as, way, target.wanted, str(quarter_text(target.by)))


def _number(text: str) -> Any:
    try:
        return float(text[:40])
    except ValueError:
        return text[:40]
