"""Known articles are asked for again; takedowns are believed slowly, and never of a site in trouble."""

from dataclasses import replace
from datetime import timedelta

import pytest
from httpd import Reply

from pipeline import runs
from pipeline.identity import article_id
from pipeline.records import Capture, ListItem, Published
from pipeline.runs.ingest import note_list
from pipeline.runs.reading import Pass, keep, store_article, told_article
from pipeline.runs.report import Tally
from pipeline.runs.tick import due_work
from pipeline.store import Alarm

from .conftest import NOW, SOURCE, Clock, Site, look, page_of


def kinds(context: runs.Context, site: Site, n: int) -> list[str]:
    return [x.kind for x in context.store.history(site.id(n))]


def state(context: runs.Context, site: Site, n: int) -> tuple[str, int]:
    known = context.store.known([site.id(n)])[site.id(n)]
    return known.state, known.misses


def days(context: runs.Context, clock: Clock, n: int) -> list[runs.Report]:
    """A run a day."""
    found = []
    for _ in range(n):
        clock.forward(days=1, minutes=1)
        found.append(look(context))
    return found


def test_articles_are_asked_again_by_age(own: runs.Context, site: Site, clock: Clock):
    """After an hour, a day, a week and a month, and then never; each time with what came last."""
    look(own)
    site.asked()
    passed = []
    for hours in (0.5, 1.1, 5, 25, 80, 7 * 24 + 1, 20 * 24, 30 * 24 + 1, 200 * 24):
        clock.now = NOW + timedelta(hours=hours)
        look(own)
        if site.path(11) in site.asked():
            passed.append(hours)
    assert [1.1, 25, 7 * 24 + 1, 30 * 24 + 1] == passed
    assert own.store.rechecks.planned(site.id(11)) is None


def test_what_a_run_has_read_is_not_asked_again_in_it(own: runs.Context, site: Site, clock: Clock):
    """Reading takes its time: that a list was read before its articles says nothing of them."""
    clock.tick = timedelta(seconds=1)
    report = look(own)
    assert 12 == report.counts["new"]
    assert sorted(map(site.path, range(12))) == sorted(site.asked())
    site.put(12, day=NOW.date())
    clock.forward(minutes=30)
    look(own)
    assert [site.path(12)] == site.asked()


def test_an_article_that_stays_costs_a_conditional_request(
    own: runs.Context, site: Site, clock: Clock
):
    """304 makes no capture and no revision; after a week the whole page is asked for."""
    look(own)
    captures, revisions = own.store.counts().captures, own.store.counts().revisions
    site.httpd.asked.clear()
    clock.forward(hours=2)
    report = look(own)
    asked = [x for x in site.httpd.asked if x.path == site.path(11)]
    assert ["if-none-match" in x.headers for x in asked] == [True]
    assert report.counts["rechecked"] >= 2
    assert clock.now == own.store.known([site.id(11)])[site.id(11)].last_seen
    assert revisions == own.store.counts().revisions
    assert captures == own.store.counts().captures
    clock.now = NOW + timedelta(days=7, hours=1)
    site.httpd.asked.clear()
    look(own)
    (whole,) = [x for x in site.httpd.asked if x.path == site.path(11)]
    assert "if-none-match" not in whole.headers


def test_articles_published_long_ago_are_as_old_as_that(
    own: runs.Context, site: Site, clock: Clock
):
    """What a backfill brings does not come back after an hour."""
    site.put(12, day=NOW.date() - timedelta(days=300))
    look(own)
    assert own.store.rechecks.planned(site.id(12)) is None
    # published eight days ago, seen today: only the month is left
    due = own.store.rechecks.planned(site.id(3))
    assert due is not None
    assert NOW + timedelta(days=21) < due < NOW + timedelta(days=23)


