"""What the engine's pages offer: forms with types, descriptions and limits."""

import pytest

from flows.demo.sites import SOURCES
from pipeline.runs.report import Tally
from pipeline.store import Store

pytestmark = pytest.mark.engine


def test_the_form_of_a_backfill_is_typed_and_described():
    """Every field says what it means; dates are dates and numbers have limits."""
    from prefect.utilities.callables import parameter_schema  # noqa: PLC0415 - slow to import

    from flows.backfill import backfill  # noqa: PLC0415

    form = parameter_schema(backfill).model_dump_for_openapi()
    fields = form["properties"]
    assert {"source", "since", "until", "max_pages", "max_articles", "dry_run"} == set(fields)
    assert all(x.get("description") for x in fields.values())
    assert {"source", "since"} == set(form["required"])
    assert ("date", "boolean") == (fields["since"]["format"], fields["dry_run"]["type"])
    assert (1, 10_000) == (fields["max_pages"]["minimum"], fields["max_pages"]["maximum"])


def test_wrong_parameters_are_refused_before_a_run():
    """A date that is none, no pages at all, and a name that no field has."""
    from flows.backfill import backfill  # noqa: PLC0415

    good = {"source": "demo-qinglan", "since": "2026-01-01"}
    assert "demo-qinglan" == backfill.validate_parameters(good)["source"]
    for wrong in ({"since": "2026-02-30"}, {"max_pages": 0}, {"max_articles": "many"}):
        with pytest.raises(Exception, match="invalid parameters"):
            backfill.validate_parameters(good | wrong)


def test_the_form_offers_the_sources_there_are():
    """A name that is mistyped is refused before a run exists; other flows' forms stay as they are."""
    from flows.up.deployed import FLOWS, form  # noqa: PLC0415

    offered = form(FLOWS["backfill/manual"], ["demo-yunze", "demo-qinglan"])
    assert ["demo-qinglan", "demo-yunze"] == offered["properties"]["source"]["enum"]
    assert {"sources"} <= set(form(FLOWS["ingest/scheduled"], ["x"])["properties"])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"source": "nobody"}, "nobody: no such source"),
        ({"since": "2124-01-01"}, "lies in the future"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "is before since"),
    ],
)
def test_an_order_that_cannot_be_ends_in_one_clear_message(
    tmp_path, monkeypatch, wrong: dict[str, str], words: str
):
    """The run fails before anything is asked or made, and its message says why."""
    from flows.backfill import backfill  # noqa: PLC0415

    monkeypatch.setenv("QUWEN_HOME", str(tmp_path))
    monkeypatch.setenv("QUWEN_SOURCES", str(SOURCES))
    order = {"source": "demo-qinglan", "since": "2026-01-01"} | wrong
    state = backfill.fn(**backfill.validate_parameters(order))
    assert state.is_failed()
    assert words in state.message
    with Store.open(f"sqlite:///{tmp_path / 'quwen.db'}") as store:
        assert () == tuple(store.runs(limit=10))


def test_the_table_of_a_run_has_what_operators_look_for():
    """The usual counts always, in their order; those of few runs only where they say something."""
    from flows.common import rows, summary  # noqa: PLC0415

    tally = Tally(source="demo-yunze")
    tally.counts.update({"listed": 12, "fetched": 3, "new": 2, "withdrawn": 1})
    tally.problem("http://yunze.example/1.html", "gone (HTTP 404)", "failed")
    (row,) = rows([tally.report()])
    usual = ["source", "listed", "fetched", "304", "new", "edited", "withdrawn", "quarantined"]
    assert [*usual, "failed", "problems", "seconds"] == list(row)
    assert (12, 0, 1, 1) == (row["listed"], row["304"], row["withdrawn"], row["problems"])
    assert "2 new, 1 withdrawn, 1 problem" == summary([tally.report()])
