"""Captures know their archive record, so that it may move and be referred to."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the record's id and the digest of its payload; records of before have neither."""
    op.add_column("capture", sa.Column("record_id", sa.Text(), nullable=True))
    op.add_column("capture", sa.Column("payload", sa.Text(), nullable=True))
    op.create_index("ix_capture_record_id", "capture", ["record_id"])
    op.create_index("ix_capture_payload", "capture", ["payload"])