def test_a_correction_is_found(own: runs.Context, site: Site, clock: Clock):
    """What the publisher changes is an edit, with the response that shows it."""
    look(own)
    site.put(11, day=NOW.date(), text="第11次走访改在西桥街道举行，干部们挨家挨户了解情况。")
    clock.forward(hours=2)
    report = look(own)
    assert ["new", "edited"] == kinds(own, site, 11)
    assert 1 == report.counts["edited"]
    (_, edited) = own.store.history(site.id(11))
    assert ("paragraphs",) == edited.changed
    stored = own.store.capture(edited.capture_id or 0)
    assert stored is not None
    assert "西桥" in own.archive.read(stored.ref).body.decode()


GONE = {
    "not found": Reply(status=404, body=b"404"),
    "gone": Reply(status=410, body=b"410"),
    "soft": Reply(
        body="<html><title>页面不存在</title><body><p>您访问的页面不存在或已被删除</p></body></html>".encode(),
        headers=(("Content-Type", "text/html; charset=utf-8"),),
    ),
    "front page": Reply(status=302, headers=(("Location", "/"),)),
    "empty": Reply(
        body=page_of("青岚区开展第11次走访活动", "", NOW.date())
        .decode()
        .replace("<p>区委书记陈某某强调，要把实事办好，让群众满意。</p>", "")
        .encode(),
        headers=(("Content-Type", "text/html; charset=utf-8"),),
    ),
}


@pytest.mark.parametrize("form", GONE)
def test_a_takedown_is_believed_at_the_third_look_over_days(
    own: runs.Context, site: Site, clock: Clock, form: str
):
    """However the page is missing; the text is kept, and it is restored when it is back."""
    front = "<html><title>青岚区人民政府</title><body><h1>青岚区人民政府</h1></body></html>"
    site.reply("/", Reply(body=front.encode()))
    look(own)
    text = own.store.article(site.id(11))
    site.reply(site.path(11), GONE[form])
    clock.forward(hours=2)
    assert 1 == look(own).counts["missing"]
    assert ("live", 1) == state(own, site, 11)
    clock.forward(hours=2)
    assert 0 == look(own).counts["missing"]  # not asked again so soon
    first, second = days(own, clock, 2)
    assert (1, 0) == (first.counts["missing"], first.counts["withdrawn"])
    assert (0, 1) == (second.counts["missing"], second.counts["withdrawn"])
    assert ["new", "withdrawn"] == kinds(own, site, 11)
    assert text == own.store.article(site.id(11))
    assert 11 == len([x for x in own.store.entries(limit=50) if x.state == "live"])
    days(own, clock, 2)
    assert ["new", "withdrawn"] == kinds(own, site, 11)
    site.restore(11)
    clock.forward(days=6)
    assert 1 == look(own).counts["restored"]
    assert ["new", "withdrawn", "restored"] == kinds(own, site, 11)


def test_a_page_that_is_back_in_between_begins_anew(own: runs.Context, site: Site, clock: Clock):
    """Looks count only in a row."""
    look(own)
    site.reply(site.path(11), GONE["not found"])
    clock.forward(hours=2)
    look(own)
    days(own, clock, 1)
    assert ("live", 2) == state(own, site, 11)
    site.restore(11)
    days(own, clock, 1)
    assert ("live", 0) == state(own, site, 11)


def test_what_leaves_its_list_is_looked_at(own: runs.Context, site: Site, clock: Clock):
    """An article younger than the list's oldest one that is not on it any more is asked for at once."""
    look(own)
    site.unlisted.add(6)
    site.reply(site.path(6), GONE["not found"])
    clock.forward(minutes=40)
    site.asked()
    assert 1 == look(own).counts["missing"]
    assert site.path(6) in site.asked()
    days(own, clock, 2)
    (_, withdrawn) = own.store.history(site.id(6))
    assert "withdrawn" == withdrawn.kind
    assert "HTTP 404, and it left its list" in withdrawn.reason
    site.restore(6)
    site.unlisted.clear()
    clock.forward(minutes=40)
    assert 1 == look(own).counts["restored"]  # the list shows it again: asked for at once


def test_a_page_that_only_left_its_list_stays(own: runs.Context, site: Site, clock: Clock):
    """It is still published; it is looked at once for it, not at every run."""
    look(own)
    site.unlisted.add(6)
    clock.forward(minutes=40)
    site.asked()
    look(own)
    assert [site.path(6)] == site.asked()
    for _ in range(3):
        clock.forward(minutes=5)
        look(own)
    assert [] == site.asked()
    assert ("live", 0) == state(own, site, 6)


