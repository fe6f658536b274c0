"""`bulou api`: tokens for programs that speak to the API."""

import io
import json
from typing import Any

import click

from bulou.cli.database import say, start_django
from bulou.config import database
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text


@click.group()
def api() -> None:
    """接口 · The API: tokens for programs."""


@api.group()
def token() -> None:
    """令牌 · Tokens: how a program signs in as an account."""


@token.command()
@click.argument("username", metavar="USERNAME")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True, help="有效天数 · days it lasts")
def create(username: str, days: int) -> None:
    """新令牌，只显示这一次 · A new token, shown this once."""
    made = _ask("create", username, f"--days={days}")
    say(
        Text(
            zh=f"编号 {made['id']}，有效至 {made['expires_at']}。令牌只显示这一次：",
            en=f"Its id is {made['id']}; it lasts until {made['expires_at']}. The token is shown this once:",
        )
    )
    click.echo(made["token"])


@token.command("list")
@click.argument("username", metavar="USERNAME")
def list_(username: str) -> None:
    """一个账号的令牌 · An account's tokens: id, expiry, last use."""
    for row in _ask("list", username):
        used = row["last_used_at"] or "-"
        state = f"revoked {row['revoked_at']}" if row["revoked_at"] else f"expires {row['expires_at']}"
        click.echo(f"{row['id']}  {state}  used {used}")


@token.command()
@click.argument("name", metavar="TOKEN")
def revoke(name: str) -> None:
    """立即作废：写令牌或它的编号 · End a token at once; give it or its id."""
    ended = _ask("revoke", name)
    say(
        Text(
            zh=f"账号 {ended['account']} 的令牌 {ended['id']} 已作废。",
            en=f"The token {ended['id']} of {ended['account']} is revoked.",
        )
    )


def _ask(*words: str) -> Any:
    """What the API's own command answers; a command does not import the other doors. BulouError where it refuses."""
    start_django("app")
    from django.core.management import call_command
    from django.db import DatabaseError

    try:
        return json.loads(call_command("api_token", *words, stdout=io.StringIO()))
    except DatabaseError as error:
        if problem := database.problem_of(error):
            raise BulouError(problem) from error
        raise
