"""What an operator sets, from ``QUWEN_*`` in the environment or ``quwen.env`` in the home folder."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """All settings; each is the environment variable ``QUWEN_`` + its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="QUWEN_", extra="ignore", frozen=True)

    home: Annotated[Path, Field(description="folder for database, archive, feeds and engine")] = (
        Path("var")
    )
    database_url: Annotated[
        str | None, Field(description="SQLAlchemy address; default: quwen.db in the home folder")
    ] = None
    sources: Annotated[
        Path | None, Field(description="folder of your own source files, laid over the catalogue")
    ] = None
    base_url: Annotated[
        str, Field(description="where the published tree will be reached, with a slash at the end")
    ] = "http://127.0.0.1:8750/"
    tag_authority: Annotated[
        str, Field(description="host,year of the feeds' tag: ids (RFC 4151); never change it")
    ] = "quwen.invalid,2026"
    contact: Annotated[
        str, Field(description="address or e-mail that publishers find in the User-Agent")
    ] = "unset"
    threads: Annotated[int, Field(ge=1, le=64, description="hosts fetched at the same time")] = 8
    connect_to: Annotated[
        dict[str, str],
        NoDecode,
        Field(description="host=address:port pairs, comma-separated, for trying out; no DNS asked"),
    ] = {}

    @property
    def archive_dir(self) -> Path:
        """Folder of the WARC files."""
        return self.home / "archive"

    @property
    def public_dir(self) -> Path:
        """Folder of the published tree."""
        return self.home / "public"

    @property
    def store_url(self) -> str:
        """SQLAlchemy address of the store."""
        return self.database_url or f"sqlite:///{(self.home / 'quwen.db').absolute()}"
