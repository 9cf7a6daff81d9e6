"""WeChat articles: only ever the target of another site's link, for there is no public list."""

import re

from pipeline.extract.family import Family

WECHAT = Family(
    name="wechat",
    about="WeChat stories (微信公众号): targets of other sites’ links; there is no public list",
    address=re.compile(r"^https?://mp\.weixin\.qq\.com/s\b"),
    title=("#activity-name",),
    body=("#js_content",),
)
