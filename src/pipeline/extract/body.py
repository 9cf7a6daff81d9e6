"""Where the text of an article stands in its page."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipeline.extract.media import is_file
from pipeline.extract.tree import (
    BLOCKS,
    UNSEEN,
    ancestors,
    is_hidden,
    lines,
    marks,
    squash,
    tag_of,
    text_of,
)

_PUNCTUATION = re.compile(r"[，。；：！？、,;]")
# Classes and ids of what stands inside containers without being text
_FURNITURE_MARKS = re.compile(
    r"share|bdsharebuttonbox|qrcode|ewm|erweima|font-?size|fontzoom|print|related|xgwz|xgxx|recommend|tuijian"
    r"|prenext|prev-next|pre_next|pagination|\bpager\b|crumb|position|dqwz|breadcrumb|comment|copyright"
    r"|toolbar|\btools\b|mobile-?code|saoyisao|\bnav\b|sidebar|hotnews"
)
_BESIDE = re.compile(
    r"comment|tuijian|recommend|related|xgwz|xgxx|hotnews|\brank|paihang|footer|sidebar|friendlink"
)
# A whole line of furniture: 扫一扫在手机打开当前页, 【字体：大 中 小】, 打印 关闭, 上一篇：…
_FURNITURE_LINE = re.compile(
    r"扫一扫.{0,20}|分享(?:到|至)?[:：]?.{0,12}|[【\[]?(?:我要)?打印(?:本页|文章)?[】\]]?.{0,12}"
    r"|[【\[（(]?(?:字体|字号)(?:大小)?[:：]?.{0,20}|[<《＜]*[上下]一[篇条页则个].{0,120}"
    r"|(?:浏览|点击|阅读)(?:次数|量|数)?[:：]?\d{0,9}次?|[【\[]?关闭(?:窗口|本页)?[】\]]?|停止回答|返回(?:顶部|首页|列表)"
    r"|相关(?:链接|文章|新闻|阅读|附件下载)[:：]?|附件下载[|｜]*|网友评论.{0,20}|我要(?:收藏|纠错|评论).{0,6}|\[?纠错\]?"
    r"|(?:微信图片_)?[\w-]{6,60}\.(?:jpe?g|png|gif)|当前位置.{0,80}|您(?:现在)?(?:的位置|所在的位置).{0,80}|收藏|微信|微博|大|中|小"
)
_WORD_GAP = re.compile(r"[\s\u3000\xa0【】\[\]|｜（）()]+")
_FURNITURE_WORD = re.compile(
    r"(?:内容)?纠错|打印(?:文章|本页|此页|页面)?|关闭(?:窗口|本页|页面)?|返回(?:顶部|首页|列表)|收藏(?:本页)?|字体(?:大小)?[:：]?"
    r"|大|中|小|扫码浏览|相关(?:信息|附件|文章|链接|新闻|阅读|报道|稿件)[:：]?|附件下载[:：]?|浏览次数[:：]?|[-—]+|\+1"
    r"|分享(?:到)?[:：]?|下一?页|上一?页|首页|尾页|末页|展开全文|阅读原文|点赞|点个赞|图集|为你推荐|推荐阅读[:：]?|更多>*"
)
_OTHER_STORIES = re.compile(
    r"[【\[]?(?:相关|推荐|延伸|热门|热点|更多|最新|精彩|猜你|为[你您]|往期|点击|小编|网友|我要|最新)(?:[你您]?推荐|阅读|新闻|报道|稿件|文章|链接|"
    r"资讯|专题|内容|喜欢|排行|回顾|评论|最近文章|精彩内容.{0,12}|信息)[】\]]?\s?[:：>]{0,3}"
)
_EDITOR_LINE = re.compile(r"[【\[（(]?\s?(?:责任编辑|责\s?编|编辑|值班编辑|执行编辑)\s?[:：丨|｜]")
_CREDIT_LINE = re.compile(
    r"[【\[（(]?\s?(?:[\u4e00-\u9fff]{0,4}(?:编辑|责编|编审|审核|校对|记者|通讯员|撰稿|供稿|监制|作者|来源|摄影|审|文|图|签发|统筹|策划|制作|编|校))\s{0,3}[:：丨|｜/]"
)
# 【纠错】 责任编辑：…
_CORRECT = re.compile(r"^[【\[](?:我要|内容)?纠错[】\]]\s{0,3}")
# 【1】【2】【3】, [1] [2]: further pages of the story
_PAGER_LINE = re.compile(r"(?:[【\[]\d{1,2}[】\]]\s{0,3}){2,40}(?:下一页)?")
# 原标题：…; （原题为《…》）; （本文来自…，更多原创资讯请下载…APP）
_NOT_TEXT = re.compile(
    r"(?:免责|特别|郑重)?声明[:：].{10,200}|[（(]?原(?:标题|题为?)\s{0,2}[:：《].{1,120}|[（(]?本文来自.{1,20}请下载.{1,20}"
)
_FOOTER_LINE = re.compile(r"(?:网站标识码|ICP备|公网安备|版权所有|主办单位|承办[:：]|技术支持)")


@dataclass(frozen=True, slots=True)
class Weight:
    """What an element holds: ``text`` characters in sentences, ``links`` characters in links."""

    text: float
    links: int
    plain: int

    @property
    def size(self) -> int:
        """Characters that can be seen."""
        return self.links + self.plain


def weigh(root: HtmlElement, *, whole: bool = False) -> dict[HtmlElement, Weight]:
    """The weight of every element that can be seen, in one pass over the tree.

    What is named like a box beside the text counts for itself only, but for *whole*.
    """
    own: dict[HtmlElement, list[float]] = {}
    order: list[HtmlElement] = []
    stack: list[tuple[HtmlElement, bool]] = [(root, False)]
    while stack:
        element, linked = stack.pop()
        tag = tag_of(element)
        if not tag or tag in UNSEEN or (element is not root and is_hidden(element)):
            continue
        linked = linked or tag == "a"
        order.append(element)
        own[element] = [0.0, 0, 0]
        _count(own[element], element.text, linked=linked)
        for child in element:
            # A tail belongs to the parent, also behind what is not seen
            _count(own[element], child.tail, linked=linked)
        stack += [(child, linked) for child in reversed(element)]
    limit = 0.0 if whole else 0.9 * sum(x[0] for x in own.values())
    for element in reversed(order):
        parent = element.getparent()
        if parent is None or parent not in own or element is root:
            continue
        beside = own[element][0] < limit and _BESIDE.search(marks(element)) is not None
        if not beside:  # comments and recommended stories may outweigh the text
            for i in range(3):
                own[parent][i] += own[element][i]
    return {e: Weight(text=v[0], links=int(v[1]), plain=int(v[2])) for e, v in own.items()}


def _count(sums: list[float], text: str | None, *, linked: bool) -> None:
    if not text or text.isspace():
        return
    n = len("".join(text.split()))
    if linked:
        sums[1] += n
        return
    sums[2] += n
    points = len(_PUNCTUATION.findall(text[:20_000]))
    # Sentences count fully, words without any punctuation (menus, labels) hardly
    sums[0] += min(n, 25 * points) + 0.1 * n


def locate(root: HtmlElement, selectors: tuple[str, ...]) -> tuple[HtmlElement, str]:
    """The element that holds the text, and how it was found.

    The densest container is looked for in any case; a selector is believed where
    its element holds at least half as much text.
    """
    weights = weigh(root)
    dense = _descend(root, weights)
    wanted = weights[dense].text if dense in weights else 0.0
    named = _named(weights)
    for selector in selectors:
        found = named.get(selector, [])
        best = max(found, key=lambda x: weights[x].text, default=None)
        if best is None:
            continue
        first = next((x for x in found if weights[x].text >= 0.9 * weights[best].text), best)
        has_media = first.find(".//img") is not None or weights[first].plain > 0
        if weights[first].text >= 0.5 * wanted and (weights[first].text > 0 or has_media):
            return first, f"body: selector {selector}"
    return dense, "body: the densest container"


def behind_title(body: HtmlElement, title: str) -> HtmlElement:
    """A smaller container than *body*, where the title stands deep inside that one.

    Short texts do not outweigh the furniture of their page; what stands nearest
    around the title does.
    """
    wanted = squash(title)
    texts = [squash(x) for x in lines(body)]
    if not wanted or (wanted in texts[:3] and tag_of(body) != "body"):
        return body
    weights = weigh(body)
    heading = next(
        (
            x
            for x in body.iter("h1", "h2", "h3", "div", "p", "td", "span")
            if x in weights and weights[x].plain <= 200 and squash(text_of(x)) == wanted
        ),
        None,
    )
    if heading is None:
        return body
    own = weights[heading].text
    branch = heading
    for element in ancestors(heading):
        if element not in weights:
            return body
        if weights[element].text - own >= 60:
            break
        branch = element
    else:
        return body
    if element is not body:
        return _descend(element, weights)
    # The text stands behind the heading's own part of the page
    behind = [x for x in branch.itersiblings() if x in weights and tag_of(x) in BLOCKS]
    best = max(behind, key=lambda x: weights[x].text, default=None)
    if best is None or weights[best].text < max(60.0, 0.35 * weights[body].text):
        return body
    return _descend(best, weights)


def _descend(root: HtmlElement, weights: dict[HtmlElement, Weight]) -> HtmlElement:
    body = root.find("body")
    current: HtmlElement = body if body is not None and body in weights else root
    while True:
        children = [x for x in current if x in weights and tag_of(x) in BLOCKS]
        best = max(children, key=lambda x: weights[x].text, default=None)
        if best is None or weights[best].text <= 0 or tag_of(best) in {"p", "tr", "td", "li"}:
            inner = _only_inline(current, weights)
            if inner is None:
                return current
            current = inner
            continue
        total = weights[current].text
        twin = _twin(best, children, weights)
        if twin is not None:
            # The same text for desktop and for telephones: the first is read
            total -= min(weights[best].text, weights[twin].text)
            best = next(x for x in children if x in (best, twin))
        share = weights[best].text / total if total else 0.0
        twins = sum(
            tag_of(x) == tag_of(best) and weights[x].text > 20 + 0.05 * weights[best].text
            for x in children
            if x is not best and not _BESIDE.search(marks(x))
        )
        several = len(lines(best)) > 1 if share < 0.9 else True
        if share < 0.55 or (share < 0.9 and (twins > 2 or not several)):
            return current
        current = best


def _twin(
    best: HtmlElement, children: list[HtmlElement], weights: dict[HtmlElement, Weight]
) -> HtmlElement | None:
    """A sibling that holds the same text as *best*."""
    text = weights[best].text
    if text < 100:
        return None
    for other in children:
        if other is best or not 0.9 * text <= weights[other].text:
            continue
        longest = sorted(lines(best), key=len, reverse=True)[:5]
        if set(longest) & set(lines(other)):
            return other
    return None


def _only_inline(element: HtmlElement, weights: dict[HtmlElement, Weight]) -> HtmlElement | None:
    """An unknown or inline element that wraps all of the text, such as <ucap-content>."""
    total = weights[element].text
    for child in element:
        inline = child in weights and tag_of(child) not in BLOCKS and len(child) > 0 and total
        if inline and weights[child].text >= 0.95 * total and child.find(".//p") is not None:
            return child
    if total:
        for child in element:
            is_cell = child in weights and tag_of(child) in {"td", "tr", "li"}
            if is_cell and weights[child].text >= 0.95 * total:
                return child
    return None


def _named(weights: dict[HtmlElement, Weight]) -> dict[str, list[HtmlElement]]:
    """Elements by ``#id``, ``.class`` and tag name, in document order."""
    found: dict[str, list[HtmlElement]] = {}
    for element in weights:
        found.setdefault(tag_of(element), []).append(element)
        if name := element.get("id"):
            found.setdefault(f"#{name}", []).append(element)
        for name in (element.get("class") or "").split():
            found.setdefault(f".{name}", []).append(element)
    return found


