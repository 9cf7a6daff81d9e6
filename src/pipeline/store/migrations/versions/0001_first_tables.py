"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables."""
    _ledgers()
    _fetching()
    _articles()
    _projections()


def _ledgers() -> None:
    """What runs did, how columns fare, where walks back in time stand."""
    op.create_table(
        "run",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started", INSTANT, nullable=False),
        sa.Column("ended", INSTANT, nullable=True),
        sa.Column("heartbeat", INSTANT, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_run_kind_started", "run", ["kind", "started"])
    op.create_table(
        "column_state",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("checked_at", INSTANT, nullable=False),
        sa.Column("ok_at", INSTANT, nullable=True),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("source", "column", name="pk_column_state"),
    )
    op.create_table(
        "host",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_host"),
    )
    op.create_table(
        "backfill",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("next_url", sa.Text(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("updated", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("source", "column", name="pk_backfill"),
    )
    op.create_table(
        "listing",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("last_seen", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("source", "column", "article_id", name="pk_listing"),
    )
    op.create_index("ix_listing_article_id", "listing", ["article_id"])
    op.create_index(
        "ix_listing_source_column_last_seen", "listing", ["source", "column", "last_seen"]
    )


def _fetching() -> None:
    """Responses, their validators, and those that could not be read."""
    op.create_table(
        "capture",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("requested_url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("run_id", SERIAL, nullable=True),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_capture_run_id_run"),
        sa.PrimaryKeyConstraint("id", name="pk_capture"),
        sa.UniqueConstraint("file", "offset", name="uq_capture_file_offset"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_capture_requested_url", "capture", ["requested_url"])
    op.create_index("ix_capture_source_id", "capture", ["source", "id"])
    op.create_table(
        "validator",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("capture_id", SERIAL, nullable=True),
        sa.Column("fetched_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["capture.id"], name="fk_validator_capture_id_capture"
        ),
        sa.PrimaryKeyConstraint("url", name="pk_validator"),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("capture_id", SERIAL, nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("resolved_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["capture.id"], name="fk_quarantine_capture_id_capture"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_quarantine"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_quarantine_resolved_at_source", "quarantine", ["resolved_at", "source"])
    op.create_index("ix_quarantine_url_step", "quarantine", ["url", "step"])


def _articles() -> None:
    """Articles and the log of everything learned of them."""
    op.create_table(
        "article",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("column", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published_day", sa.Date(), nullable=True),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("sort_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("last_seen", INSTANT, nullable=False),
        sa.Column("updated", INSTANT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("record_hash", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("interpreter", sa.Integer(), nullable=False),
        sa.Column("capture_id", SERIAL, nullable=True),
        sa.Column("seq", SERIAL, nullable=False),
        sa.Column("meetings", sa.Integer(), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("missing_since", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["capture.id"], name="fk_article_capture_id_capture"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
    )
    op.create_index("ix_article_seq", "article", ["seq"])
    op.create_index("ix_article_sort_at_id", "article", ["sort_at", "id"])
    op.create_index(
        "ix_article_source_column_sort_at_id", "article", ["source", "column", "sort_at", "id"]
    )
    op.create_table(
        "revision",
        sa.Column("seq", SERIAL, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("capture_id", SERIAL, nullable=True),
        sa.Column("interpreter", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name="fk_revision_article_id_article",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["capture_id"], ["capture.id"], name="fk_revision_capture_id_capture"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_revision"),
        sa.UniqueConstraint("article_id", "number", name="uq_revision_article_id_number"),
        sqlite_autoincrement=True,
    )


def _projections() -> None:
    """What is looked up in the newest record of an article."""
    op.create_table(
        "meeting",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("term", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("chair", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_meeting_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "n", name="pk_meeting"),
    )
    op.create_index("ix_meeting_body_kind_held_on", "meeting", ["body", "kind", "held_on"])
    op.create_index("ix_meeting_held_on", "meeting", ["held_on"])
    op.create_table(
        "agenda_item",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("meeting_n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name="fk_agenda_item_article_id_article",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "meeting_n", "n", name="pk_agenda_item"),
    )
    op.create_table(
        "credit",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_credit_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "n", name="pk_credit"),
    )
    op.create_index("ix_credit_name", "credit", ["name"])
