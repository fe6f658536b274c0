"""`bulou areas`: administrative divisions from the command line."""

import time
from datetime import date, datetime
from pathlib import Path

import click

from bulou.cli.database import say, start_django
from bulou.kernel.text import Text

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def areas() -> None:
    """行政区划 · Administrative divisions: load, edit, grids."""
    start_django("app")


@areas.command()
@click.option(
    "--root", default="", metavar="CODE", help="只载入这个区划及其下级 · only this division and what it contains"
)
@click.option("--as-of", type=DAY, help="变动自这一天起生效 · the day from which changes hold")
@click.option(
    "--source", type=click.Path(path_type=Path, exists=True, file_okay=False), help="数据目录 · the folder of files"
)
def load(root: str, as_of: datetime | None, source: Path | None) -> None:
    """载入全国或一地的区划，可重复 · Load the nation's divisions, or one area's; may be repeated."""
    from bulou.directory import divisions

    began = time.monotonic()
    done = divisions.load(root, folder=source, as_of=_day(as_of))
    seconds = time.monotonic() - began
    rate = f"{done.read / seconds:,.0f}"
    say(
        Text(
            zh=f"读入 {done.read:,}：新增 {done.created:,}，更新 {done.updated:,}，未变 {done.unchanged:,}，"
            f"本地修改保留 {done.kept:,}；撤销 {done.retired:,}。用时 {seconds:.1f} 秒，每秒 {rate} 条。",
            en=f"{done.read:,} read: {done.created:,} created, {done.updated:,} updated, {done.unchanged:,} unchanged, "
            f"{done.kept:,} kept as edited here; {done.retired:,} ended. {seconds:.1f} s, {rate} a second.",
        )
    )


@areas.command()
@click.argument("village")
@click.argument("count", type=int)
def grid(village: str, count: int) -> None:
    """给一个村（社区）划分网格 · Give a village grids, numbered from 001."""
    from bulou.directory.services import grids_ensure

    made = grids_ensure(village, count)
    say(Text(zh=f"新增 {made} 个网格，共 {count} 个。", en=f"{made} grids made; there are {count}."))


@areas.command()
@click.argument("code")
@click.argument("name")
@click.option("--from", "valid_from", type=DAY, help="自这一天起 · the first day")
def add(code: str, name: str, valid_from: datetime | None) -> None:
    """增加一个全国数据里没有的区划 · Add a division the national data do not list."""
    from bulou.directory.services import area_add

    area = area_add(code, name, valid_from=_day(valid_from))
    say(Text(zh=f"已增加 {area.code} {area.name}。", en=f"Added {area.code} {area.name_en}."))


@areas.command()
@click.argument("code")
@click.option("--name", help="新名称 · its new name")
@click.option("--english", help="英文名称 · its English name")
@click.option("--until", type=DAY, help="自这一天起撤销 · the day it ends")
def edit(code: str, name: str | None, english: str | None, until: datetime | None) -> None:
    """改名或撤销；以后载入不会覆盖 · Rename or end it; later loads leave it as it is."""
    from bulou.directory.services import area_edit

    area = area_edit(code, name=name, name_en=english, valid_to=_day(until))
    say(Text(zh=f"{area.code} 现为“{area.name}”。", en=f"{area.code} is now {area.name_en}."))


@areas.command("list")
@click.argument("code", default="")
def list_(code: str) -> None:
    """下一级区划 · The divisions one level down."""
    from bulou.directory.models import Area

    for child in Area.objects.filter(parent=code).order_by("code"):
        click.echo(
            f"{child.code:<16}{child.name}  {child.name_en}" + (f"  → {child.valid_to}" if child.valid_to else "")
        )


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None
