"""``quwen demo``: the whole way from sample sites to feeds, on this machine alone."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.cli.table import show_table
from pipeline.errors import ConfigError, PipelineError

if TYPE_CHECKING:
    from flows.demo.sites import SampleServer

_MARK = "# Written by quwen demo: its settings. This folder is emptied by the next demo.\n"
_COLUMNS = ("listed", "fetched", "new", "failed")
_STALE = ("archive", "public")
_FEEDS = (("all news", "all/"), ("meetings", "meetings/"))


@click.command()
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    help="Folder for everything that the demo writes.",
)
@click.option(
    "--keep", is_flag=True, help="Go on serving the sample sites and the feeds until Ctrl-C."
)
def demo(home: Path, keep: bool) -> None:
    """See quwen work on four sample sites on this machine.

    Serves the bundled sites of three invented districts, and a mirror of one of
    them, on a local port; reads them over HTTP with the real flows; publishes;
    and reads them again. Needs no internet.
    """
    from flows.demo.sites import SOURCES, SampleServer

    home = home.absolute()
    _clear(home)
    with SampleServer() as sites:
        _set_up(home, sources=SOURCES, sites=sites)
        read_all = _run(sites)
        _show_places()
        if keep:
            _keep(home)
        else:
            shown = home.relative_to(Path.cwd()) if home.is_relative_to(Path.cwd()) else home
            click.echo(f"\nTo make the addresses answer: QUWEN_HOME={shown} quwen serve")
    click.get_current_context().exit(0 if read_all else 1)


def _clear(home: Path) -> None:
    """Remove what an earlier demo left, and nothing else. Raises `ConfigError`."""
    try:
        if not home.exists() or not any(home.iterdir()):
            return
        settings = home / "quwen.env"
        if not settings.is_file() or not settings.read_text("utf-8").startswith(_MARK):
            raise ConfigError(
                "is no folder of the demo", where=str(home), hint="give --home another folder"
            )
        for name in _STALE:
            if (home / name).exists():
                shutil.rmtree(home / name)
        for path in home.glob("quwen.db*"):
            path.unlink()
    except OSError as error:
        raise ConfigError(
            f"cannot be emptied: {error.strerror}", where=str(home), hint="give another --home"
        ) from error


def _set_up(home: Path, *, sources: Path, sites: "SampleServer") -> None:
    """Put the demo's settings in force, before the engine is imported."""
    for name in list(os.environ):
        # The operator's own database or engine must not see the sample.
        if name.startswith(("QUWEN_", "PREFECT_")) and name != "PREFECT_LOGGING_LEVEL":
            del os.environ[name]
    own = {
        "QUWEN_SOURCES": str(sources),
        "QUWEN_CONNECT_TO": ",".join(f"{k}={v}" for k, v in sites.connect_to.items()),
    }
    os.environ |= {"QUWEN_HOME": str(home), **own}
    from flows.cli.run import prepare

    prepare(())
    lines = "".join(f"{name}='{value}'\n" for name, value in own.items())
    try:
        (home / "quwen.env").write_text(_MARK + lines, encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}", where=str(home), hint="give another --home"
        ) from error


def _run(sites: "SampleServer") -> bool:
    """Read, publish, show, and do it again; whether every source could be read."""
    click.echo("Reading four sample sites over HTTP …")
    from flows.cli.run import run_flow
    from flows.ingest import ingest
    from flows.publish import publish

    first = run_flow(lambda: ingest(publish=False, return_state=True))
    published = run_flow(lambda: publish(return_state=True)).published or {}
    _show(first.reports)
    click.echo(f"{_found()}; {published.get('written', 0)} files published.")
    unread = [x["source"] for x in first.reports if not x["counts"]["listed"]]
    if unread:
        for report in first.reports:
            for problem in report["problems"]:
                click.echo(f"{report['source']}: {problem['what']}", err=True)
        click.echo(f"not read: {', '.join(unread)}", err=True)
    else:
        click.echo(
            "The failed addresses are dead links, there on purpose: real lists have them too."
        )
    asked = len(sites.requests)
    second = run_flow(lambda: ingest(return_state=True))
    new = sum(x["counts"]["new"] + x["counts"]["edited"] for x in second.reports)
    written = (second.published or {}).get("written", 0)
    click.echo(
        f"Second run: {new} new, {written} files written"
        f" ({len(sites.requests) - asked} requests instead of {asked})."
    )
    return not unread


def _show(reports: Sequence[Mapping[str, Any]]) -> None:
    # Links that failed, and pages that say "not found" with status 200.
    rows = [
        (
            x["source"],
            *(x["counts"][c] for c in _COLUMNS[:-1]),
            x["counts"]["failed"] + x["counts"]["quarantined"],
        )
        for x in reports
    ]
    show_table(("source", *_COLUMNS), rows, numbers=True)


def _found() -> str:
    from pipeline.settings import load_settings
    from pipeline.store import Store

    with Store.open(load_settings().store_url) as store:
        counts = store.counts()
    return f"{counts.articles} articles and {counts.meetings} meeting records found"


def _show_places() -> None:
    from pipeline.settings import load_settings

    settings = load_settings()
    public, base = settings.public_dir, settings.base_url
    rows = [("front page", "index.html", "")]
    rows += [(name, f"{folder}atom.xml", folder) for name, folder in _FEEDS]
    rows += [("feed list", "feeds.opml", "feeds.opml")]
    click.echo("")
    for name, file, address in rows:
        path = public / file
        if not path.is_file():
            raise PipelineError("was not published", where=str(path))
        click.echo(f"{name + ':':12} {path}")
        click.echo(f"{'':12} {base}{address}")


def _keep(home: Path) -> None:
    from pipeline.publish.serve import serve

    click.echo("\nServing now, sample sites included, until Ctrl-C.")
    try:
        serve(home / "public")
    except KeyboardInterrupt:
        click.echo("")
