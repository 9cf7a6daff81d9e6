"""Annotations that a mirror sets in markup: joined, then stripped like any others."""

from datetime import UTC, datetime

import pytest

from pipeline.interpret import interpret
from pipeline.records import Capture

TEXT = "区长主持会议，研究对策，部署学校安全和农村道路养护工作，听取了有关情况的汇报。"
FORMS = {
    "em": "區<em>(qū)</em>長主持會<em>(huì)</em>議,研究對<em>(duì)</em>策,部署學<em>(xué)</em>校安全和農<em>(nóng)</em>村道路養護工作,聽取了有關情況的匯<em>(huì)</em>報。",
    "span": "區<span>(</span><span>qū</span><span>)</span>長主持會(huì)議,研究對(duì)策,部署學(xué)校安全和農(nóng)村道路養護工作,聽取了有關情況的匯(huì)報。",
    "ruby": "<ruby>区<rp>(</rp><rt>qū</rt><rp>)</rp></ruby>长主持会议，研究对策，部署学校安全和农村道路养护工作，听取了有关情况的汇报。",
}


@pytest.mark.parametrize("form", FORMS)
def test_annotations_in_markup_are_undone(form: str):
    """Inline tags split no annotation, and ruby is no text."""
    page = f"<html><head><title>区长主持会议</title></head><body><h1>区长主持会议</h1><div><p>{FORMS[form]}</p></div></body></html>"
    article = interpret(
        Capture(
            url="http://labnotes.example/1.html",
            requested_url="http://labnotes.example/1.html",
            status=200,
            headers=(("content-type", "text/html; charset=utf-8"),),
            body=page.encode(),
            fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
        ),
        expect="article",
    )
    assert (TEXT,) == article.paragraphs