def test_what_is_older_than_its_list_has_only_moved_on(own: runs.Context, site: Site, clock: Clock):
    """The oldest items of a list fall off it every day."""
    look(own)
    site.unlisted |= {0, 1, 2}
    clock.forward(minutes=40)
    site.asked()
    look(own)
    assert [] == site.asked()


def test_a_site_whose_articles_are_all_gone_withdraws_nothing(
    own: runs.Context, site: Site, clock: Clock
):
    """Also not after weeks of it; an alarm is raised, and closes when they are back."""
    look(own)
    for n in site.texts:
        site.reply(site.path(n), GONE["not found"])
    clock.forward(hours=2)
    report = look(own)
    assert "redesigned" in report.problems[0].what
    days(own, clock, 5)
    assert all(state(own, site, n) == ("live", 0) for n in site.texts)
    assert {"vanished"} == {x.kind for x in own.store.upkeep.alarms(source=SOURCE)}
    for n in site.texts:
        site.restore(n)
    days(own, clock, 2)
    assert set() == {x.kind for x in own.store.upkeep.alarms(source=SOURCE)}


@pytest.mark.parametrize("form", ["soft", "front page"])
def test_a_site_that_answers_everything_alike_withdraws_nothing(
    own: runs.Context, site: Site, clock: Clock, form: str
):
    """Maintenance and redesigns answer 200, or lead to the front page."""
    site.reply("/", Reply(body="<html><title>青岚</title><body>青岚</body></html>".encode()))
    look(own)
    for n in site.texts:
        site.reply(site.path(n), GONE[form])
    clock.forward(hours=2)
    look(own)
    days(own, clock, 5)
    assert 0 == own.store.counts().withdrawn


@pytest.mark.parametrize("status", [403, 412, 500, 503])
def test_a_site_that_fails_or_refuses_withdraws_nothing(
    own: runs.Context, site: Site, clock: Clock, status: int
):
    """Errors of the server and of its firewall say nothing about an article."""
    look(own)
    site.reply(site.path(11), Reply(status=status))
    clock.forward(hours=2)
    report = look(own)
    assert (0, True) == (report.counts["missing"], bool(report.problems))
    assert ("live", 0) == state(own, site, 11)
    site.restore(11)
    days(own, clock, 1)
    assert ("live", 0) == state(own, site, 11)


def test_a_page_that_is_refused_keeps_no_other_from_being_asked(
    own: runs.Context, site: Site, clock: Clock
):
    """The run stops there, and the next one goes on with the others."""
    today = NOW.date()
    for n in (12, 13):
        site.put(n, day=today)
    look(own)
    site.reply(site.path(12), Reply(status=403))
    asked: list[list[str]] = []
    clock.forward(hours=2)
    for _ in range(3):
        site.asked()
        look(own)
        asked.append(site.asked())
        clock.forward(minutes=10)
    paths = [x for one in asked for x in one]
    assert {site.path(10), site.path(11), site.path(13)} <= set(paths)
    assert 1 == paths.count(site.path(12))


@pytest.mark.parametrize("kind", ["unread", "bodiless", "empty"])
def test_a_column_in_alarm_withdraws_nothing(
    own: runs.Context, site: Site, clock: Clock, kind: str
):
    """Its pages are not what they were; what is missing among them says little."""
    look(own)
    alarm = Alarm(
        source=SOURCE,
        column="zwyw",
        kind=kind,
        state="open",
        strikes=0,
        message="x",
        since=NOW,
        opened_at=NOW,
    )
    own.store.upkeep.save_alarm(alarm)
    site.reply(site.path(11), GONE["not found"])
    clock.forward(hours=2)
    report = look(own)
    assert (0, ("live", 0)) == (report.counts["missing"], state(own, site, 11))


