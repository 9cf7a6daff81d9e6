"""It is remembered who has heard of an alarm."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table of notices."""
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "alarm_notice",
        sa.Column("alarm_id", serial, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("hook", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alarm_id"],
            ["alarm.id"],
            name="fk_alarm_notice_alarm_id_alarm",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("alarm_id", "state", "hook", name="pk_alarm_notice"),
    )
