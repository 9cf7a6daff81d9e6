"""What columns of the tables are made of: types that both back ends keep alike."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    Text,
    TypeDecorator,
)

from pipeline.store.codec import check_text


class Instant(TypeDecorator[datetime]):
    """A UTC instant. Naive ones are refused; SQLite, which has no zones, holds UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant in UTC, as the back end wants it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value}: an instant needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The instant as an aware datetime in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text that both back ends keep alike: no NUL, no lone surrogate."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text itself; StoreError where it cannot be stored."""
        del dialect
        return (
            None
            if value is None
            else check_text(value, where=value[:80].encode("ascii", "backslashreplace").decode())
        )


# SQLite numbers rows by itself only where the key's type is exactly INTEGER
Serial = BigInteger().with_variant(Integer, "sqlite")


def serial(name: str = "id") -> Column[Any]:
    """A number that the database gives."""
    return Column(name, Serial, primary_key=True, autoincrement=True)


def instant(name: str, *, optional: bool = False) -> Column[Any]:
    """A UTC instant."""
    return Column(name, Instant, nullable=optional)


def text(name: str, *, optional: bool = False, key: bool = False) -> Column[Any]:
    """A text."""
    return Column(name, CleanText, nullable=optional, primary_key=key)


def number(name: str, *, optional: bool = False) -> Column[Any]:
    """A whole number."""
    return Column(name, Integer, nullable=optional)


def article_key(*, primary: bool = True, unique: bool | None = None) -> Column[Any]:
    """The article that a row belongs to, with which it goes."""
    # article and revision are written in one transaction, so the projections may lean on article
    return Column(
        "article_id",
        CleanText,
        ForeignKey("article.id", ondelete="CASCADE"),
        primary_key=primary,
        nullable=False,
        unique=unique,
    )
