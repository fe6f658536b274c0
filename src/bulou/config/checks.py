"""Numbered checks of the deployment, run by `bulou db check` and before migrations.

E001 the database cannot be reached or is too old     E002 the application slips past row-level security
E003 the tables are of an older or newer version    E004 what follows from facts was derived by another version
W001 browser libraries are missing                    W002 division data are missing
W003 a secret can be read by others                   W004 served to the network without TLS
W005 debugging is on                                  W006 behind a proxy, and none is trusted
"""

import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning
from django.core.checks import register as _register

from bulou.config import database
from bulou.config.home import data_dir
from bulou.kernel.errors import BulouError

MIGRATE = "Run `bulou db migrate`."
LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}


def register() -> None:
    """Make Django run the checks of this module."""
    _register(check_database, Tags.database)
    for check in (check_libraries, check_divisions, check_secrets, check_network, check_debug, check_proxies):
        _register(check, "bulou")


def check_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """E001 to E004: the database answers, is of the program's version, and holds the application to its area."""
    if not databases or database.role() != "app":
        return []
    from django.db import connection

    from bulou.directory.catalogue import holes

    try:
        connection.ensure_connection()
        found = [Error(hole, hint=MIGRATE, id="bulou.E002") for hole in [*_user_holes(), *holes()]]
        return [*found, *_behind()]
    except BulouError as error:
        return [Error(problem.to("zh") + "\n" + problem.to("en"), id="bulou.E001") for problem in error.problems]


def _behind() -> list[CheckMessage]:
    """What the database lacks, or has too much, to be of the program's version."""
    from bulou.ledger import upgrades

    missing, unknown = upgrades.steps()
    if unknown:
        said = f"The database is of a newer version than the program: {', '.join(unknown)}."
        return [Error(said, hint="Update the program.", id="bulou.E003")]
    if missing:
        said = f"{len(missing)} migrations are not applied: {', '.join(missing)}."
        return [Error(said, hint=MIGRATE, id="bulou.E003")]
    if names := upgrades.projections():
        return [Error(f"Derived by another version: {', '.join(names)}.", hint=MIGRATE, id="bulou.E004")]
    return []


def check_libraries(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """W001: every folder of browser libraries is installed."""
    missing = [str(folder) for _, folder in settings.STATICFILES_DIRS if not Path(folder).is_dir()]
    hint = "Run `make setup`."
    return [Warning(f"Browser libraries are missing: {folder}", hint=hint, id="bulou.W001") for folder in missing]


def check_divisions(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """W002: the national division tree can be loaded."""
    from bulou.directory.divisions import source

    try:
        source()
    except BulouError as error:
        return [Warning(error.to("en"), id="bulou.W002")]
    return []


def check_secrets(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """W003: nobody but this user reads the secrets kept in the data directory."""
    files = sorted((data_dir() / "secrets").glob("*"))
    return [
        Warning(f"Others can read {file}.", hint=f"chmod 600 {file}", id="bulou.W003")
        for file in files
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]


def check_network(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """W004: names of people do not cross a network in the clear."""
    if settings.SECURE or set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        return []
    hint = "Put it behind TLS and set BULOU_HTTPS=on."
    return [Warning("Served to the network without TLS.", hint=hint, id="bulou.W004")]


def check_debug(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """W005: Django's debug pages show what a page read."""
    return [Warning("BULOU_DEBUG is on.", hint="Never with real people.", id="bulou.W005")] if settings.DEBUG else []


def check_proxies(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """W006: behind a proxy nobody trusts, limits per address and the record of access see the proxy alone."""
    if not settings.BEHIND_PROXY or settings.TRUSTED_PROXIES:
        return []
    hint = "Set BULOU_TRUSTED_PROXIES to the address the proxy connects from."
    return [Warning("Behind a proxy, and none is trusted: limits per address count it.", hint=hint, id="bulou.W006")]


def _user_holes() -> list[str]:
    """Whoever we are connected as must not be above row-level security, whatever the role is called."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, above = cursor.fetchone()
    return [f"The application is connected as {name}, whom row-level security does not hold."] if above else []
