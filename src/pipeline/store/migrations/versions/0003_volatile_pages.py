"""Count edits, so that a page that differs at every look cannot fill the log."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the count, the start of the time it is counted in, and an index by source."""
    op.add_column("article", sa.Column("edits", sa.Integer(), server_default="0", nullable=False))
    op.add_column("article", sa.Column("edits_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_article_source_sort_at_id", "article", ["source", "sort_at", "id"])
