"""S3-compatible stores (extra ``[s3]``): how they are named and opened."""

import os
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from obstore.store import S3Store


def open_store(url: str, *, setting: str) -> "S3Store":
    """Return the store below an ``s3://bucket/prefix`` address. Nothing is asked yet.

    Endpoint, region and credentials are the standard ``AWS_*`` variables. Raises
    `ConfigError` that names *setting* for a wrong address, and where the extra is missing.
    """
    try:
        from obstore.store import S3Store  # noqa: PLC0415 - of an extra
    except ImportError as error:
        raise ConfigError(
            "needs the extra [s3]", where=setting, hint="pip install 'quwen[s3]'"
        ) from error
    scheme, _, rest = url.partition("://")
    if scheme != "s3" or not rest.partition("/")[0]:
        raise ConfigError(
            f"{url!r} is no S3 address", where=setting, hint="write s3://bucket/prefix"
        )
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
    try:
        return S3Store.from_url(
            url,
            client_options={
                "connect_timeout": "5s",
                "timeout": "60s",
                "allow_http": endpoint.startswith("http://"),
            },
            retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=15)},
        )
    except Exception as error:  # whatever the library's own tree holds: it is a setting
        raise ConfigError(
            f"cannot be used: {first_line(error)}",
            where=setting,
            hint="look at the AWS_* variables",
        ) from error


def first_line(error: BaseException) -> str:
    """The first line of an error: the library's later ones repeat the request."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:200]
