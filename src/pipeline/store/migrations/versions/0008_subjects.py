"""Whom and what articles are about. The store fills the tables when it opens."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of mentions, of subjects, and of what they are made by."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "mention",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("titles", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("sort_at", instant, nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name="fk_mention_article_id_article",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "kind", "key", name="pk_mention"),
    )
    op.create_index(
        "ix_mention_kind_key_sort_at_article_id",
        "mention",
        ["kind", "key", "sort_at", "article_id"],
    )
    op.create_table(
        "subject",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("titles", sa.Text(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("newest", instant, nullable=True),
        sa.Column("change", SERIAL, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_subject"),
    )
    op.create_index("ix_subject_kind_articles", "subject", ["kind", "articles"])
    op.create_index("ix_subject_key", "subject", ["key"])
    op.create_index("ix_subject_change", "subject", ["change"])
    op.create_table(
        "basis",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("after_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_basis"),
    )
