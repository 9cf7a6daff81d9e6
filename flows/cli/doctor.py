"""``quwen doctor``: what is wrong with an installation, and what to do."""

import click


@click.command()
def doctor() -> None:
    """Say what is wrong with an installation, and what to do.

    Looks at versions, home, disk, database, clock, source files, fixes and the
    flow engine; changes nothing. The exit code is 1 if something is wrong.
    """
    from pipeline.runs.context import utc_now
    from pipeline.runs.doctor import examine_installation
    from pipeline.settings import load_settings

    is_wrong = False
    for x in examine_installation(load_settings(), now=utc_now()):
        click.echo(f"{x.state:8} {x.about:11} {' '.join(x.what.split())}")
        if x.advice:
            click.echo(f"{'':8} {'':11} → {x.advice}")
        is_wrong = is_wrong or x.state == "wrong"
    click.get_current_context().exit(1 if is_wrong else 0)
