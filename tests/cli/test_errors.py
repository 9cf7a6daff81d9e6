"""Bad input: one line that says what is wrong and what to do, the right exit code, no traceback."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from flows.cli import cli

ROOT = Path(__file__).resolve().parents[2]
MANGLED = ROOT / "tests" / "fixtures" / "mangled-story.txt"
Quwen = Callable[..., subprocess.CompletedProcess[str]]


def commands(
    group: click.Group = cli, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(*x, id=" ".join(x[0])) for x in commands()]
)
def test_every_command_explains_itself(path: tuple[str, ...], command: click.Command) -> None:
    """Help says what a command does in one whole line, and what each option is for."""
    result = CliRunner().invoke(cli, [*path, "--help"])
    assert 0 == result.exit_code
    assert not command.get_short_help_str(limit=62).endswith("...")
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name


def one_line(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert (code, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines()), done.stderr
    assert done.stderr.startswith("quwen: ")
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("parse", "no-such-file.html"), ("no-such-file.html", "no such file")),
        (("parse", "--url=http://a.example/", MANGLED, MANGLED), ("--url", "one FILE")),
        (("parse", "--published=2024-13-01", MANGLED), ("2024-13-01", "2024-10-22")),
        (("parse", "--source=no-such", MANGLED), ("no-such", "no such source")),
        (("normalize", "no-such-file.txt"), ("no-such-file.txt",)),
        (("normalize", "--as=upside-down"), ("upside-down",)),
        (("backfill", "x", "--since=22.10.2024"), ("22.10.2024", "2024-10-22")),
        (("backfill", "x", "--since=2124-02-01"), ("2124-02-01", "future")),
        (("backfill", "x", "--since=2024-02-30"), ("2024-02-30", "no date")),
        (("backfill", "x", "--since=2024-02-01"), ("x: no such source", "quwen sources list")),
        (("backfill", "x", "--since=2024-02-01", "--until=2024-01-01"), ("until", "before")),
        (("backfill", "x"), ("--since",)),
        (("backfill", "no-such", "--since=2024-01-01"), ("no-such", "no such source")),
        (("ingest", "no-such"), ("no-such", "quwen sources list")),
        (("reparse", "no-such"), ("no-such", "no such source")),
        (("check", "no-such"), ("no-such", "no such source")),
        (("sources", "show", "sd-dongchangfu-new"), ("did you mean sd-dongchangfu-news?",)),
        (("show", "0123456789abcdef"), ("nothing is stored yet", "quwen ingest")),
        (("history", "0123456789abcdef"), ("nothing is stored yet",)),
        (("search", "会议"), ("nothing is stored yet",)),
        (("search", "会议", "--place=亚特兰蒂斯"), ("亚特兰蒂斯", "no source is of this place")),
        (("search", "会议", "--source=no-such"), ("no-such", "no such source")),
        (("serve",), ("nothing is published yet",)),
        (("no-such-command",), ("no-such-command", "quwen --help")),
    ],
)
def test_wrong_usage_is_one_line(
    quwen: Quwen, args: tuple[str | Path, ...], words: tuple[str, ...]
) -> None:
    """Wrong usage or configuration ends with exit code 2."""
    one_line(quwen(*args), 2, *words)


def test_missing_sources_folder_is_named(quwen: Quwen, tmp_path: Path) -> None:
    """A folder of source files that is not there."""
    missing = str(tmp_path / "missing")
    one_line(quwen("ingest", env={"QUWEN_SOURCES": missing}), 2, missing, "QUWEN_SOURCES")


def test_catalogue_without_verified_sources_says_what_to_do(quwen: Quwen) -> None:
    """Nothing is read unasked that nobody has verified."""
    one_line(quwen("ingest"), 2, "verified", "quwen sources verify")


@pytest.mark.parametrize("text", ["[place\n", "[place]\ncode = 1\n", '[[sites]]\nid = "x"\n'])
def test_malformed_source_file_is_named(quwen: Quwen, tmp_path: Path, text: str) -> None:
    """A source file that is no TOML or lacks fields: the file is named."""
    file = tmp_path / "own" / "999999.toml"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    one_line(quwen("ingest", env={"QUWEN_SOURCES": str(file.parent)}), 2, str(file))


def test_wrong_setting_is_named(quwen: Quwen) -> None:
    """A setting with a wrong value: the variable is named."""
    one_line(quwen("sources", "list", env={"QUWEN_THREADS": "many"}), 2, "QUWEN_THREADS")


@pytest.mark.parametrize("args", [("publish",), ("demo",)])
def test_unwritable_home_is_named(quwen: Quwen, tmp_path: Path, args: tuple[str, ...]) -> None:
    """A home that cannot be made, here below a file."""
    (tmp_path / "file").write_text("")
    home = str(tmp_path / "file" / "home")
    given = ("--home", home) if args == ("demo",) else ()
    one_line(quwen(*args, *given, env={"QUWEN_HOME": home}), 2, home)


def test_demo_keeps_away_from_folders_that_are_not_its_own(quwen: Quwen, tmp_path: Path) -> None:
    """The demo empties its home: never one that holds something else."""
    (tmp_path / "quwen.db").write_text("dear")
    one_line(quwen("demo", "--home", tmp_path), 2, str(tmp_path), "--home")
    assert "dear" == (tmp_path / "quwen.db").read_text()


def test_internal_errors_are_one_line_and_debug_shows_where() -> None:
    """A bug in a command is told in one line; with --debug it is shown."""

    @click.command()
    def broken() -> None:
        raise RuntimeError("two\nlines")

    cli.add_command(broken, "broken")
    try:
        quiet = CliRunner().invoke(cli, ["broken"])
        shown = CliRunner().invoke(cli, ["--debug", "broken"])
    finally:
        del cli.commands["broken"]
    assert 1 == quiet.exit_code
    assert 1 == len(quiet.stderr.splitlines())
    assert "quwen --debug broken" in quiet.stderr
    assert isinstance(shown.exception, RuntimeError)


def test_interrupted_command_ends_with_130() -> None:
    """Ctrl-C is no error to explain."""

    @click.command()
    def endless() -> None:
        raise KeyboardInterrupt

    cli.add_command(endless, "endless")
    try:
        result = CliRunner().invoke(cli, ["endless"])
    finally:
        del cli.commands["endless"]
    assert (130, "") == (result.exit_code, result.output)
