"""The engine's block that sends mail. The engine's server loads it by its entry point."""

import asyncio

from prefect.blocks.abstract import NotificationBlock, NotificationError
from pydantic import Field, SecretStr

from pipeline.errors import PipelineError
from pipeline.mail import read_mail_server, send_mail


class QuwenMail(NotificationBlock):
    """Sends notifications of the engine's automations by mail over SMTP."""

    _block_type_name = "Quwen Mail"
    _block_type_slug = "quwen-mail"

    server: SecretStr = Field(description="smtp://user:password@host:port, or smtps://…")
    sender: str = Field(description="the address that mail comes from")
    recipients: list[str] = Field(description="the addresses that mail goes to")

    async def notify(self, body: str, subject: str | None = None) -> None:
        """Send one message. Raises `NotificationError` where it cannot be handed in."""
        try:
            await asyncio.to_thread(
                send_mail,
                read_mail_server(self.server.get_secret_value()),
                sender=self.sender,
                recipients=self.recipients,
                subject=subject or "quwen",
                body=body,
            )
        except (PipelineError, ValueError) as error:
            raise NotificationError(str(error)) from error
