"""How quwen fares, in the text format of Prometheus (exposition format 0.0.4)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline import __version__
from pipeline.store import Run, Store

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A metric with its values by labels."""

    name: str
    help: str
    type: Literal["gauge", "counter"]
    values: Mapping[Labels, float]


def render_metrics(store: Store, *, now: datetime) -> str:
    """Return all metrics of a store as text. Raises `StoreError`."""
    with store.snapshot():
        return "".join(map(_text, _metrics(store, now)))


def _metrics(store: Store, now: datetime) -> Iterable[Metric]:
    yield Metric(
        name="quwen_info",
        help="The program that runs.",
        type="gauge",
        values={(("version", __version__),): 1},
    )
    counts = store.counts()
    yield _one("quwen_articles", "Articles in the store.", counts.articles)
    yield _one("quwen_meetings", "Meeting records in the store.", counts.meetings)
    yield _one("quwen_articles_withdrawn", "Articles that were taken down.", counts.withdrawn)
    yield _one("quwen_revisions_total", "Revisions learned.", counts.revisions, kind="counter")
    yield _one("quwen_captures_total", "Responses archived.", counts.captures, kind="counter")
    yield _one("quwen_quarantined", "Pages kept but not understood.", counts.quarantined)
    status = store.status()
    yield Metric(
        name="quwen_source_articles",
        help="Articles by source.",
        type="gauge",
        values={(("source", x.source),): x.articles for x in status},
    )
    columns = [(x, (("source", x.source), ("column", x.column))) for s in status for x in s.columns]
    yield Metric(
        name="quwen_column_failures",
        help="Failed looks in a row.",
        type="gauge",
        values={labels: x.failures for x, labels in columns},
    )
    yield Metric(
        name="quwen_column_last_success_timestamp_seconds",
        help="Last look that succeeded.",
        type="gauge",
        values={labels: x.ok_at.timestamp() for x, labels in columns if x.ok_at},
    )
    yield Metric(
        name="quwen_column_due_timestamp_seconds",
        help="When a column is due again.",
        type="gauge",
        values={
            (("source", source), ("column", column)): x.due.timestamp()
            for (source, column), x in store.upkeep.planned().items()
            if x.due
        },
    )
    yield from _alarms(store)
    yield from _runs(store.last_runs(), now)


def _alarms(store: Store) -> Iterable[Metric]:
    yield Metric(
        name="quwen_alarm_open",
        help="Open alarms by column and kind.",
        type="gauge",
        values={
            (("source", x.source), ("column", x.column), ("kind", x.kind)): 1
            for x in store.upkeep.alarms()
        },
    )


def _runs(last: Iterable[Run], now: datetime) -> Iterable[Metric]:
    newest = tuple(last)
    yield Metric(
        name="quwen_run_started_timestamp_seconds",
        help="When the newest run of a kind began.",
        type="gauge",
        values={_kind(x): x.started.timestamp() for x in newest},
    )
    yield Metric(
        name="quwen_run_duration_seconds",
        help="How long the newest run of a kind took, or has taken so far.",
        type="gauge",
        values={_kind(x): ((x.ended or now) - x.started).total_seconds() for x in newest},
    )
    yield Metric(
        name="quwen_run_state",
        help="State of the newest run of a kind.",
        type="gauge",
        values={(*_kind(x), ("state", x.state)): 1 for x in newest},
    )
    sums = [(x, _sums(x)) for x in newest if x.report]
    yield Metric(
        name="quwen_run_counts",
        help="What the newest ended run of a kind counted, all sources together.",
        type="gauge",
        values={(*_kind(x), ("count", name)): n for x, found in sums for name, n in found.items()},
    )


def _sums(run: Run) -> Mapping[str, int]:
    """Counts over a run's sources, with its problems."""
    total = Counter[str]()
    for source in (run.report or {}).get("sources", ()):
        total.update(source["counts"])
        total["problems"] += len(source["problems"])
    return total


def _kind(run: Run) -> Labels:
    return (("kind", run.kind),)


def _one(
    name: str, help_: str, value: float, *, kind: Literal["gauge", "counter"] = "gauge"
) -> Metric:
    return Metric(name=name, help=help_, type=kind, values={(): value})


def _text(metric: Metric) -> str:
    lines = [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.type}"]
    for labels, value in sorted(metric.values.items()):
        inside = ",".join(f'{k}="{_escaped(v)}"' for k, v in labels)
        lines.append(f"{metric.name}{'{' + inside + '}' if inside else ''} {value:.15g}")
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
