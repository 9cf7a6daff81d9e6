"""What happens is told: in lines for programs and people, and in metrics."""

import json
import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import runs
from pipeline.log import event, set_up_log
from pipeline.metrics import render_metrics
from pipeline.runs.entries import write_metrics


@pytest.fixture(autouse=True)
def quiet_afterwards():
    yield
    logger = logging.getLogger("quwen")
    logger.handlers.clear()
    logger.propagate = True


def test_an_event_is_one_line_of_json(capsys: pytest.CaptureFixture[str]):
    """Whatever texts hold, programs read one object a line."""
    set_up_log("json")
    event("source.problem", level=logging.WARNING, source="sd-a", what='两行\n与"引号"')
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert ("source.problem", "warning", '两行\n与"引号"') == (
        told["event"],
        told["level"],
        told["what"],
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", told["at"])


def test_an_event_is_one_line_of_text(capsys: pytest.CaptureFixture[str]):
    """Values with blanks and line breaks are quoted, so that none looks like another event."""
    set_up_log("text")
    event("run.ended", run=7, state="completed", error="a\nb c")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith('info run.ended run=7 state=completed error="a\\nb c"')


def test_errors_of_the_program_stand_on_one_line_too(capsys: pytest.CaptureFixture[str]):
    """No trace runs over the lines of other events."""
    set_up_log("json")
    try:
        raise ValueError("zwei\nZeilen")
    except ValueError:
        logging.getLogger("quwen.up").exception("ended with an error")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: zwei\nZeilen" == json.loads(line)["error"]


def test_a_run_tells_what_it_did(context: runs.Context, capsys: pytest.CaptureFixture[str]):
    """Begin, each source with its counts, each problem, end."""
    set_up_log("json")
    with runs.ledger(context, "ingest", {}) as entry:
        entry.add(runs.ingest_source("demo-qinglan", context=context, run_id=entry.run_id))
    told = [json.loads(x) for x in capsys.readouterr().err.splitlines()]
    names = [x["event"] for x in told]
    assert ("run.started", "run.ended") == (names[0], names[-1])
    (done,) = [x for x in told if x["event"] == "source.done"]
    assert done["new"] == context.store.counts().articles
    assert len(entry.reports[0].problems) == names.count("source.problem") > 0


SAMPLE = re.compile(r'[a-z_]+(\{([a-z]+="[^"\n]*",?)+\})? [0-9.e+-]+')


def test_metrics_are_what_prometheus_reads(context: runs.Context):
    """Every metric has help and type before its samples; no name and labels come twice."""
    with runs.ledger(context, "ingest", {}) as entry:
        entry.add(runs.ingest_source("demo-yunze", context=context, run_id=entry.run_id))
    lines = render_metrics(context.store, now=context.clock()).splitlines()
    samples = [x for x in lines if not x.startswith("#")]
    assert all(SAMPLE.fullmatch(x) for x in samples)
    assert len(samples) == len({x.rpartition(" ")[0] for x in samples})
    described = {x.split()[2] for x in lines if x.startswith("# TYPE")}
    assert {re.split("[{ ]", x)[0] for x in samples} <= described
    assert f"quwen_articles {context.store.counts().articles}" in samples
    failures = [x for x in samples if x.startswith('quwen_column_failures{source="demo-yunze"')]
    assert failures
    assert all(x.endswith(" 0") for x in failures)
    assert 'quwen_run_state{kind="ingest",state="completed"} 1' in samples
    new = entry.reports[0].counts["new"]
    assert f'quwen_run_counts{{kind="ingest",count="new"}} {new}' in samples
    assert 'quwen_run_counts{kind="ingest",count="problems"} 0' in samples


def test_metrics_are_written_to_a_file_after_every_run(context: runs.Context, tmp_path: Path):
    """Without `quwen up`, Prometheus' node exporter reads them from there."""
    path = tmp_path / "metrics" / "quwen.prom"
    own = replace(context, settings=context.settings.model_copy(update={"metrics_file": path}))
    with runs.ledger(own, "publish", {}):
        pass
    assert "quwen_run_started_timestamp_seconds" in path.read_text("utf-8")
    assert [path] == list(path.parent.iterdir()), "no draft is left"


def test_a_run_does_not_fail_for_its_metrics(
    context: runs.Context, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """A file that cannot be written is told in the log."""
    set_up_log("text")
    (tmp_path / "file").touch()
    write_metrics(context, tmp_path / "file" / "quwen.prom")
    assert "metrics.unwritten" in capsys.readouterr().err
