"""What an operator sets: ``QUWEN_*`` in the environment, or in ``quwen.env`` in the home folder."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from pipeline import __version__
from pipeline.errors import ConfigError
from pipeline.mail import read_mail_server

Addresses = tuple[str, ...]

_HOOK = re.compile(r"(wecom|dingtalk|feishu|json)=https?://\S")


class Settings(BaseSettings):
    """All settings; each is the environment variable ``QUWEN_`` + its name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="QUWEN_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Annotated[Path, Field(description="folder for database, archive, feeds and engine")] = (
        Path("var")
    )
    database_url: Annotated[
        str | None,
        Field(description="SQLAlchemy address of the store; default: `quwen.db` in the home"),
    ] = None
    sources: Annotated[
        Path | None, Field(description="folder of your own source files, laid over the catalogue")
    ] = None
    topics: Annotated[
        Path | None,
        Field(
            description="TOML file of your own topics, laid over the shipped ones; default: `topics.toml` "
            "in the home"
        ),
    ] = None
    feeds: Annotated[
        Path | None,
        Field(description="TOML file of your own feeds; default: `feeds.toml` in the home"),
    ] = None
    feed_minimum: Annotated[
        int,
        Field(ge=1, description="articles from which on a person, topic or body has a feed"),
    ] = 3
    fixes: Annotated[
        Path | None,
        Field(
            description="file or folder of corrections to records (`.toml`), see “Correct a record”"
        ),
    ] = None
    base_url: Annotated[
        str, Field(description="address at which the published tree is reached")
    ] = "http://127.0.0.1:8750/"
    tag_authority: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9.-]+,\d{4}(-\d\d){0,2}$",
            description="`host,year` in the feeds' `tag:` ids (RFC 4151); set once, never change",
        ),
    ] = "quwen.invalid,2026"
    contact: Annotated[
        str, Field(description="web address or e-mail that publishers find in the User-Agent")
    ] = ""
    hubs: Annotated[
        Addresses,
        NoDecode,
        Field(description="WebSub hubs, comma-separated, that hear of every changed feed"),
    ] = ()
    webhooks: Annotated[
        Addresses,
        NoDecode,
        Field(description="addresses, comma-separated, that changed feeds are posted to as JSON"),
    ] = ()
    webhook_secret: Annotated[
        str, Field(description="signs webhooks (Standard Webhooks, `webhook-signature`)")
    ] = ""
    indexnow_key: Annotated[
        str,
        Field(
            pattern=r"^([A-Za-z0-9-]{8,128})?$",
            description="tells search engines of changed pages (IndexNow); 8 to 128 letters and digits",
        ),
    ] = ""
    editions: Annotated[
        tuple[Literal["zh-Hant", "zh-Hant-TW", "zh-Hant-HK"], ...],
        NoDecode,
        Field(
            description="editions in traditional characters, comma-separated: "
            "`zh-Hant`, `zh-Hant-TW`, `zh-Hant-HK`"
        ),
    ] = ()
    packed: Annotated[
        bool, Field(description="write each published text file in gzip too, for `gzip_static`")
    ] = False
    public_s3: Annotated[
        str,
        Field(
            description="`s3://bucket/prefix` that the published tree is copied to "
            "(extra `[s3]`, `AWS_*` variables)"
        ),
    ] = ""
    archive_s3: Annotated[
        str,
        Field(
            description="`s3://bucket/prefix` that finished archive files are copied to, and read "
            "from where they are missing here (extra `[s3]`, `AWS_*` variables)"
        ),
    ] = ""
    threads: Annotated[int, Field(ge=1, le=64, description="sources read at the same time")] = 8
    dask: Annotated[
        str,
        Field(
            pattern=r"^((tcp|tls|ws|wss)://\S+)?$",
            description="scheduler of a Dask cluster, `tcp://host:8786`, whose workers read in place "
            "of threads here (extra `[dask]`, and an engine at `PREFECT_API_URL`)",
        ),
    ] = ""
    poll_shortest: Annotated[
        timedelta,
        Field(
            gt=timedelta(0),
            description="shortest time between two looks at a column (ISO 8601: `PT30M`)",
        ),
    ] = timedelta(minutes=30)
    poll_longest: Annotated[
        timedelta,
        Field(gt=timedelta(0), description="longest time between two looks at a column"),
    ] = timedelta(hours=6)
    rechecks: Annotated[
        int,
        Field(
            ge=0,
            le=3600,
            description="known articles asked for again a host and hour at the most; 0 for none",
        ),
    ] = 30
    alarm_hooks: Annotated[
        Addresses,
        NoDecode,
        Field(
            description="`wecom=`, `dingtalk=`, `feishu=` or `json=` and an address, comma-separated, "
            "that hear of alarms; `#` and a secret behind it for robots that check signatures"
        ),
    ] = ()
    mail_server: Annotated[
        str,
        Field(
            description="`smtp://user:password@host:port` (STARTTLS) or `smtps://…`: the engine mails "
            "alarms and failed runs over it"
        ),
    ] = ""
    mail_to: Annotated[
        Addresses, NoDecode, Field(description="addresses, comma-separated, that mail goes to")
    ] = ()
    mail_from: Annotated[
        str, Field(description="address that mail comes from; default: the first of those")
    ] = ""
    log: Annotated[
        Literal["off", "text", "json"],
        Field(description="what happens, one line an event, on standard error: `text` or `json`"),
    ] = "off"
    metrics_file: Annotated[
        Path | None,
        Field(description="textfile for Prometheus' node exporter, written after every run"),
    ] = None
    tick: Annotated[
        timedelta,
        Field(
            ge=timedelta(seconds=1), description="time between two ticks of `quwen up` (`PT10M`)"
        ),
    ] = timedelta(minutes=10)
    keep_engine_days: Annotated[
        int, Field(ge=1, description="days for which the engine remembers runs")
    ] = 30
    keep_runs_days: Annotated[
        int, Field(ge=7, description="days for which the store remembers runs, days and alarms")
    ] = 400
    keep_archive_days: Annotated[
        int | None,
        Field(
            ge=30,
            description="days for which responses are archived; for ever by default. Records stay, "
            "but what is dropped cannot be read again",
        ),
    ] = None
    keep_feed_archives: Annotated[
        int | None,
        Field(
            ge=1,
            description="closed archive documents (of some 200 entries) that stay published of each "
            "feed; all by default",
        ),
    ] = None
    least_free_mb: Annotated[
        int,
        Field(
            ge=0,
            description="megabytes free in the home below which no run begins but `maintain`",
        ),
    ] = 200
    connect_to: Annotated[
        dict[str, str],
        NoDecode,
        Field(
            description="`host=address:port`, comma-separated: connect there instead (for trials)"
        ),
    ] = {}

    @field_validator("connect_to", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = [x.strip().partition("=") for x in value.split(",") if x.strip()]
        if any(not host or not target for host, _, target in pairs):
            raise ValueError("write host=address:port, separated by commas")
        return {host: target for host, _, target in pairs}

    @field_validator("hubs", "webhooks", mode="before")
    @classmethod
    def _addresses(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = tuple(x.strip() for x in value.split(",") if x.strip())
        if any(not x.startswith(("http://", "https://")) for x in found):
            raise ValueError("write http or https addresses, separated by commas")
        return found

    @field_validator("editions", mode="before")
    @classmethod
    def _tags(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(dict.fromkeys(x.strip() for x in value.split(",") if x.strip()))

    @field_validator("alarm_hooks", mode="before")
    @classmethod
    def _hooks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = tuple(x.strip() for x in value.split(",") if x.strip())
        if any(not _HOOK.match(x) for x in found):
            raise ValueError("write wecom=, dingtalk=, feishu= or json= and an address")
        return found

    @field_validator("mail_server")
    @classmethod
    def _mail_server(cls, value: str) -> str:
        if value:
            read_mail_server(value)
        return value

    @field_validator("mail_to", mode="before")
    @classmethod
    def _recipients(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = tuple(x.strip() for x in value.split(",") if x.strip())
        if any("@" not in x or " " in x for x in found):
            raise ValueError("write addresses such as ops@example.org, separated by commas")
        return found

    @field_validator("base_url")
    @classmethod
    def _with_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("an http or https address is wanted")
        return value.rstrip("/") + "/"

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.poll_longest < self.poll_shortest:
            raise ValueError("QUWEN_POLL_LONGEST: is shorter than QUWEN_POLL_SHORTEST")
        if self.mail_server and not self.mail_to:
            raise ValueError("QUWEN_MAIL_TO: names nobody, but QUWEN_MAIL_SERVER is set")
        return self

    @property
    def archive_dir(self) -> Path:
        """Folder of the WARC files."""
        return self.home / "archive"

    @property
    def public_dir(self) -> Path:
        """Folder of the published tree."""
        return self.home / "public"

    @property
    def feeds_file(self) -> Path:
        """File of the operator's own feeds; it need not be there."""
        return self.feeds or self.home / "feeds.toml"

    @property
    def topics_file(self) -> Path | None:
        """File of the operator's own topics, None where there is none."""
        own = self.home / "topics.toml"
        return self.topics or (own if own.is_file() else None)

    @property
    def engine_dir(self) -> Path:
        """Home of the embedded flow engine, so that nothing touches ``~``."""
        return self.home / "prefect"

    @property
    def store_url(self) -> str:
        """SQLAlchemy address of the store."""
        return self.database_url or f"sqlite:///{(self.home / 'quwen.db').absolute()}"

    @property
    def user_agent(self) -> str:
        """What publishers read in their logs."""
        return f"quwen/{__version__} (+{self.contact})" if self.contact else f"quwen/{__version__}"


def load_settings() -> Settings:
    """Return the settings in force.

    The environment wins over ``quwen.env`` in the home folder. Raises
    `ConfigError` that names the variable, and for a home that is no writable folder.
    """
    home = Path(os.environ.get("QUWEN_HOME") or "var")
    try:
        settings = Settings(_env_file=home / "quwen.env")  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        what = first["msg"].removeprefix("Value error, ")
        name = "QUWEN_" + str(first["loc"][0]).upper() if first["loc"] else ""
        if not name:  # it concerns two settings, and names the one that is to be mended
            name, _, what = what.partition(": ")
        raise ConfigError(what, where=name, hint="see the settings in README.md") from error
    return settings


def ensure_home(settings: Settings) -> None:
    """Make the home folder; raises `ConfigError` where it cannot be written."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"cannot be made: {error.strerror}", where=str(settings.home), hint="set QUWEN_HOME"
        ) from error
    if not settings.home.is_dir() or not os.access(settings.home, os.W_OK | os.X_OK):
        raise ConfigError("is no writable folder", where=str(settings.home), hint="set QUWEN_HOME")
