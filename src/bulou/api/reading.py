"""The body of an upload as a list of facts-to-be: a JSON array, one object, or JSON Lines. All or nothing.

What is no JSON is told with its line, column and byte (each counted from 1), and so are numbers beyond measure.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from bulou.api.errors import RefusedError, problem
from bulou.kernel.numbers import NumberError, exact, none, whole
from bulou.kernel.text import Text

AT_MOST = 10_000
"""Facts of one request."""
ARRAY, LINES = "application/json", "application/x-ndjson"
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity')
_SMALLER = Text(
    zh="请分批上传；重复上传同一条不会重复存入。",
    en="Send them in several requests; sending a fact twice stores it once.",
)


def read(request: HttpRequest) -> list[Any]:
    """The facts of a request, not yet checked one by one. RefusedError with 400, 411, 413 or 415."""
    kind = (request.content_type or "").lower()
    if kind not in (ARRAY, LINES):
        raise RefusedError(415, _content_type(kind))
    text = _decoded(_body(request))
    if kind == LINES:
        return list(_lines(text))
    found = _parsed(text, 1, 0)
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        zh, en = "内容须为一个事实数组，或一个事实。", "The body must be an array of facts, or one fact."
        raise RefusedError(400, problem("json.shape", zh, en))
    _check_count(len(found))
    return found


def _body(request: HttpRequest) -> bytes:
    if request.headers.get("Transfer-Encoding") and not request.headers.get("Content-Length"):
        zh, en = "上传须带 Content-Length。", "An upload needs a Content-Length; it cannot come in chunks."
        raise RefusedError(411, problem("request.length", zh, en))
    try:
        return request.body
    except RequestDataTooBig as error:
        zh, en = "内容超过 16 MiB，没有存入。", "The body is longer than 16 MiB; nothing was stored."
        raise RefusedError(413, problem("request.too_long", zh, en, remedy=_SMALLER)) from error
    except UnreadablePostError as error:
        zh, en = "上传中断，没有存入。", "The upload broke off; nothing was stored."
        raise RefusedError(400, problem("request.broken", zh, en)) from error


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        before = body[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        raise _malformed("不是 UTF-8", "not UTF-8", line, column, error.start + 1) from error


def _lines(text: str) -> Iterator[Any]:
    """Each line that is not blank, read by itself."""
    lines = text.split("\n")
    _check_count(sum(not line.isspace() and line != "" for line in lines))
    passed = 0
    for number, line in enumerate(lines, 1):
        if line and not line.isspace():
            yield _parsed(line, number, passed)
        passed += len(line.encode()) + 1


def _check_count(count: int) -> None:
    if count > AT_MOST:
        zh = f"一次最多 {AT_MOST:,} 条，收到 {count:,} 条，没有存入。"
        en = f"At most {AT_MOST:,} facts a request; {count:,} came, and nothing was stored."
        raise RefusedError(413, problem("facts.too_many", zh, en, remedy=_SMALLER))


def _parsed(text: str, line: int, passed: int) -> Any:
    """A JSON text that begins on a line of the body, after some bytes."""
    try:
        return json.loads(text, parse_int=whole, parse_float=exact, parse_constant=none)
    except json.JSONDecodeError as error:
        raise _at(text, error.pos, line, passed, "JSON 格式不对", "not JSON") from error
    except NumberError as error:
        where = _position(text, str(error))
        raise _at(text, where, line, passed, "不是可用的数", "not a number that can be used") from error
    except RecursionError as error:
        raise RefusedError(
            400, problem("json.deep", "JSON 嵌套过深。", "The JSON is nested too deeply.", where=f"{line}")
        ) from error


def _at(text: str, position: int, line: int, passed: int, zh: str, en: str) -> RefusedError:
    before = text[:position]
    column = len(before.rpartition("\n")[2]) + 1
    return _malformed(zh, en, line + before.count("\n"), column, passed + len(before.encode()) + 1)


def _malformed(zh: str, en: str, line: int, column: int, byte: int) -> RefusedError:
    said = problem(
        "json.malformed",
        f"第 {line} 行第 {column} 列（第 {byte} 字节）{zh}，没有存入。",
        f"Line {line}, column {column} (byte {byte}): {en}. Nothing was stored.",
        where=f"{line}:{column}",
    )
    return RefusedError(400, said)


def _position(text: str, number: str) -> int:
    """Where a number stands outside any string."""
    return next((match.start() for match in _TOKEN.finditer(text) if match[0] == number), 0)


def _content_type(kind: str) -> Any:
    return problem(
        "request.content_type",
        f"不支持的内容类型 {kind or '（无）'}。",
        f"The content type {kind or '(none)'} is not taken.",
        remedy=Text(zh=f"请用 {ARRAY} 或 {LINES}。", en=f"Send {ARRAY} or {LINES}."),
        field="Content-Type",
    )
