"""CSS selectors of an operator's layout, on the page's own tree.

Beautiful Soup's selectors (soupsieve) reach further than lxml's: ``:has()`` and
``:-soup-contains()`` name the cell beside a label. Only layouts pay for the
second tree.
"""

import lxml.html
from bs4 import BeautifulSoup
from lxml.html import HtmlElement
from soupsieve import SelectorSyntaxError

from pipeline.errors import ExtractError

_NUMBER = "data-quwen-number"


def select(root: HtmlElement, selector: str) -> list[HtmlElement]:
    """Elements that *selector* names, in document order. Raises `ExtractError` for a wrong one."""
    elements = [x for x in root.iter() if isinstance(x.tag, str)]
    for number, element in enumerate(elements):
        element.set(_NUMBER, str(number))
    try:
        soup = BeautifulSoup(lxml.html.tostring(root, encoding="unicode"), "lxml")
        found = soup.select(selector)
    except (SelectorSyntaxError, NotImplementedError) as error:
        raise ExtractError(
            f"{selector!r} is no CSS selector: {str(error).splitlines()[0]}",
            hint="mend it in the source file",
        ) from error
    finally:
        for element in elements:
            element.attrib.pop(_NUMBER, None)
    return [elements[int(str(x[_NUMBER]))] for x in found if x.has_attr(_NUMBER)]
