"""One page, from its bytes to its record: what only the whole reading shows."""

from datetime import UTC, datetime

import pytest

from pipeline.interpret import interpret, parsed_again
from pipeline.records import Article, Capture

TEXT = "新桥今天通车，两岸居民过河不用再绕行五公里，早晚高峰的拥堵也少了许多。"
PAGE = """<html><head><meta charset="utf-8"><title>新桥通车_青岚区人民政府</title></head><body>
<div class="nav"><a href="/">首页</a></div><h1>新桥通车</h1>
<div class="info"><span>发布时间：2026-03-02 09:30</span><span>来源：青岚融媒</span>{above}</div>
<div class="content"><p>{text}</p><p>{text}{within}</p></div>{below}
<div class="foot">主办：青岚区人民政府</div></body></html>"""


def read(*, above: str = "", within: str = "", below: str = "") -> Article:
    body = PAGE.format(text=TEXT, above=above, within=within, below=below).encode()
    url = "http://qinglan.example/1.html"
    at = datetime(2026, 3, 2, 4, tzinfo=UTC)
    return interpret(
        Capture(url=url, requested_url=url, status=200, headers=(), body=body, fetched_at=at)
    )


def makers(article: Article) -> dict[str, tuple[str, ...]]:
    return {x.role: x.names for x in article.credits}


@pytest.mark.parametrize(
    "around",
    [
        {"above": "<span>责任编辑：林晓禾</span>"},
        {"below": '<div class="editor">责任编辑：林晓禾</div>'},
        {"below": "<table><tr><td>责任编辑：\n   林晓禾</td><td>来源：青岚融媒</td></tr></table>"},
        {"below": "<p>【打印】【关闭】 [责任编辑：林晓禾]</p>"},
    ],
)
def test_editors_are_named_beside_the_text(around):
    """In the line below the title or behind the end; they are no part of the text."""
    article = read(**around)
    assert {"责任编辑": ("林晓禾",)} == makers(article)
    assert (TEXT, TEXT) == article.paragraphs
    assert article.author is None


def test_what_stands_around_a_corrected_text_stays():
    """It is read from the page once; the text may be read anew without it."""
    article = read(within="（记者 周一帆）", below="<div>责任编辑：林晓禾</div>")
    assert {"记者": ("周一帆",), "责任编辑": ("林晓禾",)} == makers(article)
    assert article == parsed_again(article, None)


@pytest.mark.parametrize(
    ("around", "author"),
    [
        ({"within": "（记者 周一帆 何江）"}, "周一帆、何江"),
        ({"above": "<span>作者：周一帆</span>", "within": "（记者 何江）"}, "周一帆"),
        ({"within": "（图书馆 周一帆）"}, "周一帆"),
        ({"below": "<div>作者：周一帆 责任编辑：林晓禾</div>"}, "周一帆"),
        ({"within": "（何江 摄）"}, None),
    ],
)
def test_the_author_is_who_the_page_names_else_who_is_credited_with_writing(around, author):
    assert author == read(**around).author
