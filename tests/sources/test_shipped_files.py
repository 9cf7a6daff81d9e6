"""Every shipped source file: real places, well-formed addresses, evidence."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import pipeline.sources
from pipeline.divisions import division, short_name
from pipeline.extract.families import FAMILIES
from pipeline.sources.provinces import province_folder, province_letters

FOLDER = Path(pipeline.sources.__file__).parent
FILES = sorted(FOLDER.rglob("*.toml"))
DISTRICTS = {x: tomllib.loads(x.read_text(encoding="utf-8")) for x in FILES}
COLUMNS = [c for x in DISTRICTS.values() for s in x["sites"] for c in s["columns"]]
LISTED = (
    "trs",
    "hanweb",
    "jpaas",
    "ucap",
    "nfcms",
    "gkmlpt",
    "longcloud",
    "vsb",
    "generic",
    "epaper",
)
"""The families whose lists are read; WeChat is a target of links only."""


@pytest.mark.parametrize("path", FILES, ids=lambda x: x.stem)
def test_a_file_is_of_the_place_that_its_code_means(path: Path):
    """Code, name, province and short name agree with GB/T 2260, and the path with them."""
    stated = DISTRICTS[path]["place"]
    place = division(stated["code"])
    assert (place.name, place.province) == (stated["name"], stated["province"])
    assert short_name(place.name) == stated["short"]
    assert FOLDER / province_folder(place) / f"{place.code}.toml" == path


@pytest.mark.parametrize("path", FILES, ids=lambda x: x.stem)
def test_a_site_says_what_was_seen_and_when(path: Path):
    """Nobody could run a check yet: each site is unverified, with dated evidence."""
    letters = province_letters(division(DISTRICTS[path]["place"]["code"]))
    for site in DISTRICTS[path]["sites"]:
        assert site["id"].startswith(f"{letters}-")
        assert site["verified"] is False
        assert re.search(r"20\d\d-\d\d", site["evidence"]), "no date"
        assert len(site["evidence"]) > 30


@pytest.mark.parametrize("path", FILES, ids=lambda x: x.stem)
def test_addresses_are_whole(path: Path):
    """A base is scheme and host; a column's address lies below it; its family is known."""
    for site in DISTRICTS[path]["sites"]:
        base = urlsplit(site["base"])
        assert base.scheme in ("http", "https")
        assert re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", base.netloc)
        assert base.path in ("", "/")
        for column in site["columns"]:
            assert re.fullmatch(r"/[\w./?=&-]*", column["url"], re.ASCII)
            assert column["family"] in {*LISTED, *FAMILIES}
            assert column["name"]


def test_the_catalogue_reaches_over_the_country_and_all_families():
    """At least 30 places besides the first, in at least 15 provinces, every family among them."""
    codes = [x["place"]["code"] for x in DISTRICTS.values()]
    assert len(codes) == len(set(codes)) >= 31
    assert len({x[:2] for x in codes}) >= 15
    assert set(LISTED) <= {x["family"] for x in COLUMNS}


def test_an_id_is_given_once():
    """Ids are what records, feeds and operators' files refer to."""
    ids = Counter(s["id"] for x in DISTRICTS.values() for s in x["sites"])
    assert [] == [k for k, n in ids.items() if n > 1]
