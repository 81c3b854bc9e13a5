"""The command line: thin. Everything it prints comes from `dgsim.study` and `dgsim.show`.

Nothing heavy is imported until a command runs, so that help answers at once.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dgsim._version import __version__
from dgsim.cli.decide import binding, explain, optimise, order, regret
from dgsim.cli.evidence import predict, sources, validate
from dgsim.cli.learn import learn
from dgsim.cli.options import (
    COUNTRY,
    DIR,
    FORM,
    FORMS,
    OUT_FOLDER,
    QUARTERS,
    QUIET,
    SEED,
    replications,
    sets,
    with_options,
)
from dgsim.cli.output import INTERRUPTED, print_results, told_if_new
from dgsim.cli.report import report
from dgsim.cli.serve import app as browser_view
from dgsim.cli.serve import serve
from dgsim.cli.sweep import sweep, verify

if TYPE_CHECKING:
    from dgsim.study.compare import Comparison
    from dgsim.study.simulate import Simulation

WIDTH = 100
BAD_INPUT = 2
HEADLINE_FOLDER = Path("dgsim-compare")  # where the bare `dgsim compare` puts its figures
FORMAT_HELP = "How results are printed; json and csv have every quarter.  [default: table]"
EVERY_QUARTER = click.option("--format", "form", type=FORMS, help=FORMAT_HELP)
RUNS = with_options(replications(200), SEED, QUARTERS, sets(), COUNTRY, OUT_FOLDER, EVERY_QUARTER, QUIET)


class Commands(click.Group):
    """Commands in the order they were written; a wrong name is answered with the nearest right one."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names in the order of this file."""
        return list(self.commands)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of a name; a usage error with the nearest name where there is none."""
        command = super().get_command(context, name)
        near = get_close_matches(name, self.commands, n=1)
        if command is None and near and not context.resilient_parsing:
            raise click.UsageError(f"There is no command {name}; did you mean {near[0]}?")
        return command


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
    epilog="""\b
Examples:
  dgsim compare                        the headline scenarios against history
  dgsim run staged --out results       one scenario, with tables and figures
  dgsim why history --province "Ha Giang" --quarter 2023Q2
  dgsim compare my.toml --baseline staged --format json | jq '.[0]'""",
)
@click.option("--version", is_flag=True, help="Print the version.")
@click.pass_context
def app(context: click.Context, version: bool) -> None:
    """Simulate how provinces take up digital services under policies written as files.

    A scenario is the name of a shipped one (dgsim scenarios lists them) or a TOML file.
    """
    if version:
        click.echo(f"dgsim {__version__}")
    elif context.invoked_subcommand is None:
        click.echo(context.get_help())


@app.command(
    short_help="Run one scenario many times.",
    epilog="""\b
Examples:
  dgsim run staged
  dgsim run my.toml --replications 50 --seed 7 --out results
  dgsim run history --quarters 20 --format csv > history.csv""",
)
@click.argument("scenario")
@RUNS
def run(scenario: str, country: str | None, out: Path | None, form: str | None, quiet: bool, **options: Any) -> None:
    """Run one SCENARIO many times: means, and the 5th to 95th percentile over replications."""
    from dgsim.country import load_country
    from dgsim.scenario import load_scenario
    from dgsim.show.terminal.screen import progress_bar
    from dgsim.show.terminal.tables import run_table
    from dgsim.study.catalogue import outcome_catalogue
    from dgsim.study.record import place_text
    from dgsim.study.simulate import simulate

    policy, land = load_scenario(scenario), load_country(country)
    _prepare(out, quiet)
    with progress_bar(policy.name, quiet) as progress:
        result = simulate(policy, country=land, aggregates=out is not None, progress=progress, **options)
    _write(out, result, quiet)
    summary, place = result.summary(), place_text(land)
    print_results(form, quiet, summary, lambda: run_table(summary, outcome_catalogue(), place, result.seed))


@app.command(
    short_help="Compare scenarios with a baseline on the same luck.",
    epilog="""\b
