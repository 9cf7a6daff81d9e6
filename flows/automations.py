"""What the engine does by itself: ends runs whose process is gone, sends mail.

``python -m flows.automations`` tells the engine at PREFECT_API_URL; `quwen up` does it too.
"""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import flows.engine  # noqa: F401  isort: skip - sets the engine up before it is imported
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.events import AutomationCore, EventTrigger, Posture, ResourceSpecification
from prefect.events.actions import ChangeFlowRunState, SendNotification
from pydantic import SecretStr

from flows.common import ALARMS
from flows.mail import QuwenMail
from pipeline.settings import Settings, load_settings

_BLOCK = "quwen-mail"
_HEARTBEAT = timedelta(seconds=180)  # the engine's default; a shorter one is well, a longer is not
_AGAIN = timedelta(hours=6)
_OURS = ResourceSpecification.model_validate(
    {"prefect.resource.role": "tag", "prefect.resource.id": "prefect.tag.quwen"}
)
_ANY_RUN = ResourceSpecification.model_validate({"prefect.resource.id": "prefect.flow-run.*"})

ZOMBIES, MAIL_ALARMS, MAIL_FAILURES = (
    "quwen: end runs whose process is gone",
    "quwen: mail alarms",
    "quwen: mail failed runs",
)


def register_automations(client: SyncPrefectClient, settings: Settings) -> tuple[str, ...]:
    """Make or renew our automations; their names. Those for mail go where no mail is set."""
    block = _save_block(settings)
    wanted = {x.name: x for x in _automations(block)}
    for name in (ZOMBIES, MAIL_ALARMS, MAIL_FAILURES):
        known = client.read_automations_by_name(name)
        for old in known[(1 if name in wanted else 0) :]:
            client.delete_automation(old.id)
        if name not in wanted:
            continue
        if known:
            # Somebody may have paused it on the engine's pages: that stays
            kept = wanted[name].model_copy(update={"enabled": known[0].enabled})
            client.update_automation(known[0].id, kept)
        else:
            client.create_automation(wanted[name])
    return tuple(wanted)


def _save_block(settings: Settings) -> UUID | None:
    if not settings.mail_server:
        return None
    block = QuwenMail(
        server=SecretStr(settings.mail_server),
        sender=settings.mail_from or settings.mail_to[0],
        recipients=list(settings.mail_to),
    )
    saved = block.save(_BLOCK, overwrite=True)
    return UUID(str(saved))


def _automations(block: UUID | None) -> Iterator[AutomationCore]:
    yield AutomationCore(
        name=ZOMBIES,
        description="A run that has not been heard of for three heartbeats has crashed.",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.*"},  # states have names of our own, too
            match=_ANY_RUN,
            match_related=_OURS,
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=3 * _HEARTBEAT,
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                force=False,
                state=StateType.CRASHED,
                message="no heartbeat for nine minutes: its process is gone",
            )
        ],
    )
    if block is None:
        return
    yield AutomationCore(
        name=MAIL_ALARMS,
        description="Mail what alarms have opened and closed, one message a run.",
        trigger=EventTrigger(expect={ALARMS}, posture=Posture.Reactive, threshold=1),
        actions=[
            SendNotification(
                block_document_id=block,
                subject="quwen: {{ event.payload.summary }}",
                body="{{ event.payload.text }}",
            )
        ],
    )
    yield AutomationCore(
        name=MAIL_FAILURES,
        description="Mail that a run has failed or crashed, each flow at most once in six hours.",
        trigger=EventTrigger(
            expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
            match=_ANY_RUN,
            match_related=_OURS,
            for_each={"related:flow:prefect.resource.id"},
            posture=Posture.Reactive,
            threshold=1,
            within=_AGAIN,
        ),
        actions=[
            SendNotification(
                block_document_id=block,
                subject="quwen: {{ flow.name }} {{ flow_run.state.name }}",
                body="{{ flow_run.name }}\n{{ flow_run.state.message }}\n\n{{ flow_run|ui_url }}\n",
            )
        ],
    )


def main() -> None:
    """Tell the engine that PREFECT_API_URL names of our automations."""
    with get_client(sync_client=True) as client:
        for name in register_automations(client, load_settings()):
            print(name)  # noqa: T201 - a command


if __name__ == "__main__":
    main()
