"""``quwen serve``: the published tree over HTTP."""

from contextlib import ExitStack

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8750, show_default=True, help="Port."
)
def serve(host: str, port: int) -> None:
    """Serve the published feeds and pages until Ctrl-C.

    Any web server can do the same from the folder public/ in QUWEN_HOME, but for
    feeds of searches: /search/rss.xml?q=WORDS (atom.xml, feed.json; &source=ID).
    """
    from pipeline.errors import ConfigError
    from pipeline.publish.serve import serve as serve_tree
    from pipeline.runs import search_feeds
    from pipeline.settings import load_settings
    from pipeline.sources import load_catalogue
    from pipeline.store import Store

    settings = load_settings()
    root = settings.public_dir
    if not (root / "index.html").is_file():
        raise ConfigError(
            "nothing is published yet", where=str(root), hint="run quwen ingest, or set QUWEN_HOME"
        )
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"http://{shown}:{port}/ shows {root} (Ctrl-C ends)", err=True)
    has_store = settings.database_url is not None or (settings.home / "quwen.db").is_file()
    with ExitStack() as stack:
        search = None
        if has_store:
            catalogue = load_catalogue(settings.sources, skipped=[])
            store = stack.enter_context(Store.open(settings.store_url))
            search = search_feeds(store, catalogue, settings)
        try:
            serve_tree(root, host=host, port=port, search=search)
        except KeyboardInterrupt:
            click.echo("", err=True)
