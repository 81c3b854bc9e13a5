"""Whether plans meet targets, and what it would take."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Group, RenderableType

import dgsim
from dgsim.appraisals.targets.chances import Chances, find_chances, sets_with
from dgsim.appraisals.targets.file import are_targets, sets_of, shipped_targets
from dgsim.appraisals.targets.framework import framework_frame, not_expressed_frame
from dgsim.cli.later import Later
from dgsim.cli.options import typed
from dgsim.cli.output import print_results
from dgsim.cli.progress import progress_shown
from dgsim.errors import StudyError, asked, did_you_mean
from dgsim.scenario import Scenario, shipped_scenarios
from dgsim.show.terminal.targets import chances_table, framework_table, search_table
from dgsim.texts import Words, words

write_chances = Later("dgsim.cli.folders:write_chances")
write_target_search = Later("dgsim.cli.folders:write_target_search")
OF_RUNS = ("to", "chance", "search", "replications", "seed", "parameters", "country", "out")


def targets(
    names: tuple[str, ...],
    target: str | None,
    search: str | None,
    to: str,
    chance: str,
    out: Path | None,
    force: bool,
    language: str,
    form: str | None,
    quiet: bool,
    **options: Any,
) -> None:
    """The results framework; with plans the chance to meet each target, or what it would take."""
    files = tuple(name for name in names if are_targets(name)) or None
    plans = [dgsim.load_scenario(_known(name)) for name in names if not are_targets(name)]
    w = words(language)
    if not plans:
        _print_framework(files, target, form, quiet, w)
        return
    if search is not None:
        _search(plans, files, search, (out, force, form, quiet), w, chance=chance, target=target, **options)
        return
    with progress_shown("targets", quiet, out, force, plans) as progress:
        found = find_chances(plans, files, target=target, to=to, progress=progress, **options)
    if out is not None:
        write_chances(out, found, quiet, w)
    print_results(form, quiet, found.records, partial(_screen, found, w))


def _known(name: str) -> str:
    """The name, if it may be a scenario's; raises StudyError where it is the name of neither."""
    known = (*shipped_scenarios(), *shipped_targets())
    if name in known or set(name) & set("./\\"):
        return name
    meant = did_you_mean(name, known) or f"; {asked('scenarios')} and dgsim targets list them"
    raise StudyError(f"{name}: there are neither shipped targets nor a shipped scenario of this name{meant}")


def _print_framework(
    files: tuple[str, ...] | None, target: str | None, form: str | None, quiet: bool, w: Words
) -> None:
    """The results framework; what is asked of runs is refused, for there are none."""
    idle = next((name for name in OF_RUNS if typed(name)), None)
    if idle is not None:
        raise click.UsageError(f"--{idle} does nothing without a PLAN")
    sets = sets_of(files) if target is None else sets_with(target, files)
    framework = framework_frame(sets)
    print_results(form, quiet, framework, partial(framework_table, framework, not_expressed_frame(sets), w))


def _search(
    plans: list[Scenario],
    files: tuple[str, ...] | None,
    search: str,
    where: tuple[Path | None, bool, str | None, bool],
    w: Words,
    **options: Any,
) -> None:
    out, force, form, quiet = where
    with progress_shown("search", quiet, out, force, plans) as progress:
        found = dgsim.target_search(plans, files, search, progress=progress, **options)
    if out is not None:
        write_target_search(out, found, plans, options, quiet, w)
    print_results(form, quiet, found, partial(search_table, found, w))


def _screen(found: Chances, w: Words) -> RenderableType:
    return Group(
        chances_table(found.records, found.basis.replications, w),
        framework_table(found.framework, found.not_expressed, w),
    )
