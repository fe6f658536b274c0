"""Looks at people: what for is asked first, and every one is on record."""

from typing import Any
from urllib.parse import unquote

from bulou.api.access import Request
from bulou.api.errors import RefusedError, problem
from bulou.directory import services as directory
from bulou.kernel.text import Text

HEADER = "X-Purpose"
PERSONAL = ("person:", "episode:")
"""Subjects whose facts are one person's."""
LONGEST = 200
PURPOSE: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": HEADER,
            "required": False,
            "schema": {"type": "string", "maxLength": LONGEST},
            "description": "What a look at a person is for; needed for `person:` and `episode:`, and recorded",
        }
    ]
}
"""For the OpenAPI document of addresses that may show a person."""


def is_personal(subject: str) -> bool:
    return subject.startswith(PERSONAL)


def purpose_of(request: Request, subject: str) -> str:
    """What a look at a subject is for, from the header: UTF-8, as it is or percent-encoded.

    RefusedError (400) where it is a person's and the purpose is missing; empty for anything else.
    """
    if not is_personal(subject):
        return ""
    given = request.headers.get(HEADER, "")
    purpose = "".join(filter(str.isprintable, unquote(_as_utf8(given), errors="replace"))).strip()
    if not purpose:
        raise RefusedError(
            400,
            problem(
                "look.purpose",
                "查看个人须写明用途，查看会被记录。",
                "Say what a look at a person is for; looks are recorded.",
                remedy=Text(
                    zh=f"请在 {HEADER} 中写明，中文可用百分号编码。",
                    en=f"Write it in the header {HEADER}, percent-encoded where it is not ASCII.",
                ),
                field=HEADER,
            ),
        )
    return purpose[:LONGEST]


def look(request: Request, subject: str, area: str, purpose: str) -> None:
    """Put a look at one person on record: who, whom, when, why, from where. Nothing for other subjects."""
    if is_personal(subject):
        address = request.META.get("REMOTE_ADDR") or None
        directory.access_record(
            "view", by=request.auth, area=area, subject=subject, purpose=purpose, page=request.path, ip=address
        )


def _as_utf8(header: str) -> str:
    """A header as its sender wrote it: servers hand its bytes on as Latin-1."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
