"""Messages for group robots of DingTalk (钉钉), WeCom (企业微信) and Feishu (飞书), signed as each asks. Pure.

Each robot takes a JSON body by POST and answers 200 with a code of its own: zero where it took the message.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus

KINDS: Mapping[str, tuple[str, str, str]] = {
    "dingtalk": ("钉钉机器人", "DingTalk robot", "oapi.dingtalk.com"),
    "wecom": ("企业微信机器人", "WeCom robot", "qyapi.weixin.qq.com"),
    "feishu": ("飞书机器人", "Feishu robot", "open.feishu.cn"),
}
"""Kind to its name in Chinese and English and the host its addresses are on."""
WORDS = ("errmsg", "msg", "StatusMessage")
CODES = ("errcode", "code", "StatusCode")
LONGEST = 1300
"""Characters of a message: below the least of the three limits (WeCom: 4,096 bytes of UTF-8)."""


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted: the address with its signature, and the body."""

    url: str
    body: bytes


def post(kind: str, url: str, secret: str, title: str, text: str, *, at: float) -> Post:
    """A message for a robot of this kind; `at`: seconds of the epoch, which signatures carry."""
    made = {"dingtalk": _dingtalk, "wecom": _wecom, "feishu": _feishu}[kind]
    address, body = made(url, secret, title, text[:LONGEST], at)
    return Post(address, json.dumps(body, ensure_ascii=False).encode())


def problem_in(status: int, answer: bytes) -> str:
    """Why a robot did not take the message; empty where it did."""
    try:
        said = json.loads(answer)
    except ValueError:
        said = {}
    code = next((said[name] for name in CODES if name in said), None) if isinstance(said, dict) else None
    if status == 200 and code == 0:
        return ""
    words = next((str(said[name]) for name in WORDS if said.get(name)), "") if isinstance(said, dict) else ""
    return f"{status} {'' if code is None else code} {words}".strip()[:200]


def dingtalk_sign(secret: str, milliseconds: int) -> str:
    """HMAC-SHA256, keyed by the secret, of the time and the secret on two lines; Base64, ready for an address."""
    mac = hmac.digest(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256)
    return quote_plus(base64.b64encode(mac))


def feishu_sign(secret: str, seconds: int) -> str:
    """HMAC-SHA256 of nothing, keyed by the time and the secret on two lines; Base64."""
    return base64.b64encode(hmac.digest(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256)).decode()


def _dingtalk(url: str, secret: str, title: str, text: str, at: float) -> tuple[str, dict[str, Any]]:
    milliseconds = round(at * 1000)
    signed = f"{url}&timestamp={milliseconds}&sign={dingtalk_sign(secret, milliseconds)}" if secret else url
    return signed, {"msgtype": "markdown", "markdown": {"title": title, "text": f"#### {title}\n\n{text}"}}


def _wecom(url: str, secret: str, title: str, text: str, at: float) -> tuple[str, dict[str, Any]]:
    """The key in the address is all that WeCom asks for."""
    return url, {"msgtype": "markdown", "markdown": {"content": f"**{title}**\n{text}"}}


def _feishu(url: str, secret: str, title: str, text: str, at: float) -> tuple[str, dict[str, Any]]:
    seconds = int(at)
    signature = {"timestamp": str(seconds), "sign": feishu_sign(secret, seconds)} if secret else {}
    return url, {**signature, "msg_type": "text", "content": {"text": f"{title}\n{text}"}}


def masked(url: str) -> str:
    """An address as pages show it: the host, and nothing of the key in it."""
    start, _slashes, rest = url.partition("://")
    return f"{start}://{quote(rest.partition('/')[0], safe=':.-')}/…"
