"""The command `dgsim`: its commands by family, and what it does when a user was wrong."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

import click

from dgsim._version import __version__
from dgsim.cli.commands import catalogue, decisions, evidence, runs, sharing, sweeps, worth
from dgsim.cli.exit_codes import BAD_INPUT, INTERRUPTED
from dgsim.cli.letters import PLAIN
from dgsim.cli.options import asked_language, examples
from dgsim.cli.wording import TYPED
from dgsim.errors import DgsimError, asked_by, did_you_mean
from dgsim.texts import words

HELP_WIDTH = 100
UNWRITABLE = (errno.ENOSPC, errno.EBADF, errno.EIO, errno.EFBIG, errno.EDQUOT)  # a full disk, a closed output
# New objects, young and middle collections before garbage is looked for among older ones: what is loaded makes many
# objects and no garbage, and the search took a tenth of a short command.
COLLECTING = (20_000, 20, 50)
FAMILIES: dict[str, tuple[click.Command, ...]] = {
    "Run and compare": runs.COMMANDS,
    "What a plan is worth": worth.COMMANDS,
    "What a decision hangs on": decisions.COMMANDS,
    "Many worlds": sweeps.COMMANDS,
    "How far to trust the model": evidence.COMMANDS,
    "What there is to simulate": catalogue.COMMANDS,
    "For others": sharing.COMMANDS,
}


class Families(click.Group):
    """Commands under the headings of their families; a wrong name is answered with the nearest right one."""

    def list_commands(self, context: click.Context) -> list[str]:
        """The names in the order of the families."""
        return list(self.commands)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """A heading a family, below it a line a command, all in the same two columns."""
        width = max(map(len, self.commands))
        for heading, commands in FAMILIES.items():
            with formatter.section(heading):
                formatter.write_dl([(f"{one.name:{width}}", one.get_short_help_str(HELP_WIDTH)) for one in commands])

    def invoke(self, context: click.Context) -> Any:
        """Run the command; where it is interrupted, say so in the language that was asked for."""
        try:
            return super().invoke(context)
        except KeyboardInterrupt:
            click.echo(f"\n{words(asked_language(context))('interrupted.nothing')}", err=True)
            context.exit(INTERRUPTED)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of a name; a usage error with the nearest name where there is none."""
        command = super().get_command(context, name)
        near = did_you_mean(name, self.commands)
        if command is None and near and not context.resilient_parsing:
            raise click.UsageError(f"There is no command {name}{near}")
        return command


@click.group(
    cls=Families,
    commands=[command for family in FAMILIES.values() for command in family],
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": HELP_WIDTH},
    epilog=examples(
        "dgsim compare                        the headline scenarios against history",
        "dgsim run staged --out results       one scenario, with tables and figures",
        'dgsim why history --province "Ha Giang" --quarter 2023Q2',
        "dgsim compare my.toml --baseline staged --format json | jq '.[0]'",
    ),
)
@click.option("--no-color", is_flag=True, help="Print without colour, as where NO_COLOR is set; before the command.")
@click.option("--version", is_flag=True, help="Print the version.")
@click.pass_context
def app(context: click.Context, no_color: bool, version: bool) -> None:
    """Simulate how provinces take up digital services under policies written as files.

    A scenario is the name of a shipped one (dgsim scenarios lists them) or a TOML file.
    """
    if no_color:
        context.with_resource(_without_colour())
    if version:
        click.echo(f"dgsim {__version__}")
        context.exit()
    elif context.invoked_subcommand is None:
        click.echo(context.get_help())


@contextlib.contextmanager
def _without_colour() -> Iterator[None]:
    """As if the environment asked for no colour, until the command ends."""
    before = os.environ.get("NO_COLOR")
    os.environ["NO_COLOR"] = "1"
    try:
        yield
    finally:
        os.environ.pop("NO_COLOR")
        if before is not None:
            os.environ["NO_COLOR"] = before


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 2 for bad input, with a sentence on standard error."""
    gc.set_threshold(*COLLECTING)
    sys.stdout, sys.stderr = (stream or open(os.devnull, "w") for stream in (sys.stdout, sys.stderr))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=PLAIN)
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with asked_by(TYPED):
            code: int | None = app.main(given, "dgsim", standalone_mode=False, obj=shlex.join(["dgsim", *given]))
        sys.stdout.flush()
    except click.Abort:
        return _ended(words()("interrupted.nothing"), INTERRUPTED)
    except click.ClickException as error:
        return _ended(error.format_message(), BAD_INPUT)
    except DgsimError as error:
        return _ended(str(error), BAD_INPUT)
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        _let_go(sys.stdout)
        return _ended(f"The output cannot be written to: {error.strerror}.", BAD_INPUT)
    return code or 0


def _let_go(stream: TextIO) -> None:
    """Send what is left in a stream nowhere, so that its end raises nothing again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _ended(sentence: str, code: int) -> int:
    click.echo(sentence, err=True)
    return code
