"""Which articles tell one story. The store fills the tables when it opens."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables of bands and of reprints."""
    for table, columns in (
        ("band", [sa.Column("bucket", sa.BigInteger(), autoincrement=False, nullable=False)]),
        (
            "reprint",
            [
                sa.Column("story", sa.Text(), nullable=False),
                sa.Column("copied", sa.Boolean(), nullable=False),
                sa.Column("is_first", sa.Boolean(), nullable=False),
            ],
        ),
    ):
        keys = ["bucket", "article_id"] if table == "band" else ["article_id"]
        op.create_table(
            table,
            sa.Column("article_id", sa.Text(), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(
                ["article_id"],
                ["article.id"],
                name=f"fk_{table}_article_id_article",
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint(*keys, name=f"pk_{table}"),
        )
    op.create_index("ix_band_article_id", "band", ["article_id"])
    op.create_index("ix_reprint_story", "reprint", ["story"])
