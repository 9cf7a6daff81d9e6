"""``quwen takedown``: one article off what is published, or back."""

import re

import click

_ID = re.compile(r"[0-9a-f]{16}")


@click.command()
@click.argument("article")
@click.option("--reason", metavar="TEXT", help="What the public is told.")
@click.option("--restore", is_flag=True, help="Bring it back.")
def takedown(article: str, reason: str | None, restore: bool) -> None:
    """Take ARTICLE (id or address) off all feeds and pages.

    Feeds that held it get a tombstone with the reason (RFC 6721), archives too; its page
    answers 410; search does not find it. It stays in the store, for `--restore`.
    Publishes at once.
    """
    from pipeline.errors import ConfigError
    from pipeline.identity import article_id
    from pipeline.runs import open_context, publish
    from pipeline.settings import load_settings

    if not restore and not (reason and reason.strip()):
        raise ConfigError(
            "a reason is wanted", where="--reason", hint="say in a few words why it is taken down"
        )
    key = article if _ID.fullmatch(article) else article_id(article)
    with open_context(load_settings()) as context:
        found = context.store.entry(key)
        if found is None:
            raise ConfigError("is no stored article", where=article, hint="see quwen search")
        if restore:
            done = context.store.release(key)
        else:
            told = " ".join((reason or "").split())
            done = context.store.withhold(key, reason=told, at=context.clock())
        report = publish(context)
    state = "published again" if restore else "taken down"
    note = "" if done else " (it was so before)"
    click.echo(f"{key} {found.article.title}: {state}{note}; {len(report.written)} files written")
    for copy in () if restore else found.also_at:
        click.echo(f"the same text is still published: {copy.id} {copy.url}")
