"""More fields of articles are counted by day: what was not counted before is unknown, not none."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the counts of articles without title, date, and author."""
    for name in ("untitled", "dateless", "authorless"):
        op.add_column("column_day", sa.Column(name, sa.Integer(), nullable=True))
