"""VSB (博达): static pages; older pages of a list are counted down, and linked."""

import re

from pipeline.extract.family import Family

VSB = Family(
    name="vsb",
    about="VSB (博达): static pages whose older ones are counted down",
    address=re.compile(r"/info/\d{1,9}/\d{1,12}\.html?$"),
    page=("vsb_content", "_vsl/", "vsbscreen"),
    body=("#vsb_content", "#vsb_content_2", "#vsb_content_502", ".v_news_content"),
)
