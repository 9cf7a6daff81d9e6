"""Several articles may stand on one capture: whole texts and headlines of a list."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Find the articles of a capture without going through all of them."""
    op.create_index("ix_article_capture_id", "article", ["capture_id"])
