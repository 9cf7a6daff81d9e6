"""Known articles are asked for again: what is due, what was asked, who left a list."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from pipeline.identity import article_id

revision = "0009"
down_revision = "0008"

_DAYS = 30
"""Articles seen within so many days before the newest one are asked for again."""


def upgrade() -> None:
    """Add the tables and the mark of a list, and plan looks at the articles of the last month."""
    op.add_column("listing", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    recheck = op.create_table(
        "recheck",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_recheck_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_recheck"),
    )
    op.create_index("ix_recheck_source_due_at", "recheck", ["source", "due_at"])
    op.create_table(
        "recheck_spent",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_recheck_spent"),
    )
    _plan(recheck)


def _plan(recheck: sa.Table) -> None:
    instant = sa.DateTime(timezone=True)
    article = sa.table(
        "article",
        sa.column("id", sa.Text()),
        sa.column("source", sa.Text()),
        sa.column("kind", sa.Text()),
        sa.column("first_seen", instant),
        sa.column("capture_id", sa.BigInteger()),
    )
    capture = sa.table(
        "capture", sa.column("id", sa.BigInteger()), sa.column("requested_url", sa.Text())
    )
    connection = op.get_bind()
    newest = connection.scalar(sa.select(sa.func.max(article.c.first_seen)))
    if newest is None:
        return
    query = (
        sa.select(article.c.id, article.c.source, capture.c.requested_url)
        .join(capture, capture.c.id == article.c.capture_id)
        .where(article.c.first_seen >= newest - timedelta(days=_DAYS))
        .where(article.c.kind != "headline", article.c.source.is_not(None))
    )
    rows = [
        {"article_id": x.id, "source": x.source, "url": x.requested_url, "due_at": newest}
        for x in connection.execute(query)
        if article_id(x.requested_url) == x.id  # its text stands on a page of its own
    ]
    if rows:
        connection.execute(sa.insert(recheck), rows)
