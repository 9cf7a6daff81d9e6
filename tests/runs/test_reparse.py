"""Reading the archive again: what changes, what is resumed, what people have corrected."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from httpd import Reply

from pipeline import runs
from pipeline.errors import ConfigError
from pipeline.fixes import Fix, Fixes, digest_of, toml_of, value_at
from pipeline.runs.doctor import examine_installation
from pipeline.settings import Settings

from .conftest import NOW, SOURCE, Clock, Site, look


def reread(context: runs.Context, **how: object) -> runs.Report:
    return runs.reparse_source(SOURCE, context=context, run_id=1, **how)  # type: ignore[arg-type]


def otherwise(context: runs.Context) -> runs.Context:
    """The same world, whose site has another layout: titles come from another place."""
    (column,) = context.catalogue.columns_of(SOURCE)
    layouts = (replace(column.layouts[0], title=".info", cut=("p + p",)),)
    changed = replace(column, layouts=layouts)
    columns = tuple(changed if x == column else x for x in context.catalogue.columns)
    return replace(context, catalogue=replace(context.catalogue, columns=columns))


def fix_for(context: runs.Context, site: Site, n: int, field: str, value: object) -> Fix:
    article = context.store.article(site.id(n))
    assert article is not None
    was = digest_of(value_at(article, field))
    return Fix(article=article.id, field=field, value=value, was=was, reason="核对过")


def with_fixes(context: runs.Context, *fixes: Fix) -> runs.Context:
    return replace(context, fixes=Fixes(by_article={x.article: (x,) for x in fixes}))


def test_what_reads_otherwise_is_told_field_by_field(own: runs.Context, site: Site):
    """How many articles, and of the first one what it was and what it is."""
    look(own)
    report = reread(otherwise(own))
    assert (12, 12) == (report.counts["read"], report.counts["reparsed"])
    changes = {x.field: x for x in report.changes}
    assert {"title", "paragraphs"} <= set(changes)
    assert 12 == changes["title"].articles
    assert "走访活动" in changes["title"].old
    assert changes["title"].new.startswith("发布时间")
    assert json.loads(json.dumps(report.as_json()))["changes"][0]["articles"] == 12
    (_, again) = own.store.history(site.id(3))
    assert ("reparsed", "read differently") == (again.kind, again.reason)


def test_a_dry_run_says_it_and_changes_nothing(own: runs.Context, site: Site):
    """The report is the same, the store is as it was."""
    look(own)
    before = own.store.counts()
    report = reread(otherwise(own), dry_run=True)
    assert before == own.store.counts()
    assert report.changes == reread(otherwise(own)).changes
    assert report.counts["reparsed"] == 12


def test_several_processes_find_the_same(own: runs.Context, site: Site, monkeypatch):
    """Reading is shared out, writing is not."""
    monkeypatch.setattr("pipeline.runs.reparse._BATCH", 5)
    look(own)
    one = reread(otherwise(own), dry_run=True, processes=1)
    two = reread(otherwise(own), processes=2)
    assert (one.counts, one.changes) == (two.counts, two.changes)
    assert 12 == two.counts["reparsed"]


def test_a_reparse_that_was_stopped_goes_on(own: runs.Context, site: Site, monkeypatch):
    """It reads no response again that it has dealt with, unless it reads by other rules."""
    monkeypatch.setattr("pipeline.runs.reparse._BATCH", 5)
    look(own)
    mine = otherwise(own)
    kept, mine.stopping.is_set = mine.stopping.is_set, lambda: True  # type: ignore[method-assign]
    try:
        first = reread(mine, processes=1)
    finally:
        mine.stopping.is_set = kept  # type: ignore[method-assign]
    assert first.counts["read"] < 12
    # three batches of five hold twelve articles and a list
    second = reread(mine, processes=1)
    assert 12 == first.counts["read"] + second.counts["read"]
    assert 12 == reread(mine, processes=1).counts["read"]  # ended: the next begins anew


PROGRAM = """
import sys
from pathlib import Path
from datetime import datetime
from dataclasses import replace
import pipeline.runs.reparse as reparse
from pipeline import runs
from pipeline.settings import Settings
reparse._BATCH = 3
save = None
settings = Settings(home=Path(sys.argv[1]), sources=Path(sys.argv[2]))
with runs.open_context(settings) as context:
    save = context.store.upkeep.save_reparse
    def slowly(source, basis, capture_id, *, at):
        save(source, basis, capture_id, at=at)
        print(capture_id, flush=True)
        if capture_id: sys.stdin.readline()
    context.store.upkeep.save_reparse = slowly
    print(runs.reparse_source("sd-qinglan", context=context, run_id=1, processes=1).counts["read"])
