"""Score the reading of the shared real pages: ``python tests/score_pages.py [--part tuned|held] [--per-page F]``.

Hosts whose SHA-256 is divisible by three were set aside before any rule was tuned.
``--without metas names`` reads the pages with parts of their markup taken away: what is
still found there is found by what any page looks like (`WITHOUT` names the parts).
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pipeline.decode import decode
from pipeline.errors import PipelineError
from pipeline.extract import RawPage, extract_page
from pipeline.parse import parse_article, writers

PAGES = Path(__file__).resolve().parents[2] / "shared" / "pages"

# A line that only names who made the article: 责任编辑：A, （记者 A B）, [编辑: A]
_BYLINE = re.compile(
    r"[（(【\[]?\s?(?:(?:责任|实习|值班|本期|执行|见习|全媒体)?(?:编辑|编审|责编|审核|校对|校审|审校|记者|通讯员|撰稿|供稿|监制|作者|来源|文稿来源|信息来源|初审|复审|终审|一审|二审|三审)"
    r"人?(?:[:：|丨｜\s]|$)\s?(?:[\u4e00-\u9fff·]{2,4}(?:[\s、，/|丨｜]{1,3}|(?=[）)】\]]|$))){0,6}){1,4}[）)】\]]?"
)


def is_held(host: str) -> bool:
    """Whether a page's host was set aside."""
    return int(hashlib.sha256(host.encode()).hexdigest(), 16) % 3 == 0


def manifest(part: str | None = None) -> list[dict[str, Any]]:
    """The pages of a part: ``tuned``, ``held``, or all."""
    rows = [json.loads(x) for x in (PAGES / "manifest.jsonl").read_text("utf-8").splitlines() if x]
    if part is None:
        return rows
    return [x for x in rows if is_held(x["host"]) == (part == "held")]


def address(row: dict[str, Any]) -> str:
    """The page's address; a made-up path of its host where it is not known."""
    return str(row["url"] or f"http://{row['host']}/unknown/page")


_META = re.compile(r"<meta\b[^>]{0,4000}\b(?:name|property)\s{0,3}=[^>]{0,4000}>", re.IGNORECASE)
_NAMES = re.compile(
    r"""(?P<name>\s(?:class|id))\s{0,3}=\s{0,3}(?P<value>"[^"]{0,500}"|'[^']{0,500}'|[\w-]{1,100})""",
    re.IGNORECASE,
)
_HEADING = re.compile(r"(</?)h[1-3]\b", re.IGNORECASE)
_TITLE = re.compile(r"<title\b.{0,2000}?</title\s{0,3}>", re.IGNORECASE | re.DOTALL)


def _scrambled(match: re.Match[str]) -> str:
    """The attribute with each of its names replaced by one that says nothing."""
    words = match["value"].strip("\"'").split()
    made = ["x" + hashlib.sha256(x.encode()).hexdigest()[:7] for x in words]
    return f'{match["name"]}="{" ".join(made)}"'


WITHOUT: dict[str, Callable[[str], str]] = {
    "metas": lambda html: _META.sub("", html),
    "names": lambda html: _NAMES.sub(_scrambled, html),
    "headings": lambda html: _HEADING.sub(r"\1div", html),
    "title": lambda html: _TITLE.sub("", html),
}
"""Named meta elements; names of classes and ids; h1 to h3; the <title>."""


def prediction(file: str, page: RawPage) -> dict[str, Any]:
    """One line for the scorer, in its field names."""
    parsed = parse_article(page.paragraphs, title=page.title, around=page.bylines)
    lines = list(page.paragraphs)
    while lines and _BYLINE.fullmatch(lines[-1]):
        lines.pop()
    while lines and _BYLINE.fullmatch(lines[0]):
        lines.pop(0)
    return {
        "file": file,
        "kind": page.kind.replace("_", "-"),
        "title": page.title,
        "published": page.published.iso() if page.published else None,
        "source": page.origin,
        "author": page.author or "、".join(writers(parsed.credits)) or None,
        "body": "\n".join(lines),
        "items": [
            {
                "title": x.title,
                "url": x.url,
                "date": x.published.day.isoformat() if x.published else None,
            }
            for x in page.items
        ],
        "next": page.next_url,
    }


def predictions(rows: list[dict[str, Any]], without: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What is read of each page; a page that cannot be read predicts nothing."""
    found = []
    for row in rows:
        try:
            text = decode((PAGES / row["file"]).read_bytes()).text
            for part in without:
                text = WITHOUT[part](text)
            found.append(prediction(row["file"], extract_page(text, url=address(row))))
        except PipelineError as error:
            found.append({"file": row["file"], "kind": "other", "error": str(error)})
    return found


def score(
    part: str | None = None, *, extra: tuple[str, ...] = (), without: Sequence[str] = ()
) -> dict[str, float]:
    """The scorer's means over a part of the pages, read *without* some of their markup."""
    rows = manifest(part)
    with tempfile.TemporaryDirectory() as folder:
        lines = [json.dumps(x, ensure_ascii=False) for x in rows]
        # The scorer counts every page of its manifest, so it is given that of the part
        (Path(folder) / "manifest.jsonl").write_text("\n".join(lines), "utf-8")
        (Path(folder) / "gold").symlink_to(PAGES / "gold")
        out = Path(folder) / "predictions.jsonl"
        out.write_text("\n".join(json.dumps(x) for x in predictions(rows, without)), "utf-8")
        command = [sys.executable, str(PAGES / "score.py"), str(out), "--pages", folder, "--json"]
        done = subprocess.run([*command, *extra], capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def main() -> None:
    """Print the figures of one part, or of both and of all."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--part", choices=["tuned", "held"])
    options.add_argument("--per-page")
    options.add_argument("--gov-only", action="store_true")
    options.add_argument("--without", nargs="+", choices=list(WITHOUT), default=[])
    given = options.parse_args()
    extra = ("--gov-only",) if given.gov_only else ()
    if given.per_page:
        extra += ("--per-page", given.per_page)
        score(given.part, extra=extra, without=given.without)
        return
    for part in [given.part] if given.part else ["tuned", "held", None]:
        figures = score(part, extra=extra, without=given.without)
        print(part or "all", json.dumps(figures))


if __name__ == "__main__":
    main()
