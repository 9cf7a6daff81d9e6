"""The tables, one definition for SQLite and PostgreSQL.

Every change here needs a migration beside it; a test compares the two.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from pipeline.store.columns import Serial
from pipeline.store.columns import article_key as _article_key
from pipeline.store.columns import instant as _instant
from pipeline.store.columns import number as _number
from pipeline.store.columns import serial as _serial
from pipeline.store.columns import text as _text

HEAD = "0014"
"""The migration this program is written for."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

DAY_COUNTS = (
    "looks",
    "failed",
    "unchanged",
    "empty",
    "listed",
    "undated",
    "fetched",
    "new",
    "edited",
    "quarantined",
    "bodiless",
    "unoriginated",
    "challenged",
    "unreached",
    "disallowed",
    "untitled",
    "dateless",
    "authorless",
)
"""What is counted of a column on a day."""

LATER_COUNTS = frozenset({"untitled", "dateless", "authorless"})
"""Those that earlier versions did not count: unknown (NULL) on the days before."""

run = Table(
    "run",
    metadata,
    _serial(),
    _text("kind"),
    _text("params"),  # JSON
    _text("state"),  # running, completed, completed_with_errors, failed, died
    _instant("started"),
    _instant("ended", optional=True),
    _instant("heartbeat"),
    _text("host"),
    _number("pid"),
    _text("report", optional=True),  # JSON
    Index(None, "kind", "started"),
    sqlite_autoincrement=True,
)

capture = Table(
    "capture",
    metadata,
    _serial(),
    _text("url"),
    _text("requested_url"),
    _text("source", optional=True),
    _text("column", optional=True),
    Column("run_id", Serial, ForeignKey("run.id"), nullable=True),
    _number("status"),
    _instant("fetched_at"),
    _text("file"),
    Column("offset", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False),
    _text("sha256"),
    _text("record_id", optional=True),
    _text("payload", optional=True),  # of records that hold it themselves
    UniqueConstraint("file", "offset"),
    Index(None, "source", "id"),
    Index(None, "requested_url"),
    Index(None, "record_id"),
    Index(None, "payload"),
    sqlite_autoincrement=True,
)

validator = Table(
    "validator",
    metadata,
    _text("url", key=True),
    _text("etag", optional=True),
    _text("last_modified", optional=True),
    Column("capture_id", Serial, ForeignKey("capture.id"), nullable=True),
    _instant("fetched_at"),
)

article = Table(
    "article",
    metadata,
    _text("id", key=True),
    _text("source", optional=True),
    _text("column", optional=True),
    _text("url"),
    _text("kind"),  # what the text is: story, meeting, notice, …
    _text("title"),
    Column("published_day", Date, nullable=True),
    _instant("published_at", optional=True),
    _instant("sort_at"),  # published_at where it can be believed, else first_seen
    _text("state"),  # live, withdrawn
    _instant("first_seen"),
    _instant("last_seen"),
    _instant("updated"),
    _number("number"),
    _text("content_hash"),
    _text("record_hash"),
    _text("parts"),  # JSON: digest by part of the content
    _number("interpreter"),
    Column("capture_id", Serial, ForeignKey("capture.id"), nullable=True),
    Column("seq", Serial, nullable=False),
    _number("meetings"),
    _number("misses"),
    _instant("missing_since", optional=True),
    Column("edits", Integer, nullable=False, server_default="0"),
    _instant("edits_since", optional=True),
    Index(None, "capture_id"),
    Index(None, "sort_at", "id"),
    Index(None, "source", "sort_at", "id"),
    Index(None, "source", "column", "sort_at", "id"),
    Index(None, "source", "state", "meetings", "sort_at"),  # all that is counted
    Index(None, "seq"),
)

revision = Table(
    "revision",
    metadata,
    _serial("seq"),
    _article_key(primary=False),
    _number("number"),
    _text("kind"),  # new, edited, withdrawn, restored, reparsed
    _text("reason"),
    _text("changed"),  # JSON: names of parts
    _instant("seen_at"),
    Column("capture_id", Serial, ForeignKey("capture.id"), nullable=True),
    _number("interpreter"),
    _text("content_hash"),
    _text("record"),  # JSON, see codec
    UniqueConstraint("article_id", "number"),
    sqlite_autoincrement=True,  # a number of the log is never given twice
)

meeting = Table(
    "meeting",
    metadata,
    _article_key(),
    Column("n", Integer, primary_key=True, autoincrement=False),
    _text("body"),
    _text("kind"),
    _number("term", optional=True),
    _number("seq", optional=True),
    _number("year", optional=True),
    Column("held_on", Date, nullable=True),
    _text("chair", optional=True),
    _text("location", optional=True),
    Index(None, "held_on"),
    Index(None, "body", "kind", "held_on"),
)

