"""A source is marked as verified: in place, or in a copy of the shipped file."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.sources import load_catalogue
from pipeline.sources.verify import mark_verified

NOTE = "quwen sources verify, 2026-11-29"


def mark(folder: Path, source_id: str) -> Path:
    code = load_catalogue(folder if folder.is_dir() else None).source(source_id).place.code
    return mark_verified(folder, source_id, code=code, note=NOTE)


def test_shipped_sources_are_copied_with_the_mark(tmp_path: Path):
    """Those of one place share a file; all reads as before but for the mark."""
    shipped = load_catalogue()
    places = [x.place.code for x in shipped.sources]
    shared = [x.id for x in shipped.sources if places.count(x.place.code) > 1][:6]
    chosen = [*shared, *[x.id for x in shipped.sources if x.id not in shared][:3]]
    for source_id in chosen:
        assert f"{shipped.source(source_id).place.code}.toml" == mark(tmp_path, source_id).name
    found = load_catalogue(tmp_path)
    assert set(chosen) == {x.id for x in found.sources if x.verified} - {
        x.id for x in shipped.sources if x.verified
    }
    for column in found.columns:
        old = next(
            x for x in shipped.columns if (x.source.id, x.key) == (column.source.id, column.key)
        )
        assert old == replace(column, source=replace(column.source, verified=old.source.verified))


OWN = """\
# our own
[place]
code = "370199"
name = "青岚区"
province = "山东省"
short = "青岚"

[[sites]]
id = "sd-qinglan"   # stable
name = "青岚区人民政府"
publisher = "government"
base = "http://qinglan.example"
{mark}
[[sites.columns]]
key = "zwyw"
name = "政务要闻"   # as on the page
url = "/xwzx/zwyw/"

# the other one
[[sites]]
id = "sd-qinglan-news"
name = "青岚新闻网"
publisher = "media"
base = "http://news.qinglan.example"
verified = false

[[sites.columns]]
key = "yw"
name = "要闻"
url = "/yw/"
"""


@pytest.mark.parametrize("line", ["", "verified = false   # not yet\n", "verified=true\n"])
def test_a_file_of_ones_own_is_changed_in_one_line(tmp_path: Path, line: str):
    """Comments and other sites stay as they are; a mark that is missing is added."""
    path = tmp_path / "own.toml"
    path.write_text(OWN.format(mark=line), "utf-8")
    assert path == mark(tmp_path, "sd-qinglan")
    text = path.read_text("utf-8")
    (new,) = [x for x in text.splitlines() if x.startswith("verified = true")]
    assert NOTE in new
    assert OWN.format(mark="") == text.replace(f"{new}\n", "")


def test_a_file_that_cannot_be_marked_stays_as_it_was(tmp_path: Path):
    """A form that this does not know is left to its writer."""
    path = tmp_path / "own.toml"
    text = OWN.format(mark="").replace("id = ", '"id" = ')
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="by hand"):
        mark(tmp_path, "sd-qinglan")
    assert text == path.read_text("utf-8")
