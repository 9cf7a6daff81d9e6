"""Commands that read files and what is stored."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
MANGLED = FIXTURES / "mangled-story.txt"
GOLD = (FIXTURES / "mangled-story.gold.txt").read_text("utf-8").rstrip("\n")
SEED = ROOT.parent / "shared" / "seed"
Quwen = Callable[..., subprocess.CompletedProcess[str]]


def test_parse_gives_back_the_text_as_printed(quwen: Quwen) -> None:
    """A page mangled by a mirror comes out as its publisher wrote it."""
    done = quwen("parse", "--published", "2024-10-29", MANGLED)
    record = json.loads(done.stdout)
    assert (0, "") == (done.returncode, done.stderr)
    assert GOLD == record["text"]
    assert str(MANGLED) == record["file"]
    assert "file:mangled-story.txt" == record["url"]
    assert "2024-10-28" == record["meetings"][0]["held_on"]


@pytest.mark.skipif(not SEED.is_dir(), reason="the founding example is not here")
def test_parse_reads_the_founding_example(quwen: Quwen) -> None:
    """The meeting report that quwen was begun for is read whole."""
    url = "http://dcgdxww.com/jujiaotoutiao/89845.html"
    done = quwen("parse", "--url", url, "--published", "2024-10-22", SEED / "dongchangfu-49.txt")
    record = json.loads(done.stdout)
    meeting = record["meetings"][0]
    assert (SEED / "gold.txt").read_text("utf-8").rstrip("\n") == record["text"]
    assert url == record["url"]
    assert ("政府", "常务会议", "2024-10-21") == (
        meeting["body"],
        meeting["kind"],
        meeting["held_on"],
    )
    assert 49 == meeting["ordinal"]["seq"]
    assert ("江绍华", ["区委副书记", "区长"]) == (meeting["chair"], meeting["chair_titles"])
    leads = [s["lead"] for x in meeting["agenda"] for s in x["statements"]]
    assert ["指出", "要求", "强调", "要求", "强调", "要求"] == leads
    assert [
        {"role": "记者", "names": ["仝兴社", "孟欣宇", "方佳伟"]},
        {"role": "编辑", "names": ["李念辉"]},
        {"role": "审核", "names": ["闵庆才"]},
    ] == record["credits"]


def test_parse_prints_one_record_a_line(quwen: Quwen, tmp_path: Path) -> None:
    """Several files give as many lines, in order; one that is no text names its problem."""
    pdf = tmp_path / "b.html"
    pdf.write_bytes(b"%PDF-1.7\n\x00\x01")
    done = quwen("parse", MANGLED, pdf, MANGLED)
    records = [json.loads(x) for x in done.stdout.splitlines()]
    assert ["article", "other", "article"] == [x["kind"] for x in records]
    assert ["file", "kind", "problems"] == list(records[1])
    assert 1 == done.returncode
    assert 1 == len(done.stderr.splitlines())
    assert str(pdf) in done.stderr


def test_parse_takes_place_and_column_of_a_source(quwen: Quwen) -> None:
    """With --source and --url the record belongs to the column that the address lies under."""
    done = quwen(
        "parse",
        "--source=demo-dongze",
        "--url=http://dongze.example/shehuiminsheng/1.html",
        MANGLED,
        env={"QUWEN_SOURCES": str(ROOT / "flows" / "demo" / "sources")},
    )
    record = json.loads(done.stdout)
    assert ("demo-dongze", "shehuiminsheng") == (record["source"], record["column"])


def test_parse_explains_itself_on_standard_error(quwen: Quwen) -> None:
    """--explain marks the text and names rules; the record stays alone on standard output."""
    done = quwen("parse", "--explain", "--published=2024-10-29", MANGLED)
    assert 1 == len(done.stdout.splitlines())
    assert "⟦" in done.stderr


def test_parse_explains_where_each_field_stood(quwen: Quwen, tmp_path: Path) -> None:
    """The candidates for the text come with their points, and with the reason why one won."""
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>青岚区召开会议</title></head><body><h1>青岚区召开会议</h1><div>2026-10-20 09:30　来源：青岚日报</div>"
        "<div class='own'><p>10月19日，青岚区召开会议，研究供水管网改造等事项。</p></div><div class='hot'>"
        + "<div><a href='/1.html'>其他街道开展专项整治行动</a><p>其他街道开展专项整治行动，逐户检查，限期整改，群众点赞。</p></div>"
        * 9
        + "</div></body></html>",
        encoding="utf-8",
    )
    done = quwen("parse", "--explain", page)
    told = done.stderr.splitlines()
    assert any(x.startswith("body: <div.own>") and "behind title and date" in x for x in told)
    assert [x for x in told if x.startswith("candidate: <div.hot>") and "points" in x]
    assert "published: visible" in told
    assert "origin: visible" in told


def test_normalize_repairs_standard_input(quwen: Quwen) -> None:
    """Repaired text comes out, and one line says what was done."""
    done = quwen("normalize", stdin=MANGLED.read_bytes())
    assert GOLD == done.stdout.rstrip("\n")
    assert 1 == len(done.stderr.splitlines())
    assert done.stderr.startswith("repairs: pinyin ")


def test_normalize_leaves_clean_text_alone(quwen: Quwen, tmp_path: Path) -> None:
    """Clean text goes through byte for byte, its last line feed too."""
    file = tmp_path / "clean.txt"
    file.write_text(GOLD + "\n", encoding="utf-8")
    done = quwen("normalize", file)
    assert GOLD + "\n" == done.stdout
    assert "nothing to repair" in done.stderr


@pytest.mark.parametrize("module", ["pipeline", "flows.cli", "pipeline.normalize"])
def test_light_modules_load_nothing_heavy(module: str) -> None:
    """What every command imports loads neither the engine nor the database, nor HTML."""
    heavy = {"prefect", "sqlalchemy", "pydantic", "lxml", "requests", "rich"}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", f"import {module}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {x.rpartition("|")[2].strip().partition(".")[0] for x in done.stderr.splitlines()}
    assert module.partition(".")[0] in loaded
    assert not loaded & heavy


def test_normalize_imports_nothing_heavy() -> None:
    """The command itself, run to its end, has loaded no engine, database or HTML parser."""
    code = (
        "import sys\n"
        "from flows.cli import cli\n"
        "cli(['normalize', sys.argv[1]], standalone_mode=False)\n"
        "heavy = {'prefect', 'sqlalchemy', 'pydantic', 'lxml', 'requests'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(MANGLED)], cwd=ROOT, capture_output=True, check=True
    )
