"""Columns have a time at which they are due; days, alarms and leases are remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_COUNTS = (
    "looks failed unchanged empty listed undated fetched new edited quarantined bodiless "
    "unoriginated challenged unreached disallowed"
)


def upgrade() -> None:
    """Add the tables of running quwen for years."""
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = sa.DateTime(timezone=True)
    op.add_column("column_state", sa.Column("due_at", instant, nullable=True))
    op.create_table(
        "column_day",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(x, sa.Integer(), nullable=False) for x in _COUNTS.split()),
        sa.PrimaryKeyConstraint("source", "column", "day", name="pk_column_day"),
    )
    op.create_table(
        "alarm",
        sa.Column("id", serial, autoincrement=True, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("opened_at", instant, nullable=True),
        sa.Column("closed_at", instant, nullable=True),
        sa.Column("told_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alarm_state_source_column", "alarm", ["state", "source", "column"])
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("renewed", instant, nullable=False),
        sa.Column("expires", instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
