"""The command line: ``quwen COMMAND``.

Importing this package imports next to nothing: each command loads what it
needs when it runs, so that `quwen normalize` answers at once.
"""

import click

from flows.cli import (
    demo,
    doctor,
    export,
    feeds,
    history,
    read,
    record,
    reparse,
    run,
    serve,
    sources,
    takedown,
    up,
)
from pipeline import __version__
from pipeline.errors import PipelineError

_INTERRUPTED = 130  # what shells report for a program that Ctrl-C ended


class _Quwen(click.Group):
    """A group whose errors are one line each, with the exit code that tells their kind."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; errors become one line on standard error."""
        debug = bool(ctx.params.get("debug"))
        try:
            return super().invoke(ctx)
        except PipelineError as error:
            if debug:
                raise
            _complain(str(error))
            ctx.exit(error.exit_code)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else "quwen"
            _complain(f"{error.format_message()} (see {path} --help)")
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            ctx.exit(_INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if debug:
                raise
            again = f"quwen --debug {ctx.invoked_subcommand or ''}".rstrip()
            what = f"{type(error).__name__}: {error}"
            _complain(f"internal error, {what} (run again as {again} … to see where)")
            ctx.exit(1)


def _complain(text: str) -> None:
    click.echo("quwen: " + " ".join(text.split()), err=True)


@click.group(cls=_Quwen, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show where in the program an error arose.")
@click.version_option(__version__, prog_name="quwen")
def cli(debug: bool) -> None:
    """News pages of Chinese district governments as typed records and feeds.

    Try `quwen demo` first: it reads four sample sites on this machine.
    Settings are environment variables (QUWEN_HOME, QUWEN_SOURCES …); README.md
    lists them.

    Exit codes: 0 success, 1 something could not be read, 2 wrong usage or
    configuration.
    """
    if debug:
        run.show_engine_errors()


for _command in (
    demo.demo,
    run.ingest,
    run.backfill,
    run.publish,
    reparse.reparse,
    run.check,
    run.maintain,
    sources.sources,
    feeds.feeds,
    takedown.takedown,
    record.record,
    read.parse,
    read.normalize,
    read.show,
    history.history,
    read.search,
    export.export,
    serve.serve,
    up.up,
    doctor.doctor,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; the entry point of the console script."""
    cli(prog_name="quwen")
