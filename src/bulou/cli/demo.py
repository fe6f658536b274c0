"""`bulou demo`: Tianjin's outbreak of 2020 on one's own machine, from nothing to the first page.

The first start makes the database, loads what there is to load and takes a minute or two; every later one keeps what
was recorded and takes seconds. An interrupted load is taken up again.
"""

import fcntl
import json
import os
import secrets
import sys
import time
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import platformdirs

from bulou.cli import demo_versions as versions
from bulou.cli import serving
from bulou.cli.database import prepare, say, start_django
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text

if TYPE_CHECKING:
    from bulou.plan.rules import Rule

AREA, PLAN, SEED = "12", "guangxi-2020-9", 2020
FIRST, LAST = datetime(2020, 1, 14, tzinfo=SHANGHAI), datetime(2020, 2, 25, tzinfo=SHANGHAI)
DEFAULT = datetime(2020, 2, 10, 10, tzinfo=SHANGHAI)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Moment(click.ParamType[datetime]):
    """A day (10:00 in Tianjin is meant) or an ISO 8601 instant, within the time the demonstration covers."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r}: 2020-02-10 · 2020-02-10T22:00", param, ctx)
        if len(value) <= 10:
            instant = instant.replace(hour=10)
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=SHANGHAI)
        if not FIRST <= instant <= LAST:
            self.fail(f"{value!r}: {FIRST:%Y-%m-%d} … {LAST:%Y-%m-%d}", param, ctx)
        return instant


@click.command()
@click.option("--at", type=Moment(), help="业务时钟 · business clock, 2020-01-14 … 2020-02-25  [default: 2020-02-10]")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="端口 · port")
@click.option("--no-browser", is_flag=True, help="不打开浏览器 · do not open the browser")
@click.option("--no-serve", is_flag=True, help="只载入 · load only")
@click.option("--reset", is_flag=True, help="清空后重来 · erase the data first")
@click.option("--scale", type=click.IntRange(1, 100), default=1, show_default=True, help="人数倍数 · times the people")
@click.option("--data-dir", type=click.Path(path_type=Path, file_okay=False), help="数据目录 · data directory")
def demo(
    at: datetime | None,
    port: int,
    no_browser: bool,
    no_serve: bool,
    reset: bool,
    scale: int,
    data_dir: Path | None,
) -> None:
    """天津2020演示 · Tianjin's outbreak of 2020: the real 135 cases, synthetic people around them."""
    if data_dir:
        os.environ["BULOU_DATA_DIR"] = str(data_dir.resolve())
    os.environ.setdefault("BULOU_MFA", "optional")
    began = time.monotonic()
    house = _home()
    with _alone(house):
        if reset:
            _erase(house)
        _make_ready(house, at, scale)
    if no_serve:
        return
    with _step("网页", "Web server"):
        server = serving.start(serving.free_port(port))
    with server:
        _introduce(house, server.url, time.monotonic() - began)
        if not no_browser and _has_screen():
            webbrowser.open(server.url)
        server.wait()


def password(house: Path) -> str:
    """The password of every account of the demonstration: made once for an installation, readable by its user only."""
    path = house / "secrets" / "demo_password"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        made = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="ascii") as file:
            file.write(made)
    return path.read_text(encoding="ascii")


def _home() -> Path:
    """The data directory, made where it is not there."""
    from bulou.config import database

    server = database.embedded()
    path = server.home if server else Path(os.environ.get("BULOU_DATA_DIR") or platformdirs.user_data_dir("bulou"))
    path.mkdir(parents=True, exist_ok=True)
    return path


def _make_ready(house: Path, at: datetime | None, scale: int) -> None:
    """The database as of this version, the data in it, the clock where it was asked to stand."""
    from bulou.config import database

    server = database.embedded()
    state = _state(house) if server is None or server.cluster.root.exists() else {}
    with _step("数据库", "Database"):
        if server:
            server.ensure()
    if not state:
        with _step("建表", "Tables"):
            prepare()
    start_django("app")
    if state and (behind := versions.behind()):
        with _step(f"表更新到本版（{behind} 步）", f"Tables brought to this version ({behind} steps)"):
            prepare()
    from bulou.oversight.drills import services

    if not state or not services.is_loaded():
        _load(house, at or DEFAULT, scale)
    elif state["scale"] != scale:
        raise BulouError.of(
            "demo.scale",
            f"现有数据是 {state['scale']} 倍的。换倍数请加 --reset 重来。",
            f"The data there are at scale {state['scale']}. For another scale start anew with --reset.",
            field="--scale",
        )
    else:
        versions.say_old(state)
        if at:
            with _step(f"时钟 {at:%Y-%m-%d %H:%M}", f"Clock {at:%Y-%m-%d %H:%M}"):
                services.clock_move(at)


