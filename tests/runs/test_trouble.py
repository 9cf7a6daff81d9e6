"""An archive that cannot be written to: told once a source, nothing lost, completed afterwards."""

from pipeline import runs
from pipeline.runs.tick import Work

from .conftest import SOURCE, Site, look


def test_an_archive_that_cannot_be_written_to_is_told(own: runs.Context, site: Site):
    """Nothing is stored that was not archived; the next run reads all of it."""
    in_the_way = own.settings.archive_dir
    in_the_way.write_text("")
    with runs.ledger(own, "ingest", {}) as entry:
        (report,) = runs.ingest_batch([Work(source=SOURCE)], context=own, run_id=entry.run_id)
        entry.add(report)
    assert "Failed" == report.state
    assert "cannot be written" in report.problems[0].what
    assert "make the folder writable" in report.problems[0].what
    assert 0 == own.store.counts().articles
    in_the_way.unlink()
    assert 12 == look(own).counts["new"]
