"""How much each source has is counted in an index alone."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add an index that holds all that is counted and the newest publication."""
    op.create_index(
        "ix_article_source_state_meetings_sort_at",
        "article",
        ["source", "state", "meetings", "sort_at"],
    )