def test_several_takedowns_at_once_are_believed_beside_articles_that_stay(
    own: runs.Context, site: Site, clock: Clock
):
    """What is said of an official may be taken down on one day."""
    look(own)
    for n in (2, 6, 11):
        site.unlisted.add(n)
        site.reply(site.path(n), GONE["not found"])
    clock.forward(minutes=40)
    look(own)
    days(own, clock, 3)
    assert ["withdrawn"] * 3 == [state(own, site, n)[0] for n in (2, 6, 11)]
    assert 3 == own.store.counts().withdrawn


def test_many_edits_at_once_are_a_redesign(own: runs.Context, site: Site, clock: Clock):
    """They are held back, told, and applied by a reparse if they are meant."""
    today = NOW.date()
    for n in range(12, 20):
        site.put(n, day=today)
    look(own)
    for n in range(12, 20):
        site.put(n, day=today, title=f"栏目名称改变了的第{n}篇")
    clock.forward(hours=2)
    report = look(own)
    assert 0 == report.counts["edited"]
    assert {"vanished"} == {x.kind for x in own.store.upkeep.alarms(source=SOURCE)}
    assert 8 == len([x for x in own.store.quarantined() if x.step == "held"])
    runs.reparse_source(SOURCE, context=own, run_id=1)
    assert ["new", "edited"] == kinds(own, site, 15)


def test_the_budget_of_a_host_holds_over_runs(own: runs.Context, site: Site, clock: Clock):
    """No more known articles an hour than the setting says; the rest waits its turn."""
    for n in range(12, 30):
        site.put(n, day=NOW.date())
    own = replace(own, settings=own.settings.model_copy(update={"rechecks": 7}))
    look(own)
    site.asked()
    clock.now = NOW + timedelta(hours=2)
    asked = []
    for _ in range(3):
        look(own)
        asked += site.asked()
        clock.forward(minutes=10)
    assert 7 == len(asked)
    assert SOURCE not in {x.source for x in due_work(own, ()) if not x.columns}
    for _ in range(2):
        clock.forward(hours=1)
        assert SOURCE in {x.source for x in due_work(own, ())}
        look(own)
        asked += site.asked()
    assert 20 == len(asked)
    assert {site.path(n) for n in range(12, 30)} <= set(asked)


def test_without_a_budget_nothing_is_asked_again(own: runs.Context, site: Site, clock: Clock):
    """QUWEN_RECHECKS=0 reads lists only."""
    own = replace(own, settings=own.settings.model_copy(update={"rechecks": 0}))
    look(own)
    site.asked()
    clock.forward(days=2)
    look(own)
    assert [] == site.asked()


def test_a_source_is_due_for_its_articles_alone(own: runs.Context, site: Site, clock: Clock):
    """A tick between two looks at the list asks for articles without asking for the list."""
    look(own)
    site.httpd.asked.clear()
    clock.forward(hours=1, minutes=1)
    own.store.upkeep.plan(SOURCE, "zwyw", clock.now + timedelta(hours=3))
    (work,) = [x for x in due_work(own, ()) if x.source == SOURCE]
    assert () == work.columns
    with runs.ledger(own, "ingest", {}) as entry:
        (report,) = runs.ingest_batch((work,), context=own, run_id=entry.run_id)
    assert {site.path(10), site.path(11)} <= {x.path for x in site.httpd.asked}
    assert "/zwyw/" not in site.httpd.paths()
    assert "Completed" == report.state


def test_headlines_are_not_asked_for(own: runs.Context, site: Site, clock: Clock):
    """What a list only names has no page of ours to ask for."""
    site.httpd.pages["/zwyw/"] = Reply(
        body=site.list().replace(
            b"</ul>", '<li><a href="/a.pdf">公告文件</a><span>2026-11-20</span></li></ul>'.encode()
        )
    )
    look(own)
    (headline,) = [x for x in own.store.entries(limit=50) if x.article.text_kind == "headline"]
    assert own.store.rechecks.planned(headline.article.id) is None