def furniture(body: HtmlElement) -> frozenset[HtmlElement]:
    """Parts of the container that are no text: share bars, pagers, related links."""
    weights = weigh(body, whole=True)
    total = weights[body].size or 1
    return frozenset(
        x
        for x, weight in weights.items()
        if x is not body
        and tag_of(x) in BLOCKS
        and (
            _is_link_list(x, weight, total)
            or (weight.size < 0.3 * total and _FURNITURE_MARKS.search(marks(x)) is not None)
            or (weight.size < 0.7 * total and _BESIDE.search(marks(x)) is not None)
        )
    )


def _is_link_list(element: HtmlElement, weight: Weight, total: int) -> bool:
    """Whether a block holds little but links to other pages."""
    if tag_of(element) not in {"ul", "ol", "dl", "div", "section", "aside"}:
        return False
    if weight.links <= 0.7 * weight.size or weight.size >= 0.3 * total:
        return False
    links = [x.get("href") or "" for x in element.iter("a") if x.get("href")]
    return len(links) >= 3 and not any(is_file(x) for x in links)


def paragraphs(body: HtmlElement, *, title: str, cut: frozenset[HtmlElement]) -> tuple[str, ...]:
    """The lines of the container in reading order, without furniture at any place."""
    shown = (_CORRECT.sub("", x) for x in lines(body, cut=cut))
    found = [x for x in shown if x and not _is_furniture(x)]
    found = _without_head(found, squash(title))
    found = _without_tail(found)
    for i, line in enumerate(found):
        if _FOOTER_LINE.search(line[:200]) and len(line) < 120 and i > 0.6 * len(found):
            found = found[:i]
            break
    return tuple(found)


