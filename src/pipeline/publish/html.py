"""Templates of entries and pages. Everything from outside is escaped by the engine."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.publish.document import clean, web_address
from pipeline.publish.words import Language, in_language
from pipeline.records import CHINA

TEMPLATES = Path(__file__).parent / "templates"

# Lines that a template's own statements leave behind
_BLANK_LINES = re.compile(r"\n[ \t]{0,200}(?=\n)")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
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
    return (render(template, language=language, **words, **values) + "\n").encode()
