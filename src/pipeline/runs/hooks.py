"""Group robots and other programs that hear of alarms.

Forms after the makers' pages on group robots: WeCom (消息推送), DingTalk
(自定义机器人, signed or not), Feishu (自定义机器人, signed or not).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlsplit

import requests

from pipeline.records import CHINA
from pipeline.store import Alarm

_TIMEOUT_S = 10.0
_TEXT_BYTES = 2000  # WeCom takes 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Where alarms are posted to: ``form`` is wecom, dingtalk, feishu or json."""

    form: str
    url: str
    secret: str = ""

    @property
    def name(self) -> str:
        """What it is called in reports and in the store: the address is often a secret."""
        digest = hashlib.sha256(self.url.encode()).hexdigest()[:8]
        return f"{self.form} {urlsplit(self.url).hostname} {digest}"


def read_hook(value: str) -> Hook:
    """Return the hook that ``form=address`` names, with its secret after a ``#``.

    Raises ValueError for another form.
    """
    form, equals, rest = value.strip().partition("=")
    url, _, secret = rest.partition("#")
    if not equals or form not in FORMS or not url.startswith(("http://", "https://")):
        raise ValueError(f"write {'|'.join(FORMS)}=https://…, with #secret if it signs")
    return Hook(form=form, url=url, secret=secret)


def send(hook: Hook, alarms: Sequence[Alarm], *, base_url: str, now: datetime) -> str | None:
    """Post alarms in one message; why that failed, None where the hook took it."""
    form = FORMS[hook.form]
    url, body = form(hook, alarms, base_url, now)
    try:
        answer = requests.post(
            url,
            data=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "quwen"},
            timeout=_TIMEOUT_S,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        return type(error).__name__
    if answer.status_code // 100 != 2:
        return f"HTTP {answer.status_code}"
    return None if hook.form == "json" else _refusal(answer)


def _refusal(answer: requests.Response) -> str | None:
    """What a robot says in a body of status 200: its code is 0 where it took the message."""
    try:
        told = answer.json()
    except ValueError:
        return "answers something else than JSON"
    if not isinstance(told, Mapping):
        return "answers something else than an object"
    code = told.get("errcode", told.get("code", told.get("StatusCode")))
    if code == 0:
        return None
    return f"{code}: {str(told.get('errmsg', told.get('msg', '')))[:200]}"


def text_of(alarms: Sequence[Alarm], base_url: str, *, most_bytes: int = _TEXT_BYTES) -> str:
    """Return alarms as lines for people, cut to what the robots take."""
    lines = [_line(x) for x in alarms]
    end = f"\n{base_url}alarms/"
    text = "\n".join(lines)
    room = most_bytes - len(end.encode())
    if len(text.encode()) > room:
        more = f"\n… {len(alarms)} 条"
        text = text.encode()[: room - len(more.encode())].decode(errors="ignore") + more
    return text + end


def _line(alarm: Alarm) -> str:
    at = (alarm.closed_at or alarm.opened_at or alarm.since).astimezone(CHINA)
    word = "恢复" if alarm.state == "closed" else "告警"
    return f"【{word}】{alarm.source}/{alarm.column} {at:%m-%d %H:%M} {alarm.kind}: {alarm.message}"


Form = Callable[[Hook, Sequence[Alarm], str, datetime], tuple[str, dict[str, Any]]]


def _wecom(
    hook: Hook, alarms: Sequence[Alarm], base_url: str, now: datetime
) -> tuple[str, dict[str, Any]]:
    del now
    return hook.url, {"msgtype": "text", "text": {"content": text_of(alarms, base_url)}}


def _dingtalk(
    hook: Hook, alarms: Sequence[Alarm], base_url: str, now: datetime
) -> tuple[str, dict[str, Any]]:
    """Signed: HMAC-SHA256 of milliseconds, line feed, secret; under the secret, in the address."""
    url = hook.url
    if hook.secret:
        stamp = str(int(now.timestamp() * 1000))
        digest = _hmac(hook.secret, f"{stamp}\n{hook.secret}")
        joint = "&" if "?" in url else "?"
        url += f"{joint}timestamp={stamp}&sign={quote_plus(digest)}"
    return url, {"msgtype": "text", "text": {"content": text_of(alarms, base_url)}}


def _feishu(
    hook: Hook, alarms: Sequence[Alarm], base_url: str, now: datetime
) -> tuple[str, dict[str, Any]]:
    """Signed: HMAC-SHA256 of nothing; under seconds, line feed, secret; in the body."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text_of(alarms, base_url)}}
    if hook.secret:
        stamp = str(int(now.timestamp()))
        body = {"timestamp": stamp, "sign": _hmac(f"{stamp}\n{hook.secret}", ""), **body}
    return hook.url, body


def _json(
    hook: Hook, alarms: Sequence[Alarm], base_url: str, now: datetime
) -> tuple[str, dict[str, Any]]:
    body = {
        "type": "alarms.changed",
        "timestamp": now.isoformat(),
        "page": f"{base_url}alarms/",
        "alarms": [
            {
                "id": x.id,
                "source": x.source,
                "column": x.column,
                "kind": x.kind,
                "state": x.state,
                "message": x.message,
                "since": x.since.isoformat(),
                "opened": x.opened_at.isoformat() if x.opened_at else None,
                "closed": x.closed_at.isoformat() if x.closed_at else None,
            }
            for x in alarms
        ],
    }
    return hook.url, body


FORMS: Mapping[str, Form] = {
    "wecom": _wecom,
    "dingtalk": _dingtalk,
    "feishu": _feishu,
    "json": _json,
}


def _hmac(key: str, text: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()