agenda_item = Table(
    "agenda_item",
    metadata,
    _article_key(),
    Column("meeting_n", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    _text("verb"),
    _text("subject"),
    _text("speaker", optional=True),
    _text("decision", optional=True),
)

credit = Table(
    "credit",
    metadata,
    _article_key(),
    Column("n", Integer, primary_key=True, autoincrement=False),
    _text("role"),
    _text("name"),
    Index(None, "name"),
)

# Whom and what an article is about
mention = Table(
    "mention",
    metadata,
    _article_key(),
    _text("kind", key=True),  # person, topic, body
    _text("key", key=True),
    _text("name"),
    _text("place"),  # code of the division
    _text("titles"),  # JSON
    _text("roles"),  # JSON
    _instant("sort_at"),
    Column("live", Boolean, nullable=False),
    Index(None, "kind", "key", "sort_at", "article_id"),
)

# What stands in the mentions of each subject: name and titles of the newest live article
subject = Table(
    "subject",
    metadata,
    _text("kind", key=True),
    _text("key", key=True),
    _text("name"),
    _text("place"),
    _text("titles"),
    _number("articles"),  # that are live
    _instant("newest", optional=True),
    Column("change", Serial, nullable=False),
    Index(None, "kind", "articles"),
    Index(None, "key"),
    Index(None, "change"),
)

# Numbers that tellings of one story have in common, with the week of publication before them
band = Table(
    "band",
    metadata,
    Column("bucket", BigInteger, primary_key=True, autoincrement=False),
    _article_key(),
    Index(None, "article_id"),
)

# Articles whose story stands at other addresses too
reprint = Table(
    "reprint",
    metadata,
    _article_key(),
    _text("story"),  # the identifier of one that was among the first to be joined
    Column("copied", Boolean, nullable=False),  # a mirror's, or mangled
    Column("is_first", Boolean, nullable=False),
    Index(None, "story"),
)

# By what mentions and stories are made, and how far that has been done anew since it changed
basis = Table(
    "basis",
    metadata,
    _text("name", key=True),  # topics, or: place and a source
    _text("value"),  # JSON
    _text("after_id", optional=True),  # of the last article done; none where all are
)

# Beside it stands search_index, which each back end has in its own way: see the migration
search_text = Table(
    "search_text",
    metadata,
    _serial(),
    _article_key(primary=False, unique=True),
    _text("title"),
    _text("body"),
    _number("folding"),
    sqlite_autoincrement=True,
)

listing = Table(
    "listing",
    metadata,
    _text("source", key=True),
    _text("column", key=True),
    _text("article_id", key=True),  # listed before it is fetched: no foreign key
    _text("url"),
    _text("title"),
    _text("published", optional=True),  # as Published.iso() writes it
    _instant("first_seen"),
    _instant("last_seen"),
    _instant("left_at", optional=True),  # when the list was found not to show it, though it should
    Index(None, "article_id"),
    Index(None, "source", "column", "last_seen"),
)

# Articles whose pages are to be asked for again; those that are left alone have no row
recheck = Table(
    "recheck",
    metadata,
    _article_key(),
    _text("source"),
    _text("url"),
    _instant("due_at"),
    Index(None, "source", "due_at"),
)

# How often a host was asked for known articles in an hour
recheck_spent = Table(
    "recheck_spent",
    metadata,
    _text("host", key=True),
    _instant("hour"),
    _number("n"),
)

# How far a reparse has come that has not ended: the next one of the same basis goes on there
reparse_state = Table(
    "reparse_state",
    metadata,
    _text("source", key=True),
    _text("basis"),
    Column("capture_id", BigInteger, nullable=False),
    _instant("updated"),
)

column_state = Table(
    "column_state",
    metadata,
    _text("source", key=True),
    _text("column", key=True),
    _instant("checked_at"),
    _instant("ok_at", optional=True),
    _number("listed"),
    _number("failures"),
    _text("reason", optional=True),
    _instant("due_at", optional=True),
)

# How a column fared on a day of China's calendar: what its health is judged by
column_day = Table(
    "column_day",
    metadata,
    _text("source", key=True),
    _text("column", key=True),
    Column("day", Date, primary_key=True),
    *(_number(x, optional=x in LATER_COUNTS) for x in DAY_COUNTS),
)

alarm = Table(
    "alarm",
    metadata,
    _serial(),
    _text("source"),
    _text("column"),
    _text("kind"),
    _text("state"),  # suspected, open, closed
    _number("strikes"),  # bad looks in a row while suspected, good ones while open
    _text("message"),
    _instant("since"),
    _instant("opened_at", optional=True),
    _instant("closed_at", optional=True),
    _instant("told_at", optional=True),  # when the last change of state was told
    Index(None, "state", "source", "column"),
    sqlite_autoincrement=True,
)

# Which hook has heard of which change of an alarm
alarm_notice = Table(
    "alarm_notice",
    metadata,
    Column(
        "alarm_id",
        Serial,
        ForeignKey("alarm.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    _text("state", key=True),
    _text("hook", key=True),
)

# Who may work on something alone: a host, a tick, the published tree
lease = Table(
    "lease",
    metadata,
    _text("name", key=True),
    _text("holder"),  # empty where it was given back
    _text("claim"),  # of one taking
    _instant("renewed"),
    _instant("expires"),
)

# What an operator took off the published tree
withheld = Table(
    "withheld",
    metadata,
    _article_key(),
    _text("reason"),
    _instant("at"),
)

quarantine = Table(
    "quarantine",
    metadata,
    _serial(),
    Column("capture_id", Serial, ForeignKey("capture.id"), nullable=True),
    _text("url"),
    _text("source", optional=True),
    _text("column", optional=True),
    _text("step"),
    _text("reason"),
    _text("detail", optional=True),
    _instant("at"),
    _instant("last_at"),
    _number("times"),
    _instant("resolved_at", optional=True),
    Index(None, "url", "step"),
    Index(None, "resolved_at", "source"),
    sqlite_autoincrement=True,
)

backfill = Table(
    "backfill",
    metadata,
    _text("source", key=True),
    _text("column", key=True),
    Column("since", Date, nullable=True),
    Column("until", Date, nullable=True),
    _text("next_url", optional=True),
    Column("done", Boolean, nullable=False),
    _number("pages"),
    _instant("updated"),
)

host = Table(
    "host",
    metadata,
    _text("host", key=True),
    _instant("not_before"),
    _text("reason"),
)