def volatile(site: Site, n: int, visit: int) -> Reply:
    """An article's page as sites render it anew at each visit: counter, token, related list, time."""
    page = site.page(n).decode()
    page = page.replace(
        "来源：青岚融媒", f"来源：青岚融媒 浏览次数：{visit * 7} 【字号：大 中 小】"
    )
    page = page.replace(
        '<div class="foot">',
        f'<div class="related"><h3>相关阅读</h3><ul><li><a href="/zwyw/2026/9{visit:04}.html">'
        f"另一则消息第{visit}条</a></li></ul></div><input type='hidden' name='token' value='{visit:032x}'>"
        f"<script>var t={visit};</script><div class='foot'>今天是第{visit}天 页面生成于{visit}毫秒 ",
    )
    return Reply(body=page.encode(), headers=(("Content-Type", "text/html; charset=utf-8"),))


def test_a_page_that_differs_at_every_visit_has_not_changed(
    own: runs.Context, site: Site, clock: Clock
):
    """View counters, tokens, lists of related news and clocks are no correction."""
    for n in site.texts:
        site.reply(site.path(n), volatile(site, n, 0))
    look(own)
    first = own.store.counts().revisions
    for visit in range(1, 21):
        for n in site.texts:
            site.reply(site.path(n), volatile(site, n, visit))
            own.store.rechecks.plan(
                site.id(n),
                source=SOURCE,
                url=f"http://qinglan.example{site.path(n)}",
                due=clock.now,
            )
        clock.forward(hours=1)
        report = look(own)
        assert 12 == report.counts["rechecked"]
        assert () == report.problems
    assert (first, 0) == (own.store.counts().revisions, own.store.counts().withdrawn)


def told_items(days: int, *, without: frozenset[int] = frozenset()) -> list[ListItem]:
    """Lines of a list that brings whole texts."""
    return [
        ListItem(
            title=f"青岚区开展第{n}次走访活动",
            url=f"http://qinglan.example/detail/{n}",
            published=Published(day=NOW.date() - timedelta(days=n)),
            html=f"<p>第{n}次走访在青岚区东桥街道举行，干部们挨家挨户了解情况。</p>",
        )
        for n in range(days)
        if n not in without
    ]


def read_list(context: runs.Context, items: list[ListItem]) -> Tally:
    """What a look at such a list does."""
    (column,) = context.catalogue.columns_of(SOURCE)
    with runs.ledger(context, "ingest", {}) as entry:
        p = Pass(context=context, run_id=entry.run_id, column=column, tally=Tally(source=SOURCE))
        body = repr([x.url for x in items]).encode()
        number = keep(
            p,
            Capture(
                url=column.url,
                requested_url=column.url,
                status=200,
                headers=(),
                body=body,
                fetched_at=context.clock(),
            ),
        )
        context.store.saw_listing(SOURCE, column.key, items, at=context.clock())
        for item in items:
            store_article(p, told_article(p, item, family="ucap"), number)
        note_list(p, items)
    return p.tally


def test_a_text_that_only_its_list_brought_is_withdrawn_when_it_left_it(
    own: runs.Context, clock: Clock
):
    """There is no page to ask for: three looks at the list over days count instead."""
    read_list(own, told_items(12))
    gone = article_id("http://qinglan.example/detail/3")
    found = []
    for _ in range(4):
        found.append(read_list(own, told_items(12, without=frozenset({3}))).counts)
        clock.forward(hours=16)
    assert [1, 0, 1, 0] == [x["missing"] for x in found]
    assert [0, 0, 0, 1] == [x["withdrawn"] for x in found]
    (*_, last) = own.store.history(gone)
    assert "it left the list that brought its text" in last.reason
    assert 1 == read_list(own, told_items(12)).counts["restored"]


def test_a_list_that_lost_many_texts_withdraws_none(own: runs.Context, clock: Clock):
    """It was redesigned, or filters otherwise by now."""
    read_list(own, told_items(16))
    for _ in range(5):
        clock.forward(days=1, minutes=1)
        tally = read_list(own, told_items(16, without=frozenset(range(2, 8))))
        assert "Nothing is withdrawn" in tally.problems[0].what
    assert 0 == own.store.counts().withdrawn