def _without_tail(found: list[str]) -> list[str]:
    """The lines up to a heading of other stories, or up to the editor and his like."""
    total = sum(len(x) for x in found)
    before = 0
    edited = False
    for number, line in enumerate(found):
        if before > 0.5 * total and (_OTHER_STORIES.fullmatch(line) is not None):
            return found[:number]
        credit = len(line) < 60 and _CREDIT_LINE.match(line) is not None
        if edited and not credit and not line.startswith(("附件", "附：", "附:")):
            return found[:number]
        if before > 0.7 * total and len(line) < 40 and _EDITOR_LINE.match(line) is not None:
            edited = True
        before += len(line)
    return found


def _without_head(found: list[str], title: str) -> list[str]:
    """The lines behind the repeated title, which may be broken, and the line of date and origin."""
    last = next((i for i, x in enumerate(found[:6]) if _is_head_line(x)), -1)
    if last >= 0 and all(len(x) < 80 and "。" not in x for x in found[:last]):
        found = found[last + 1 :]
    joined = ""
    for number, line in enumerate(found[:6]):
        joined += squash(line)
        if joined == title:
            return _without_head(found[number + 1 :], title)
        if not title.startswith(joined):
            break
    return found


# 会议时间：2026年10月21日 is the text's own, not the page's
_HEAD_LABEL = re.compile(
    r"来源|发布|发表于|浏览|点击|字体|作者|阅读|(?:^|[\s|｜【\[（(])(?:时间|日期)\s?[:：]"
)
_HEAD_STAMP = re.compile(r"(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}")


def _is_head_line(line: str) -> bool:
    if len(line) > 120:
        return False
    if re.match(r"(?:信息|文章|稿件)?(?:来源|发布时间|发布日期|原标题)\s?[:：]", line):
        return True
    stamp = _HEAD_STAMP.search(line) is not None
    return stamp and (len(_HEAD_LABEL.findall(line)) >= 1) and "。" not in line


def _is_furniture(line: str) -> bool:
    if len(line) > 200:
        return False
    if _FURNITURE_LINE.fullmatch(squash(line).lstrip("▪·•>》")):
        return True
    # 【内容纠错】　【打印文章】　【关闭窗口】; 返回顶部 打印 关闭; [1] [2] [3]
    if _PAGER_LINE.fullmatch(line) or _NOT_TEXT.fullmatch(line):
        return True
    words = [x for x in _WORD_GAP.split(line) if x]
    return bool(words) and all(_FURNITURE_WORD.fullmatch(x) for x in words)
