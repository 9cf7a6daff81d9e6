"""The catalogue: strict files, an operator's folder over it, clear errors."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.sources import load_catalogue

DISTRICT = """
[place]
code = "370199"
name = "青岚区"
province = "山东省"
short = "青岚"
[[sites]]
id = "sd-qinglan"
name = "青岚区人民政府"
publisher = "government"
base = "http://qinglan.example"
verified = true
[[sites.columns]]
key = "zwyw"
name = "政务要闻"
url = "/xwzx/zwyw/"
family = "trs"
[[sites.columns.layouts]]
since = 2026-06-01
family = "generic"
"""


def write(folder: Path, text: str, name: str = "370199.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_shipped_source_file_is_read():
    """The catalogue itself follows the rules that operators' files follow."""
    catalogue = load_catalogue()
    assert catalogue.source("sd-dongchangfu-news").place.code == "371502"
    assert all(catalogue.columns_of(x.id) for x in catalogue.sources)


def test_column_addresses_are_absolute(tmp_path: Path):
    """A column's address is taken below the site's base."""
    (column,) = load_catalogue(write(tmp_path, DISTRICT), shipped=False).columns
    assert "http://qinglan.example/xwzx/zwyw/" == column.url


def test_a_newspaper_has_an_address_a_day(tmp_path: Path):
    """The parts of the date are filled in on the day of reading."""
    text = DISTRICT.replace("/xwzx/zwyw/", "/html/{yyyy}-{mm}/{dd}/node_1.htm")
    (column,) = load_catalogue(write(tmp_path, text), shipped=False).columns
    wanted = "http://qinglan.example/html/2026-03/08/node_1.htm"
    assert wanted == column.url_on(date(2026, 3, 8))


def test_a_dated_layout_rules_from_its_day_on(tmp_path: Path):
    """Captures from before a redesign keep the layout of their day."""
    (column,) = load_catalogue(write(tmp_path, DISTRICT), shipped=False).columns
    assert "trs" == column.layout_on(date(2026, 5, 31)).family
    assert "generic" == column.layout_on(date(2026, 6, 1)).family


def test_an_own_site_replaces_the_shipped_one(tmp_path: Path):
    """The operator's file wins for the same id."""
    own = DISTRICT.replace("sd-qinglan", "sd-dongchangfu-news")
    catalogue = load_catalogue(write(tmp_path, own))
    assert "青岚区人民政府" == catalogue.source("sd-dongchangfu-news").name


def test_only_verified_sources_are_read_without_being_named(tmp_path: Path):
    """A source that nobody has checked is read only by its name."""
    catalogue = load_catalogue(write(tmp_path, DISTRICT))
    assert ["sd-qinglan"] == [x.id for x in catalogue.select([])]
    assert ["sd-dongchangfu-news"] == [x.id for x in catalogue.select(["sd-dongchangfu-news"])]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("code = ", "cod = "), "place.cod"),
        (('publisher = "government"', 'publisher = "state"'), "publisher"),
        (("http://qinglan.example", "qinglan.example"), "base"),
        (("[place]", "[place"), "is not TOML"),
        (('id = "sd-qinglan"', 'id = "sd-qinglan"\nmirror_of = "nobody"'), "nobody"),
        (("zwyw", "政务"), "key"),
        (('family = "trs"', 'family = "tsr"'), "there is no family 'tsr'"),
        (('family = "generic"', 'family = "gneric"'), "there is no family 'gneric'"),
        (('family = "trs"', 'family = "wechat"'), "no public lists"),
        (("/xwzx/zwyw/", "https://mp.weixin.qq.com/s/AbCdEf"), "no public lists"),
        (("/xwzx/zwyw/", "/html/{year}/{mm}/"), "{year}"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wrong(
    tmp_path: Path, change: tuple[str, str], said: str
):
    """Unknown keys, impossible values and broken TOML give one clear error."""
    with pytest.raises(ConfigError, match=said):
        load_catalogue(write(tmp_path, DISTRICT.replace(*change)), shipped=False)


def test_an_identifier_is_given_once(tmp_path: Path):
    """Two files with one site id are refused, naming both."""
    write(tmp_path, DISTRICT, "other.toml")
    with pytest.raises(ConfigError, match=r"370199\.toml"):
        load_catalogue(write(tmp_path, DISTRICT), shipped=False)


def test_an_unknown_source_is_answered_with_near_ones(tmp_path: Path):
    """A typing error is met with the id that was meant."""
    catalogue = load_catalogue(write(tmp_path, DISTRICT), shipped=False)
    with pytest.raises(ConfigError, match="did you mean sd-qinglan"):
        catalogue.source("sd-qinlan")


def test_a_missing_folder_is_named(tmp_path: Path):
    """QUWEN_SOURCES that leads nowhere is said."""
    with pytest.raises(ConfigError, match="QUWEN_SOURCES"):
        load_catalogue(tmp_path / "nowhere")
