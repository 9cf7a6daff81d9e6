"""``quwen serve``: the published tree over HTTP."""

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8750, show_default=True, help="Port."
)
def serve(host: str, port: int) -> None:
    """Serve the published feeds and pages until Ctrl-C.

    Any web server can do the same from the folder public/ in QUWEN_HOME.
    """
    from pipeline.errors import ConfigError
    from pipeline.publish.serve import serve as serve_tree
    from pipeline.settings import load_settings

    root = load_settings().public_dir
    if not (root / "index.html").is_file():
        raise ConfigError(
            "nothing is published yet", where=str(root), hint="run quwen ingest, or set QUWEN_HOME"
        )
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{port}/ shows {root} (Ctrl-C ends)", err=True)
    try:
        serve_tree(root, host=host, port=port)
    except KeyboardInterrupt:
        click.echo("", err=True)