Examples:
  dgsim compare
  dgsim compare reward-supply reward-use --baseline history
  dgsim compare my.toml staged --replications 500 --out results
  dgsim compare reward-use --baseline staged --until-clear 0.5pp""",
)
@click.argument("scenarios", nargs=-1)
@click.option("--baseline", metavar="SCENARIO", help="What the others are compared with.  [default: the first]")
@click.option("--until-clear", metavar="SIZE", help="Run until clear at this smallest effect of interest, as 0.5pp.")
@click.option("--max-runs", type=int, default=2000, show_default=True, help="With --until-clear: runs of each at most.")
@click.option("--outcome", default="use", show_default=True, help="With --until-clear: what is to become clear.")
@RUNS
def compare(
    scenarios: tuple[str, ...],
    baseline: str | None,
    country: str | None,
    out: Path | None,
    form: str | None,
    quiet: bool,
    **options: Any,
) -> None:
    """Compare SCENARIOS with a baseline on the same luck: paired differences and their 95% intervals.

    With --until-clear as many runs are made as it takes to say win, lose or no material difference, with a sequential
    rule that keeps the chance of error at 5% however often it looks. json and csv then have the verdicts.

    Without SCENARIOS: services-first, foundations-first and staged against history; the table then comes with
    figures and tables in the folder dgsim-compare, unless --out, --format or --quiet says otherwise.
    """
    from dgsim.country import load_country
    from dgsim.show.terminal.decide import verdict_table
    from dgsim.show.terminal.screen import progress_bar
    from dgsim.show.terminal.tables import comparison_table
    from dgsim.study.catalogue import outcome_catalogue
    from dgsim.study.compare import chosen
    from dgsim.study.compare import compare as compared
    from dgsim.study.record import place_text, sets_text

    policies, land = chosen(scenarios or None, baseline), load_country(country)
    if not (scenarios or out or form or quiet):
        out = HEADLINE_FOLDER
    _prepare(out, quiet)
    with progress_bar(f"{len(policies)} scenarios", quiet) as progress:
        result = compared(policies, country=land, aggregates=out is not None, progress=progress, **options)
    _write(out, result, quiet)
    tables, place = (result.levels, result.differences, outcome_catalogue()), place_text(land)
    whole = partial(comparison_table, *tables, place, result.seed, sets=sets_text(result.parameters))
    verdicts = result.verdicts
    if verdicts is None:
        print_results(form, quiet, result.differences, whole)
    else:
        print_results(form, quiet, verdicts, lambda: verdict_table(verdicts, whole()))


@app.command(
    short_help="Explain what one province started in one quarter.",
    epilog="""\b
Examples:
  dgsim why history --province "Ha Giang" --quarter 2023Q2
  dgsim why staged --province 79 --quarter 2022Q1 --seed 3 --format json""",
)
@click.argument("scenario")
@click.option("--province", required=True, help="Code or name, with or without accents.")
@click.option("--quarter", required=True, help="Such as 2023Q2.")
@click.option("--replication", type=int, default=0, show_default=True, help="Which of the runs of a seed.")
@with_options(SEED, sets("central"), COUNTRY, FORM, QUIET)
def why(scenario: str, country: str | None, form: str | None, quiet: bool, **choice: Any) -> None:
    """Explain what one province started in one quarter: its options, what spoke for each, what won."""
    from dgsim.show.terminal.tables import choice_table
    from dgsim.study.why import why as explained

    _prepare(None, quiet)
    reason = explained(scenario, country=country, **choice)
    print_results(form, quiet, reason.options, lambda: choice_table(reason.options, reason.title))


@app.command(
    short_help="List the shipped scenarios.",
    epilog="\b\nExamples:\n  dgsim scenarios\n  dgsim scenarios --format json",
)
@FORM
def scenarios(form: str | None) -> None:
    """List the shipped scenarios: name, question, and how each differs from what it extends."""
    from dgsim.show.terminal.tables import rows_table
    from dgsim.study.catalogue import scenario_catalogue

    table = scenario_catalogue()
    columns = {"Scenario": 0, "Question": 30, "Extends, and changes": WIDTH}
    print_results(form, False, table, lambda: rows_table(columns, table.to_numpy()))


@app.command(
    short_help="Check scenario files.",
    epilog="\b\nExample:\n  dgsim check my.toml",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
def check(files: tuple[str, ...]) -> None:
    """Check scenario FILEs; every mistake is a sentence, and the exit code is then 2."""
    from dgsim.errors import ScenarioError
    from dgsim.scenario import load_scenario, quarter_text

    mistakes = []
    for file in files:
        try:
            policy = load_scenario(file)
        except ScenarioError as error:
            mistakes.append(str(error))
            continue
        span = f"2020Q1 to {quarter_text(policy.quarters - 1)}"
        plan = f"roadmap of {len(policy.roadmap)}, {policy.planned_money():,.0f} bvnd planned"
        click.echo(f"{file}: sound: {policy.name}, {span}, {plan}")
    if mistakes:
        raise click.ClickException("\n".join(mistakes))


@app.command(
    short_help="Tell what differs between two scenarios.",
    epilog="\b\nExample:\n  dgsim diff services-first foundations-first",
)
@click.argument("first")
@click.argument("second")
def diff(first: str, second: str) -> None:
    """Tell what differs between the FIRST and the SECOND scenario, in the policy's own words."""
    from dgsim.scenario import describe_difference, load_scenario

    sentences = describe_difference(load_scenario(first), load_scenario(second))
    click.echo("\n".join(sentences or [f"{first} and {second} are the same policy"]))


