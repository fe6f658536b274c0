"""`api_token create|list|revoke`: what `bulou api token` asks of this room. Answers in JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bulou.api import tokens


class Command(BaseCommand):
    """Tokens of the API."""

    help = "Make, list or revoke tokens of the API; the answer is JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["create", "list", "revoke"])
        parser.add_argument("name", help="an account's name; to revoke: a token or its id")
        parser.add_argument("--days", type=int, default=90)

    def handle(self, *_: Any, act: str, name: str, days: int, **__: Any) -> str:
        answer = _create(name, days) if act == "create" else _list(name) if act == "list" else _revoke(name)
        return json.dumps(answer, default=str)


def _create(name: str, days: int) -> object:
    issued = tokens.create(name, days)
    return {"id": issued.id, "token": issued.text, "expires_at": issued.expires_at.isoformat()}


def _list(name: str) -> object:
    columns = ("id", "created_at", "expires_at", "revoked_at", "last_used_at")
    return list(tokens.tokens_of(name).values(*columns))


def _revoke(name: str) -> object:
    ended = tokens.revoke(name)
    return {"id": ended.id, "account": ended.account.username}
