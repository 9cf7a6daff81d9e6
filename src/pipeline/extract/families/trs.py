"""TRS WCM (拓尔思): static pages throughout."""

import re

from pipeline.extract.family import Family

TRS = Family(
    name="trs",
    about="TRS WCM (拓尔思): static pages; pagers written by `createPageHTML`",
    address=re.compile(r"/20\d{4}/t20\d{6}_\d{1,12}(?:_\d{1,2})?\.s?html?$"),
    page=("TRS_Editor", "TRS_UEDITOR", "trs_editor_view", "createPageHTML("),
    body=(".trs_editor_view", ".TRS_UEDITOR", ".TRS_Editor", "#zoom", "#Zoom", ".article-content"),
)
