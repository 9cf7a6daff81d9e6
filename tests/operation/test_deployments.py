"""What the engine's pages offer: forms with types, descriptions and limits."""

import pytest

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
