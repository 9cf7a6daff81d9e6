"""Mail over SMTP, against a mail server on loopback."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from pipeline.errors import ConfigError, PipelineError
from pipeline.mail import MailServer, read_mail_server, send_mail, try_mail_server
from pipeline.settings import load_settings


class Mailbox:
    """Keeps what is handed in."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.recipients: list[list[str]] = []

    async def handle_DATA(  # noqa: N802 - the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        self.recipients.append(envelope.rcpt_tos)
        return "250 kept"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[MailServer]:
    """A mail server without encryption."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = Controller(mailbox, hostname="127.0.0.1", port=port)
    running.start()
    try:
        yield MailServer(form="smtp", host="127.0.0.1", port=port)
    finally:
        running.stop()


def test_a_message_arrives_with_its_text(server: MailServer, mailbox: Mailbox):
    """Chinese text, one line of subject, all recipients, and no answers of absence are asked for."""
    send_mail(
        server,
        sender="quwen@example.org",
        recipients=("a@example.org", "b@example.org"),
        subject="1 alarm\nopened",
        body="【告警】云泽 empty: 列表空了\n",
    )
    (message,) = mailbox.messages
    assert "【告警】云泽 empty: 列表空了" == message.get_content().strip()
    assert ("1 alarm opened", "auto-generated") == (message["subject"], message["auto-submitted"])
    assert [["a@example.org", "b@example.org"]] == mailbox.recipients


def test_a_password_is_not_sent_without_encryption(server: MailServer, mailbox: Mailbox):
    """Better no mail than a password that anybody on the way can read."""
    own = MailServer(form="smtp", host=server.host, port=server.port, user="quwen", password="x")
    with pytest.raises(ConfigError, match="offers no encryption"):
        try_mail_server(own)
    assert [] == mailbox.messages


def test_a_server_that_is_away_is_named(server: MailServer):
    """With its address, and the setting that it comes from."""
    away = MailServer(form="smtps", host="127.0.0.1", port=9)
    with pytest.raises(PipelineError, match=r"127\.0\.0\.1:9: mail server: .*QUWEN_MAIL_SERVER"):
        try_mail_server(away)


def test_what_a_server_refuses_is_told(server: MailServer, mailbox: Mailbox):
    """The server's own words stand in the error."""

    async def refuse(*_: object) -> str:
        return "550 no such box"

    mailbox.handle_RCPT = refuse
    with pytest.raises(PipelineError, match="no such box"):
        send_mail(server, sender="q@example.org", recipients=["x@y.example"], subject="", body="")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("smtp://mail.example", ("smtp", "mail.example", 587, "", "")),
        ("smtps://u%40x:a%2Fb@mail.example/", ("smtps", "mail.example", 465, "u@x", "a/b")),
        ("smtp://127.0.0.1:25", ("smtp", "127.0.0.1", 25, "", "")),
    ],
)
def test_mail_servers_are_read(value: str, expected: tuple[object, ...]):
    """Form, host, port and who logs in."""
    found = read_mail_server(value)
    assert expected == (found.form, found.host, found.port, found.user, found.password)


@pytest.mark.parametrize(
    "value", ["mail.example", "http://m.example", "smtp://", "smtp://h:x", "smtp://h/p"]
)
def test_other_addresses_are_refused_without_their_password(value: str):
    """The message says how to write it."""
    with pytest.raises(ValueError, match="write smtp://"):
        read_mail_server(value)


def test_settings_of_mail_go_together(monkeypatch: pytest.MonkeyPatch):
    """A server without recipients, and addresses that are none, are told by name."""
    monkeypatch.setenv("QUWEN_MAIL_SERVER", "smtp://u:geheim@mail.example")
    with pytest.raises(ConfigError, match="QUWEN_MAIL_TO: names nobody"):
        load_settings()
    monkeypatch.setenv("QUWEN_MAIL_TO", "nobody")
    with pytest.raises(ConfigError, match="QUWEN_MAIL_TO: write addresses"):
        load_settings()
    monkeypatch.setenv("QUWEN_MAIL_TO", "a@example.org, b@example.org")
    assert ("a@example.org", "b@example.org") == load_settings().mail_to
