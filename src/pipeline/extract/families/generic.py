"""Every other site: static, PHP, ASP.NET and JSP pages, read by what they look like."""

from pipeline.extract.family import Family

GENERIC = Family(
    name="generic",
    about="all other sites: static, PHP, ASP.NET and JSP pages, lists and pagers found by what they look like",
    # In the order in which city spiders were seen to use them
    body=(
        "#zoom", ".TRS_Editor", ".trs_editor_view", ".TRS_UEDITOR", "#UCAP-CONTENT", "ucapcontent",
        "#vsb_content", "#vsb_content_2", "#vsb_content_502", ".v_news_content", ".article-content",
        "#js_content", ".article_content", "#NewsContent", "#articleContent", ".news_cont_d_wrap",
        ".wzcon", ".art_con", ".article-body",
    ),
)  # fmt: skip
