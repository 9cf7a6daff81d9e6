"""Templates of entries and pages. Everything from outside is escaped by the engine."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from pipeline.publish.document import clean, web_address
from pipeline.publish.words import Language, in_language
from pipeline.records import CHINA

_FOLDER = Path(__file__).parent / "templates"

# Lines that a template's own statements leave behind
_BLANK_LINES = re.compile(r"\n[ \t]{0,200}(?=\n)")
_BLANK_LINES_OF_BYTES = re.compile(_BLANK_LINES.pattern.encode())


@cache
def files() -> Mapping[str, bytes]:
    """All templates, style sheets and scripts by name, in order, read once.

    An upgrade below a running process must not mix what was there before with what is there now.
    """
    return {x.name: x.read_bytes() for x in sorted(_FOLDER.iterdir()) if x.is_file()}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({k: v.decode() for k, v in files().items()}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["clean"] = clean
    environment.filters["web_address"] = web_address
    environment.filters["day"] = lambda x: x.astimezone(CHINA).strftime("%Y-%m-%d")
    environment.filters["minute"] = lambda x: x.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return environment


def render(template: str, **values: Any) -> str:
    """The text of a template. A name that the template wants and does not get is an error."""
    return _BLANK_LINES.sub("", _environment().get_template(template).render(**values)).strip()


def render_page(template: str, *, language: Language = "zh", **values: Any) -> bytes:
    """A page as UTF-8 bytes, with a line feed at its end, in a language of `words`."""
    words = {
        "t": in_language(language),
        "tz": in_language("zh" if language == "both" else language),
    }
    page = bytearray()  # piece by piece: pages about thousands of sources have megabytes
    for piece in (
        _environment().get_template(template).generate(language=language, **words, **values)
    ):
        page += piece.encode()
    return _BLANK_LINES_OF_BYTES.sub(b"", page).strip() + b"\n"
