"""County-level divisions by code and by name."""

import re

import pytest

from pipeline.divisions import all_divisions, by_name, division, named_in, short_name
from pipeline.errors import ConfigError


def test_every_row_is_a_county_level_division_of_the_mainland():
    """Codes are unique, of the standard's form, in all 31 provinces; nothing is left empty."""
    rows = list(all_divisions())
    assert 2845 <= len(rows) <= 2860
    assert 31 == len({x.code[:2] for x in rows}) == len({x.province for x in rows})
    assert all(re.fullmatch(r"[1-6]\d{5}", x.code) and x.name and x.short for x in rows)
    assert {"东莞市", "中山市", "儋州市", "嘉峪关市"} == {
        x.name for x in rows if x.code[4:] == "00"
    }
    assert not [x.name for x in rows if re.search(r"开发区|管委会|委员会$|产业园|工业园", x.name)]


@pytest.mark.parametrize(
    ("code", "name", "prefecture", "province"),
    [
        ("371502", "东昌府区", "聊城市", "山东省"),
        ("110105", "朝阳区", "", "北京市"),
        ("429004", "仙桃市", "", "湖北省"),
        ("540581", "错那市", "山南市", "西藏自治区"),
        ("653229", "和安县", "和田地区", "新疆维吾尔自治区"),
        ("152921", "阿拉善左旗", "阿拉善盟", "内蒙古自治区"),
    ],
)
def test_a_code_gives_name_prefecture_and_province(code, name, prefecture, province):
    """Municipalities and divisions that the province rules itself have no prefecture."""
    found = division(code)
    assert (name, prefecture, province) == (found.name, found.prefecture, found.province)


@pytest.mark.parametrize("code", ["370000", "371599", "130171", "37150", ""])
def test_a_code_that_is_none_is_refused(code):
    """Provinces, development zones and misprints are no county-level division."""
    with pytest.raises(ConfigError):
        division(code)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("东昌府区", "东昌府"),
        ("泾县", "泾县"),
        ("楚雄市", "楚雄"),
        ("城区", "城区"),
        ("浦东新区", "浦东"),
        ("清新区", "清新"),
        ("六枝特区", "六枝"),
        ("神农架林区", "神农架"),
        ("万柏林区", "万柏林"),
        ("井陉矿区", "井陉矿区"),
        ("连南瑶族自治县", "连南"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("塔什库尔干塔吉克自治县", "塔什库尔干"),
        ("东乡族自治县", "东乡"),
        ("鄂伦春自治旗", "鄂伦春"),
        ("鄂温克族自治旗", "鄂温克"),
        ("喀喇沁旗", "喀喇沁"),
        ("乌拉特后旗", "乌拉特后旗"),
        ("正蓝旗", "正蓝旗"),
        ("达尔罕茂明安联合旗", "达尔罕茂明安"),
    ],
)
def test_a_short_name_is_what_datelines_say(name, short):
    """The kind of division goes, unless too little is left; peoples' names go with 自治."""
    assert short == short_name(name)


def test_no_short_name_is_shorter_than_two_characters():
    """One character would be found in any text."""
    assert not [x.name for x in all_divisions() if len(x.short) < 2]


def test_a_name_that_several_places_bear_gives_all_of_them():
    """There are four 市中区; the province or the prefecture tells them apart."""
    assert ["370103", "370402", "511002", "511102"] == [x.code for x in by_name("市中区")]
    assert ["370103", "370402"] == [x.code for x in by_name("市中区", within="山东")]
    assert ["370402"] == [x.code for x in by_name("市中区", within="枣庄市")]
    assert ["370402"] == [x.code for x in by_name("市中区", within="3704")]
    assert () == by_name("市中区", within="河北")


def test_a_full_name_outdoes_a_short_one():
    """通州区 is not 通州 of another kind, 伊宁县 and 伊宁市 share their short name."""
    assert ["伊宁县"] == [x.name for x in by_name("伊宁县")]
    assert ["伊宁市", "伊宁县"] == [x.name for x in by_name("伊宁")]
    assert () == by_name("青岚区")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("枣庄市台儿庄区人民政府", ["370405"]),
        ("济南市市中区人民政府", ["370103"]),
        ("东昌府新闻网", ["371502"]),
        ("伊宁县人民政府网", ["654021"]),
        ("北京市朝阳区", ["110105"]),
        ("伊犁察布查尔", ["654022"]),
        ("朝阳区", ["110105", "220104"]),
        ("青岚区人民政府", []),
        ("", []),
    ],
)
def test_a_sites_name_tells_its_place(text, codes):
    """The longest full name, then the longest short one, narrowed by province and prefecture."""
    assert codes == [x.code for x in named_in(text)]
