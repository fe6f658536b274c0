"""What can be wrong with a database, told so that a person can act on it, in both languages."""

from collections.abc import Iterator
from pathlib import Path

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text

_DOWN = Problem(
    "database.down",
    Text(zh="连不上数据库，已存的数据没有受影响。", en="The database does not answer; what was stored is safe."),
    Text(
        zh="请查看 `bulou db status`；用外部服务器时请检查 BULOU_DATABASE_URL 和网络。",
        en="See `bulou db status`; with a server of your own check BULOU_DATABASE_URL and the network.",
    ),
)
_STARTING = Problem(
    "database.starting",
    Text(zh="数据库正在启动。", en="The database is starting."),
    Text(zh="请稍候再试。", en="Try again in a moment."),
)
_FULL = Problem(
    "database.full",
    Text(zh="数据库所在磁盘已满，本次没有存入。", en="The database's disk is full; nothing of this was stored."),
    Text(zh="请腾出空间后重试，已存的数据没有丢失。", en="Free some space and try again; what was stored is not lost."),
)
_READ_ONLY = Problem(
    "database.read_only",
    Text(zh="数据库只能读，本次没有存入。", en="The database is read-only; nothing of this was stored."),
    Text(
        zh="可能连到了备用服务器，或磁盘被挂为只读；请连主服务器或修复磁盘。",
        en="It may be a standby, or its disk is mounted read-only; connect to the primary or repair the disk.",
    ),
)
_PASSWORD = Problem(
    "database.password",
    Text(zh="数据库不接受这个用户名或密码。", en="The database refuses this user name or password."),
    Text(
        zh="新库请先运行 `bulou db migrate`；否则请检查 BULOU_DATABASE_URL、"
        "BULOU_APP_DATABASE_URL 或 BULOU_APP_PASSWORD。",
        en="Run `bulou db migrate` on a new database; else check BULOU_DATABASE_URL, BULOU_APP_DATABASE_URL or "
        "BULOU_APP_PASSWORD.",
    ),
)
_UNPREPARED = Problem(
    "database.unprepared",
    Text(
        zh="数据库还没有准备好（缺少角色、库或表）。",
        en="The database is not prepared: a role, database or table is missing.",
    ),
    Text(zh="请运行 `bulou db migrate`。", en="Run `bulou db migrate`."),
)
_BUSY = Problem(
    "database.busy",
    Text(zh="数据库连接已用完。", en="The database has no connection left."),
    Text(zh="请稍后重试，或调大 max_connections。", en="Try again shortly, or raise max_connections."),
)
_DENIED = Problem(
    "database.denied",
    Text(zh="数据库目录的权限不够。", en="The database's directory may not be read or written."),
    Text(
        zh="请把目录归还给当前用户，或用 BULOU_DATA_DIR 指定别的目录。",
        en="Give the directory back to this user, or name another in BULOU_DATA_DIR.",
    ),
)
_OLD = Problem(
    "database.version",
    Text(
        zh="数据库版本太旧，需要 PostgreSQL 18 或更新。",
        en="The database is too old: PostgreSQL 18 or later is needed.",
    ),
    Text(zh="请升级服务器。", en="Upgrade the server."),
)

BY_SQLSTATE = {
    "53100": _FULL,
    "25006": _READ_ONLY,
    "28P01": _PASSWORD,
    "28000": _UNPREPARED,
    "3D000": _UNPREPARED,
    "42P01": _UNPREPARED,
    "53300": _BUSY,
    "57P01": _DOWN,
    "57P02": _DOWN,
    "57P03": _STARTING,
    "0A000": _OLD,
}
BY_WORDS = {
    "starting up": _STARTING,
    "shutting down": _STARTING,
    "recovery mode": _STARTING,
    "no space left": _FULL,
    "disk full": _FULL,
    "read-only file system": _READ_ONLY,
    "password authentication failed": _PASSWORD,
    "no password supplied": _PASSWORD,
    "too many clients": _BUSY,
    "remaining connection slots": _BUSY,
    "permission denied": _DENIED,
    "operation not permitted": _DENIED,
    "does not exist": _UNPREPARED,
    "database version": _OLD,
    "incompatible with server": _OLD,
}


def problem_of(error: BaseException) -> Problem | None:
    """What a database error means to a person; None where it is not the database's state but ours (a wrong query)."""
    for cause in _causes(error):
        if isinstance(cause, BulouError):
            return cause.problems[0]
        state = getattr(cause, "sqlstate", None)
        if state:
            return BY_SQLSTATE.get(state)
    if type(error).__name__ in {"OperationalError", "InterfaceError", "PoolTimeout", "DatabaseUnavailableError"}:
        return _by_words(str(error)) or _DOWN
    return None


def server_failure(said: str, where: Path) -> BulouError:
    """The error for an embedded server that would not start, from what its programs said."""
    problem = _by_words(said)
    if problem:
        return BulouError(Problem(problem.code, problem.text, problem.remedy, where=str(where)))
    last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "")
    return BulouError.of(
        "database.start",
        f"内置数据库没有启动：{last}",
        f"The embedded database did not start: {last}",
        where=str(where),
    )


def too_old(version: int) -> BulouError:
    """The error for a server whose major version is below 18."""
    return BulouError.of(
        "database.version",
        f"数据库是 PostgreSQL {version}，需要 18 或更新。请升级服务器。",
        f"The database is PostgreSQL {version}; 18 or later is needed. Upgrade the server.",
    )


def _by_words(said: str) -> Problem | None:
    lowered = said.lower()
    return next((problem for words, problem in BY_WORDS.items() if words in lowered), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
