"""Mail over SMTP: for alarms, sent by an automation of the engine."""

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from typing import Literal
from urllib.parse import unquote, urlsplit

from pipeline.errors import ConfigError, PipelineError

_TIMEOUT_S = 30.0
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed in. ``form`` smtps: encrypted from the first byte, else by STARTTLS."""

    form: Literal["smtp", "smtps"]
    host: str
    port: int
    user: str = ""
    password: str = ""


def read_mail_server(value: str) -> MailServer:
    """Return the server that ``smtp://user:password@host:port`` names; smtps likewise.

    Port 587 where none is given, for smtps 465; reserved characters in name and
    password are percent-encoded. Raises ValueError, which never repeats the password.
    """
    wanted = "write smtp://user:password@host:port or smtps://…"
    try:
        parts = urlsplit(value.strip())
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(wanted) from error
    if not host or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(wanted)
    form: Literal["smtp", "smtps"]
    if parts.scheme == "smtp":
        form = "smtp"
    elif parts.scheme == "smtps":
        form = "smtps"
    else:
        raise ValueError(wanted)
    return MailServer(
        form=form,
        host=host,
        port=port or _PORTS[form],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def send_mail(
    server: MailServer, *, sender: str, recipients: Sequence[str], subject: str, body: str
) -> None:
    """Hand in one message as plain text. Raises `PipelineError` with what the server said."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = sender, ", ".join(recipients)
    message["Subject"] = " ".join(subject.split())
    message["Date"], message["Message-ID"] = formatdate(usegmt=True), make_msgid(domain="quwen")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers of absence
    message.set_content(body)
    with _connection(server) as connection:
        try:
            connection.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise _failed(server, error) from error


def try_mail_server(server: MailServer) -> None:
    """Connect and log in, send nothing. Raises `PipelineError`, `ConfigError` without encryption."""
    _connection(server).close()


def _connection(server: MailServer) -> smtplib.SMTP:
    tls = ssl.create_default_context()
    try:
        if server.form == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=_TIMEOUT_S, context=tls
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)
            connection.ehlo()
            if connection.has_extn("starttls"):
                connection.starttls(context=tls)
            elif server.password:
                connection.close()
                raise ConfigError(
                    "offers no encryption, so the password is not sent",
                    where=f"{server.host}:{server.port}",
                    hint="use smtps:// in QUWEN_MAIL_SERVER, or another port",
                )
        if server.user:
            connection.login(server.user, server.password)
    except (OSError, smtplib.SMTPException) as error:
        raise _failed(server, error) from error
    return connection


def _failed(server: MailServer, error: Exception) -> PipelineError:
    return PipelineError(
        f"mail server: {type(error).__name__}: {error}",
        where=f"{server.host}:{server.port}",
        hint="see QUWEN_MAIL_SERVER",
    )
