"""Alarms of columns in the store: raised and ended by looks, told to those who want to know."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from pipeline.health import Verdict, judge, step
from pipeline.log import event
from pipeline.records import CHINA
from pipeline.runs.context import Context
from pipeline.runs.hooks import read_hook, send
from pipeline.schedule import News
from pipeline.store import Alarm, Store

_HISTORY_DAYS = 60
_TELL_AGAIN_DAYS = 3  # what nobody could be told by then is old


def examine(
    store: Store,
    source: str,
    column: str,
    look: Mapping[str, int],
    *,
    news: tuple[News, ...],
    now: datetime,
    reason: str,
) -> None:
    """Judge a column after a look and write down what that does to its alarms."""
    today = now.astimezone(CHINA).date()
    days = store.upkeep.days(source, column, since=today - timedelta(days=_HISTORY_DAYS))
    counted = [(x.day, x.counts) for x in days]
    verdicts = judge(look, counted, news, today=today, reason=reason)
    standing = {
        x.kind: x
        for x in store.upkeep.alarms(source=source, column=column, states=("suspected", "open"))
    }
    for kind, verdict in verdicts.items():
        _step(store, standing.get(kind), verdict, (source, column, kind), now)


def note_verdict(
    store: Store, source: str, column: str, kind: str, verdict: Verdict, *, now: datetime
) -> None:
    """Write down what a verdict that no look at the list gives does to the column's alarm."""
    standing = store.upkeep.alarms(source=source, column=column, states=("suspected", "open"))
    before = next((x for x in standing if x.kind == kind), None)
    _step(store, before, verdict, (source, column, kind), now)


def _step(
    store: Store,
    before: Alarm | None,
    verdict: Verdict,
    about: tuple[str, str, str],
    now: datetime,
) -> None:
    source, column, kind = about
    after = step(before, verdict, source=source, column=column, kind=kind, now=now)
    if after == before:
        return
    if after is None and before is not None:
        store.upkeep.drop_alarm(before.id)
    elif after is not None:
        store.upkeep.save_alarm(after)
        if after.state in ("open", "closed") and (before is None or before.state != after.state):
            _log(after)


def _log(alarm: Alarm) -> None:
    event(
        f"alarm.{alarm.state}",
        level=logging.WARNING if alarm.state == "open" else logging.INFO,
        source=alarm.source,
        column=alarm.column,
        kind=alarm.kind,
        what=alarm.message,
    )


def tell_alarms(context: Context) -> tuple[str, ...]:
    """Tell all hooks of alarms that have opened or closed since; a line for each that failed.

    Each hook hears of each change once. One that cannot be reached hears of it after a
    later run; others are not told again meanwhile.
    """
    now, upkeep = context.clock(), context.store.upkeep
    since = now - timedelta(days=_TELL_AGAIN_DAYS)
    changed = [
        x
        for x in upkeep.alarms(states=("open", "closed"))
        if x.told_at is None or x.told_at < changed_at(x)
        if changed_at(x) >= since
    ]
    if not changed:
        return ()
    problems = []
    for hook in map(read_hook, context.settings.alarm_hooks):
        heard = upkeep.heard(hook.name)
        wanted = [x for x in reversed(changed) if (x.id, x.state) not in heard]
        if not wanted:
            continue
        problem = send(hook, wanted, base_url=context.settings.base_url, now=now)
        if problem is None:
            upkeep.note_heard(hook.name, [(x.id, x.state) for x in wanted])
        else:
            problems.append(f"alarm hook {hook.name}: {problem}")
    if not problems:
        for x in changed:
            upkeep.told(x.id, at=now)
    return tuple(problems)


def take_alarms(context: Context, listener: str) -> tuple[Alarm, ...]:
    """Return alarms that have opened or closed, the oldest first, and that *listener* has not heard of.

    They count as heard from then on, whoever asks for that listener on whatever machine.
    """
    upkeep = context.store.upkeep
    since = context.clock() - timedelta(days=_TELL_AGAIN_DAYS)
    recent = [x for x in upkeep.alarms(states=("open", "closed")) if changed_at(x) >= since]
    if not recent:
        return ()
    heard = upkeep.heard(listener)
    fresh = tuple(x for x in reversed(recent) if (x.id, x.state) not in heard)
    if fresh:
        upkeep.note_heard(listener, [(x.id, x.state) for x in fresh])
    return fresh


def changed_at(alarm: Alarm) -> datetime:
    """Return when an alarm changed its state last."""
    return alarm.closed_at or alarm.opened_at or alarm.since