@app.command(
    short_help="List levers, uncertainties and constants.",
    epilog="""\b
Examples:
  dgsim parameters --role lever
  dgsim parameters --theme skills
  dgsim parameters --format csv > parameters.csv""",
)
@click.option("--role", type=click.Choice(["lever", "uncertain", "constant"]), help="Only those of a role.")
@click.option("--theme", help="Only those of a theme.")
@FORM
def parameters(role: str | None, theme: str | None, form: str | None) -> None:
    """List levers, uncertainties and constants: default, range, unit and source."""
    from dgsim.show.terminal.tables import parameter_tables
    from dgsim.study.catalogue import parameter_catalogue

    table = parameter_catalogue(role, theme)
    print_results(form, False, table, lambda: parameter_tables(table))


@app.command(
    short_help="Make up a country.",
    epilog="\b\nExample:\n  dgsim synthetic 630 --out made-up && dgsim run staged --country made-up",
)
@click.argument("provinces", type=int)
@click.option("--out", required=True, **DIR, help="A new or an empty folder.")
@SEED
def synthetic(provinces: int, out: Path, seed: int) -> None:
    """Make up a country of so many PROVINCES, labelled synthetic, in the form of the packaged tables."""
    from dgsim.country import synthetic_country, write_country

    try:
        write_country(synthetic_country(provinces, seed), out)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written to: {error.strerror}") from None
    click.echo(f"{out}: a synthetic country of {provinces} provinces (seed {seed})")


app.add_command(sweep)
app.add_command(verify)
app.add_command(validate)
app.add_command(predict)
app.add_command(sources)
app.add_command(learn)
app.add_command(explain)
app.add_command(order)
app.add_command(binding)
app.add_command(optimise)
app.add_command(regret)
app.add_command(report)
app.add_command(browser_view)
app.add_command(serve)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 2 for bad input, with a sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app.main(given, prog_name="dgsim", standalone_mode=False, obj=shlex.join(["dgsim", *given]))
    except click.Abort:
        return _told("Interrupted: nothing more was written.", INTERRUPTED)
    except click.ClickException as error:
        return _told(error.format_message(), BAD_INPUT)
    except ValueError as error:
        if not isinstance(error, _mistakes()):
            raise
        return _told(str(error), BAD_INPUT)
    return code or 0


def _told(sentence: str, code: int) -> int:
    click.echo(sentence, err=True)
    return code


def _mistakes() -> tuple[type[ValueError], ...]:
    """What is raised when a user, not the program, is wrong."""
    from dgsim.errors import CountryError, FolderError, ScenarioError, SetupError, StudyError

    return ScenarioError, CountryError, SetupError, StudyError, FolderError


def _prepare(out: Path | None, quiet: bool) -> None:
    """Before the work: that results can be written, and word of the one compilation."""
    from dgsim.show.files.folder import check_folder

    if out is not None:
        check_folder(out)
    told_if_new(quiet)


def _write(out: Path | None, result: Simulation | Comparison, quiet: bool) -> None:
    """Write the folder of results, if one is asked for."""
    if out is None:
        return
    from dgsim.show.files.folder import write_folder
    from dgsim.show.files.gallery import result_files
    from dgsim.study.catalogue import outcome_catalogue
    from dgsim.study.record import caption, run_record

    polygons = result.country.geometry()
    files = result_files(result.tables(), outcome_catalogue(), polygons, caption(result))
    names = write_folder(out, files, run_record(result, click.get_current_context().obj))
    if not quiet:
        no_map = "" if polygons else "; no map, for the country has no polygons"
        click.echo(f"{len(names)} files written into {out}{no_map}", err=True)