"""


def test_a_killed_reparse_goes_on(own: runs.Context, own_settings: Settings, site: Site):
    """SIGKILL in the middle: the next one reads the rest."""
    look(own)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = [sys.executable, "-c", PROGRAM, str(own_settings.home), str(own_settings.sources)]
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
    ) as killed:
        assert killed.stdin is not None
        assert killed.stdout is not None
        killed.stdout.readline()
        killed.stdin.write("\n")
        killed.stdin.flush()
        last = int(killed.stdout.readline())
        killed.send_signal(signal.SIGKILL)
    done = subprocess.run(
        program, input="\n" * 20, capture_output=True, text=True, env=env, check=True
    )
    left = len([x for x in own.store.captures() if x.id > last and "zwyw/2026" in x.url])
    assert left < 12
    assert str(left) == done.stdout.splitlines()[-1]


def test_what_cannot_be_read_stops_nothing(own: runs.Context, site: Site):
    """A damaged record and a file that is gone are problems of their articles alone."""
    look(own)
    (path,) = own.settings.archive_dir.rglob("*.warc.gz")
    stored = [x for x in own.store.captures() if x.url.endswith("00003.html")]
    data = bytearray(path.read_bytes())
    data[stored[0].ref.offset + 60] ^= 1
    path.write_bytes(bytes(data))
    report = reread(own)
    assert (11, 1) == (report.counts["read"], report.counts["failed"])
    assert "00003.html" in report.problems[0].where
    assert "damaged" in report.problems[0].what
    path.unlink()
    report = reread(own)
    assert 12 == report.counts["failed"]
    assert "restore the file from a copy" in report.problems[0].what
    assert 12 == own.store.counts().articles


def test_a_fix_survives_reparse_and_re_check(own: runs.Context, site: Site, clock: Clock):
    """Neither is an act of the publisher; his next correction still is."""
    look(own)
    plain = own
    own = with_fixes(own, fix_for(own, site, 11, "title", "青岚区走访活动（更正）"))
    report = reread(own)
    assert ["title", "corrections"] == sorted(
        (x.field for x in report.changes), key=["title", "corrections"].index
    )
    reread(own)
    clock.forward(hours=2)
    look(own)  # 304
    clock.forward(days=7)
    look(own)  # the whole page
    article = own.store.article(site.id(11))
    assert article is not None
    assert "青岚区走访活动（更正）" == article.title
    assert ["title"] == [x.field for x in article.corrections]
    assert ["new", "reparsed"] == [x.kind for x in own.store.history(site.id(11))]
    site.put(11, day=NOW.date(), text="第11次走访改在西桥街道举行，干部们挨家挨户了解情况。")
    clock.forward(days=23)
    look(own)
    assert "edited" == own.store.history(site.id(11))[-1].kind
    assert "青岚区走访活动（更正）" == own.store.history(site.id(11))[-1].article.title
    reread(plain)  # the fix is taken back
    assert "reparsed" == own.store.history(site.id(11))[-1].kind
    assert "青岚区开展第11次走访活动" == own.store.history(site.id(11))[-1].article.title


def test_a_fix_made_between_two_looks_is_no_edit(own: runs.Context, site: Site, clock: Clock):
    """The page is looked at again before any reparse: the publisher has done nothing."""
    look(own)
    title = "青岚区走访活动（更正）"
    mine = with_fixes(own, fix_for(own, site, 11, "title", title))
    site.httpd.pages[site.path(11)] = Reply(  # other bytes, the same text
        body=site.page(11) + b"<!-- 17 -->", headers=(("Content-Type", "text/html"),)
    )
    clock.forward(hours=2)
    report = look(mine)
    assert 0 == report.counts["edited"]
    assert ["new", "reparsed"] == [x.kind for x in own.store.history(site.id(11))]
    assert title == own.store.history(site.id(11))[-1].article.title


def test_a_stale_fix_warns(own: runs.Context, site: Site, clock: Clock, tmp_path: Path):
    """In the report of the run that met it, and in `quwen doctor` until it is mended."""
    look(own)
    fix = fix_for(own, site, 11, "title", "青岚区走访活动（更正）")
    folder = tmp_path / "fixes"
    folder.mkdir()
    (folder / "a.toml").write_text(toml_of(fix), encoding="utf-8")
    settings = own.settings.model_copy(update={"fixes": folder})

    def diagnoses() -> list[tuple[str, str]]:
        found = examine_installation(settings, now=clock.now, environment={})
        return [(x.state, x.what) for x in found if x.about == "fixes"]

    assert "waits for quwen reparse" in diagnoses()[0][1]
    mine = with_fixes(own, fix)
    reread(mine)
    assert [("ok", "1 of 1 stand")] == diagnoses()
    site.put(11, day=NOW.date(), title="青岚区走访活动结束")
    clock.forward(hours=2)
    report = look(mine)
    assert 1 == report.counts["stale"]
    assert "the fix of title is stale" in report.problems[0].what
    assert "青岚区走访活动结束" == own.store.history(site.id(11))[-1].article.title
    ((state, what), (_, stand)) = diagnoses()
    assert ("warning", "0 of 1 stand") == (state, stand)
    assert "is stale: what is read now is" in what
    (folder / "a.toml").write_text("[[fix", encoding="utf-8")
    assert "wrong" == diagnoses()[0][0]


def test_fixes_are_loaded_with_everything_else(own_settings: Settings, tmp_path: Path):
    """A file that is wrong stops what is begun, and leaves what goes on as it was."""
    path = tmp_path / "fixes.toml"
    fix = Fix(article="0123456789abcdef", field="title", value="x", was="0" * 16, reason="x")
    path.write_text(toml_of(fix), encoding="utf-8")
    settings = own_settings.model_copy(update={"fixes": path})
    with runs.open_context(settings) as context:
        (read,) = context.fixes.of(fix.article)
        assert "x" == read.value
    path.write_text("[[fix]]", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"fix\.0\.article"), runs.open_context(settings):
        pass


def test_fixes_are_read_again_when_they_change(
    own_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A process that lives for days takes them up; with a slip in the file it keeps the old ones."""
    path = tmp_path / "fixes.toml"
    path.write_text("", encoding="utf-8")
    monkeypatch.setenv("QUWEN_HOME", str(own_settings.home))
    monkeypatch.setenv("QUWEN_SOURCES", str(own_settings.sources))
    monkeypatch.setenv("QUWEN_FIXES", str(path))
    fix = Fix(article="0123456789abcdef", field="title", value="x", was="0" * 16, reason="x")
    with runs.shared_context() as first:
        assert () == first.fixes.of(fix.article)
        path.write_text(toml_of(fix), encoding="utf-8")
        with runs.shared_context() as second:
            assert 1 == len(second.fixes.of(fix.article))
        path.write_text("[[fix]", encoding="utf-8")
        with runs.shared_context() as third:
            assert 1 == len(third.fixes.of(fix.article))
            assert "fixes stay as they were" in third.broken[0]
