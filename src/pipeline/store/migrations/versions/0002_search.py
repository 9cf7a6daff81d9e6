"""Full-text search. The store fills the index when it opens."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables: the folded texts, and beside them each back end's own index."""
    op.create_table(
        "search_text",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("folding", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name="fk_search_text_article_id_article",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_search_text"),
        sa.UniqueConstraint("article_id", name="uq_search_text_article_id"),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        # neither texts nor positions are kept, and letters are left alone: tokens are made by us
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5("
            "tokens, content='', columnsize=0, detail='none', tokenize='ascii')"
        )
    else:
        op.execute(
            "CREATE TABLE search_index ("
            "id BIGINT PRIMARY KEY REFERENCES search_text ON DELETE CASCADE, "
            "tokens TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens)")