def _load(house: Path, at: datetime, scale: int) -> None:
    """Divisions, the plan, units, people, facts, the clock: each a step with its time."""
    from bulou.config.rooms import fact_kinds
    from bulou.directory import divisions
    from bulou.oversight.drills import services
    from bulou.oversight.drills.synthetic import make
    from bulou.oversight.drills.tianjin import read_cases

    services.refuse_real_people()
    with _step("天津区划", "Divisions of Tianjin"):
        divisions.load(AREA)
    with _step(f"预案 {PLAN}", f"Plan {PLAN}"):
        rules = _rules()
    report = read_cases()
    rows, plain, doubted = report.rows, report.understood, report.doubted
    zh = f"{rows} 例病例（{plain} 例读来无疑，{doubted} 例存疑 {len(report.doubts)} 处）及其周围的人（合成）"
    en = (
        f"{rows} cases ({plain} read plainly, {doubted} with {len(report.doubts)} doubts), synthetic people around them"
    )
    with _step(zh, en):
        made = make(services.division_names(AREA), report.cases, rules, fact_kinds(), seed=SEED, scale=scale)
    with _step(f"{len(made.units)} 个单位", f"{len(made.units)} units"):
        services.units_load(made, password(house))
    with _step(f"{len(made.people)} 人", f"{len(made.people)} people"):
        services.people_load(made)
    with _step(f"{len(made.facts):,} 条事实", f"{len(made.facts):,} facts"):
        services.facts_load(made.facts, at=at)
        _analyze()
    with _step("责任事项", "Duties"):
        services.plan_adopt(rules, area=AREA, at=at)
        _analyze()
        services.clock_move(at)
    state = {"seed": SEED, "scale": scale, "facts": len(made.facts), "made_by": versions.maker()}
    (house / "demo.json").write_text(json.dumps(state))


def _rules() -> "list[Rule]":
    from bulou.cli.plan_names import find
    from bulou.config.rooms import fact_kinds
    from bulou.directory.roles import ROLES
    from bulou.plan.load import load
    from bulou.plan.rules import rules

    return rules(load(find(PLAN), kinds=fact_kinds(), roles=ROLES))


def _analyze() -> None:
    """Let the planner know what was just loaded; only the owner of the tables may."""
    import psycopg

    from bulou.config import database

    with psycopg.connect(**database.connection("owner"), autocommit=True) as connection:
        connection.execute("ANALYZE")


def _state(house: Path) -> dict[str, Any]:
    """What was loaded here before; empty where nothing was, or not to the end."""
    try:
        found: dict[str, Any] = json.loads((house / "demo.json").read_text())
    except (OSError, ValueError):
        return {}
    return found


def _erase(house: Path) -> None:
    from bulou.config import database

    server = database.embedded()
    if server is None:
        raise BulouError.of(
            "demo.reset",
            "--reset 只清空自带的数据库；BULOU_DATABASE_URL 指定的请自行清空。",
            "--reset erases the embedded database only; empty the one of BULOU_DATABASE_URL yourself.",
        )
    with _step("清空", "Erased"):
        (house / "demo.json").unlink(missing_ok=True)
        server.erase()


@contextmanager
def _alone(house: Path) -> Iterator[None]:
    """Two starts at once: the second waits until the first has loaded."""
    with (house / "demo.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _step(zh: str, en: str) -> Iterator[None]:
    """A line with what was done and how long it took."""
    began = time.monotonic()
    yield
    took = f"{time.monotonic() - began:6.1f}"
    say(Text(zh=f"{took} 秒  {zh}", en=f"{took} s  {en}"))


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _introduce(house: Path, url: str, seconds: float) -> None:
    """The address and a way in for every role."""
    from bulou.directory.models import Account
    from bulou.directory.roles import ROLES

    say(Text(zh=f"\n用时 {seconds:.1f} 秒。请打开 {url}", en=f"\nReady in {seconds:.1f} s. Open {url}"))
    say(Text(zh=f"所有账号的密码：{password(house)}\n", en=f"Password of every account: {password(house)}\n"))
    accounts = {account.role: account for account in Account.objects.filter(synthetic=True)}
    for role in (ROLES[name] for name in ROLES if name in accounts):
        account = accounts[role.role]
        unit = Text(zh=f"{role.zh}  {account.unit.name}", en=f"{role.en}, {account.unit.name_en}")
        say(Text(zh=f"  {account.username:<24}{unit.zh}", en=f"  {account.username:<24}{unit.en}"))
    say(Text(zh="\n人员和事实均为合成；按 Ctrl+C 结束。", en="\nPeople and facts are synthetic. Ctrl+C ends it."))
