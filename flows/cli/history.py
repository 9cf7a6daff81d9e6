"""``quwen history``: how an article changed, on the terminal or as a page."""

import html
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from flows.cli.options import opened_store
from flows.cli.read import id_of, unknown

if TYPE_CHECKING:
    from pipeline.publish.diff import Line
    from pipeline.store import Revision

_AROUND = 24
"""Characters of what stayed that are shown beside a change on the terminal."""

_TEXTS = ("title", "paragraphs")  # shown passage by passage
_SILENT = ("published_as", "repairs", "family", "problems", "url", "interpreter")

_STYLE = """body{max-width:46em;margin:2em auto;padding:0 1em;font:16px/1.7 sans-serif}
ins{background:#d6f5d6;text-decoration:none}del{background:#fbdcdc}h2{font-size:1em;margin-top:2em}
dt{color:#555}"""


@click.command()
@click.argument("article")
@click.option("--html", "as_html", is_flag=True, help="A whole page on standard output.")
def history(article: str, as_html: bool) -> None:
    """Show how an article changed. ARTICLE is its id or its address.

    Of each revision: when quwen saw it, what it was, the passages that
    changed, with [-removed-] and {+added+} characters, and the other fields.
    With --html the same as a page with <del> and <ins>.
    """
    with opened_store() as store:
        revisions = store.history(id_of(article))
    if not revisions:
        raise unknown(article)
    lines = _page(revisions) if as_html else _screen(revisions)
    for line in lines:
        click.echo(line.encode("utf-8", "backslashreplace"))


def _pairs(revisions: Sequence["Revision"]) -> Iterator[tuple["Revision", "Revision | None"]]:
    """Each revision with the one before it."""
    yield from zip(revisions, (None, *revisions[:-1]), strict=True)


def _lines(revision: "Revision", before: "Revision | None") -> tuple["Line", ...]:
    from pipeline.publish.diff import changed_lines

    if before is None:
        return ()
    old, new = before.article, revision.article
    return changed_lines((old.title, *old.paragraphs), (new.title, *new.paragraphs))


def _fields(revision: "Revision", before: "Revision | None") -> Iterator[tuple[str, str, str]]:
    """Further fields that differ, with both values."""
    from pipeline.differences import differences

    for x in differences(before.article, revision.article) if before is not None else ():
        if x.field.partition(".")[0] not in (*_TEXTS, *_SILENT) and not x.field.endswith("(place)"):
            yield x.field, x.old, x.new


def _heading(revision: "Revision") -> str:
    from pipeline.records import CHINA

    seen = f"{revision.seen_at.astimezone(CHINA):%Y-%m-%d %H:%M} (China)"
    changed = f": {', '.join(revision.changed)}" if revision.changed else ""
    return f"{revision.number}  {seen}  {revision.kind}{changed}  {revision.reason}"


def _screen(revisions: Sequence["Revision"]) -> Iterator[str]:
    forms: dict[str, tuple[str, str]] = {"del": ("[-{}-]", "red"), "ins": ("{{+{}+}}", "green")}
    for revision, before in _pairs(revisions):
        yield _heading(revision)
        for line in _lines(revision, before):
            shown = ""
            for n, x in enumerate(line):
                if x.mark == "same":
                    shown += _shortened(x.text, is_first=n == 0, is_last=n == len(line) - 1)
                else:
                    form, colour = forms[x.mark]
                    shown += _coloured(form.format(x.text), colour)
            yield f"    {shown}"
        for name, old, new in _fields(revision, before):
            yield f"    {name}: {old} → {new}"


def _coloured(text: str, colour: str) -> str:
    """In colour where a person looks, so that pipes get the marks alone."""
    is_seen = sys.stdout.isatty()
    return click.style(text, fg=colour) if is_seen else text


def _shortened(text: str, *, is_first: bool, is_last: bool) -> str:
    """What stayed, but for the characters beside a change."""
    if len(text) <= 2 * _AROUND + 1:
        return text
    if is_first:
        return f"…{text[-_AROUND:]}"
    return f"{text[:_AROUND]}…" if is_last else f"{text[:_AROUND]}…{text[-_AROUND:]}"


def _page(revisions: Sequence["Revision"]) -> Iterator[str]:
    title = html.escape(revisions[-1].article.title)
    yield f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
    yield f"<style>{_STYLE}</style></head><body><h1>{title}</h1>"
    address = html.escape(revisions[-1].article.url)
    yield f'<p><a href="{address}">{address}</a></p>'
    for revision, before in _pairs(revisions):
        yield f"<h2>{html.escape(_heading(revision))}</h2>"
        for line in _lines(revision, before):
            marked = [
                html.escape(x.text)
                if x.mark == "same"
                else f"<{x.mark}>{html.escape(x.text)}</{x.mark}>"
                for x in line
            ]
            yield f"<p>{''.join(marked)}</p>"
        for name, old, new in _fields(revision, before):
            pair = f"<del>{html.escape(old)}</del> <ins>{html.escape(new)}</ins>"
            yield f"<dl><dt>{html.escape(name)}</dt><dd>{pair}</dd></dl>"
    yield "</body></html>"
