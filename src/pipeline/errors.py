"""The one exception tree of quwen.

A broken promise is an exception, an expected outcome is a return type. Each
error says what was wrong, where, and what to do; the command line prints
``str(error)`` in one line.
"""


class PipelineError(Exception):
    """Something quwen cannot go on with.

    *where* is the address, path or setting concerned, *hint* what to do.
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} ({self.hint})" if self.hint else text


class ConfigError(PipelineError):
    """Wrong usage: a setting, a source file or an argument."""

    exit_code = 2


class FetchError(PipelineError):
    """No complete response came back: DNS, TLS, timeout, broken body, refused address."""


class DecodeError(PipelineError):
    """The bytes are no text in any encoding tried."""


class ExtractError(PipelineError):
    """The page cannot be read as HTML within the limits set for it."""


class ParseError(PipelineError):
    """A text states something impossible, such as 10月41日."""


class ArchiveError(PipelineError):
    """A stored response cannot be written or read back whole."""


class StoreError(PipelineError):
    """The database cannot be opened, migrated, read or written."""


class PublishError(PipelineError):
    """A file of the published tree cannot be rendered or written."""


class PublishStopped(PublishError):  # noqa: N818 - nothing is wrong
    """Publishing was told to end; each file is old or new, and the next run goes on."""
