"""Where pages for people lie: each in Chinese, and in English below ``en/`` under the same name."""

from typing import Literal, get_args

PageLanguage = Literal["zh", "en"]
LANGUAGES: tuple[PageLanguage, ...] = get_args(PageLanguage)


def english(name: str) -> str:
    """The name of the English twin of a page."""
    return f"en/{name}"


def frame(name: str, language: PageLanguage) -> dict[str, str]:
    """What ``base.html`` wants to know of the page *name*: the ways to the tree and to its twin.

    ``root`` is the way to the top of the tree, ``home`` that to the pages of the same language.
    """
    depth = "../" * name.count("/")
    if language == "en":
        return {"root": f"../{depth}", "home": depth, "twin": f"../{depth}{name}"}
    return {"root": depth, "home": depth, "twin": f"{depth}{english(name)}"}
