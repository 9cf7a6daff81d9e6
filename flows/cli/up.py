"""``quwen up``: everything that one machine needs, in one command."""

import os

import click

_PORT = click.IntRange(0, 65535)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of news and feeds.")
@click.option("--port", type=_PORT, default=8750, show_default=True, help="Their port.")
@click.option(
    "--engine-host", default="127.0.0.1", show_default=True, help="Address of the flow engine."
)
@click.option("--engine-port", type=_PORT, default=4200, show_default=True, help="Its port.")
def up(host: str, port: int, engine_host: str, engine_port: int) -> None:
    """Run everything on this machine until Ctrl-C.

    Starts the flow engine, reads on schedule, publishes, and serves the news,
    feeds and metrics; prints the three addresses. The engine has no password:
    leave it on the loopback address, or put one in front of it. Port 0 takes a
    free one. Work that is running when you stop goes on at the next start.
    """
    from flows.up.bound import keep_one_heap

    keep_one_heap()
    from flows.cli.run import prepare
    from flows.up.tree import Places
    from flows.up.tree import up as run_all
    from pipeline.settings import load_settings

    prepare()  # sources may come while it runs
    if "log" not in load_settings().model_fields_set:
        os.environ["QUWEN_LOG"] = (
            "text"  # nobody sees the screen of what runs for years, but its log
        )
    import flows.engine  # noqa: F401 - the engine's settings, before its server is started

    places = Places(host=host, port=port, engine_host=engine_host, engine_port=engine_port)
    run_all(load_settings(), places, say=click.echo)
