"""Which database Bulou talks to, and as whom.

`BULOU_DATABASE_URL` names a real server, as the role that owns the tables; without it the embedded server of the data
directory is used. The program connects as `bulou_app`, which owns nothing; only `BULOU_ROLE=owner` (migrations, set-up)
connects as the owner. No server is started before the first connection.
"""

import os
from functools import cache
from typing import Any, Literal, cast
from urllib.parse import quote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from bulou.config.embedded import DATABASE, OWNER, Embedded
from bulou.config.faults import problem_of
from bulou.config.home import data_dir, secret
from bulou.kernel.errors import BulouError

APP_ROLE = "bulou_app"
Role = Literal["app", "owner"]


def role() -> Role:
    """As whom this process connects, from `BULOU_ROLE`."""
    given = os.environ.get("BULOU_ROLE", "app")
    if given not in ("app", "owner"):
        raise BulouError.of(
            "database.role",
            f"BULOU_ROLE 只能是 app 或 owner，现为 {given!r}。",
            f"BULOU_ROLE is app or owner, not {given!r}.",
        )
    return cast(Role, given)


@cache
def embedded() -> Embedded | None:
    """The embedded server, or None where `BULOU_DATABASE_URL` names a real one. Does not start it."""
    if os.environ.get("BULOU_DATABASE_URL"):
        return None
    return Embedded(data_dir(), _options(os.environ.get("BULOU_DATABASE_OPTIONS", "")))


def app_password() -> str:
    """The password of `bulou_app`: `BULOU_APP_PASSWORD`, or generated and kept. The embedded server asks for none."""
    return secret("app_password")


def connection(who: Role) -> dict[str, Any]:
    """Connection parameters (psycopg's names) for a role."""
    if server := embedded():
        return {"host": server.host, "dbname": DATABASE, "user": APP_ROLE if who == "app" else OWNER}
    owner = _parse("BULOU_DATABASE_URL")
    if who == "owner":
        return owner
    if os.environ.get("BULOU_APP_DATABASE_URL"):
        return _parse("BULOU_APP_DATABASE_URL")
    return {**owner, "user": APP_ROLE, "password": app_password()}


def url(who: Role = "app") -> str:
    """The connection as a URL for psql and other tools. It holds the password, so show it only when asked."""
    given = connection(who)
    words = {key: quote(str(value), safe="") for key, value in given.items()}
    login = words.get("user", "") + (f":{words['password']}" if "password" in words else "")
    rest = "&".join(f"{key}={words[key]}" for key in words if key not in ("user", "password", "dbname"))
    return f"postgresql://{login}@/{words.get('dbname', '')}?{rest}"


def django_settings(who: Role) -> dict[str, Any]:
    """`DATABASES["default"]`."""
    given = connection(who)
    kept = who == "app" and os.environ.get("BULOU_DATABASE_KEEP", "on") != "off"
    return {
        "ENGINE": "bulou.config.postgres",
        "NAME": given.pop("dbname", DATABASE),
        "USER": given.pop("user", ""),
        "PASSWORD": given.pop("password", ""),
        "HOST": given.pop("host", ""),
        "PORT": given.pop("port", ""),
        "CONN_MAX_AGE": None if kept else 0,
        "CONN_HEALTH_CHECKS": kept,
        "OPTIONS": {
            **given,
            "server_side_binding": True,
            "prepare_threshold": 3,
        },
    }


def _parse(variable: str) -> dict[str, Any]:
    try:
        return dict(conninfo_to_dict(os.environ[variable]))
    except ProgrammingError as error:
        raise BulouError.of(
            "database.url",
            f"{variable} 不是有效的 PostgreSQL 地址，应如 postgresql://用户:密码@主机:5432/库名。",
            f"{variable} is not a PostgreSQL URL such as postgresql://user:password@host:5432/name.",
        ) from error


def _options(text: str) -> dict[str, str]:
    """`fsync=off,work_mem=32MB` as a mapping."""
    pairs = (pair.partition("=") for pair in text.split(",") if pair.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


__all__ = [
    "APP_ROLE",
    "Embedded",
    "Role",
    "app_password",
    "connection",
    "django_settings",
    "embedded",
    "problem_of",
    "role",
    "url",
]
