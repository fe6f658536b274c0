"""`bulou plan diseases`: the disease profiles, one in full with its sources, or several side by side."""

import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from bulou.cli.plan_names import shelves
from bulou.cli.plan_printing import Voice, in_language
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text
from bulou.plan.disease_names import NAMES
from bulou.plan.diseases import Profile, Published, find_profile, profiles

Command = TypeVar("Command", bound=Callable[..., None])
LISTED = ("legal_class", "report_within", "incubation_longest", "observation", "fever_threshold")
"""What the list shows of each disease."""


def shelf() -> Path:
    """The folder of the profiles: beside the first shelf of plans that has one."""
    found = [folder.parent / "diseases" for folder in shelves()]
    return next((folder for folder in found if folder.is_dir()), Path("diseases"))


class Disease(click.ParamType[str]):
    """The id of a profile. Shells complete it."""

    name = "disease"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        known = sorted(path.stem for path in shelf().glob("*.yaml"))
        if value not in known:
            self.fail(f"{value!r}: {', '.join(known)}", param, ctx)
        return value

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(path.stem) for path in sorted(shelf().glob(f"{incomplete}*.yaml"))]


def with_disease(command: Command) -> Command:
    """The option that reads a plan under another disease than its own."""
    option = click.option(
        "--disease", type=Disease(), help="换一种病 · Under another disease: its numbers, the same text"
    )
    return option(command)


@click.command()
@click.argument("names", metavar="[DISEASE]...", type=Disease(), nargs=-1)
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="截至哪天所知 · As known on a day")
@in_language
def diseases(names: tuple[str, ...], day: datetime | None, lang: str) -> None:
    """病种档案 · The disease profiles: all in short, one with its sources, several side by side."""
    voice, on = Voice(lang), day.date() if day else date.max
    try:
        found = [find_profile(name, shelf()) for name in names] or list(profiles(shelf()).values())
    except BulouError as error:
        voice.refuse(shelf(), error)
        voice.finish()
        return
    if len(names) == 1:
        print_profile(voice, found[0], on)
    elif names:
        print_side_by_side(voice, found, on)
    else:
        print_list(voice, found, on)


def print_list(voice: Voice, found: Sequence[Profile], day: date) -> None:
    head = [voice_text(voice, "病种", "disease"), "", *(NAMES[name].title.to(voice.lang) for name in LISTED)]
    rows = [
        [profile.id, profile.title.to(voice.lang), *(said(voice, profile, name, day) for name in LISTED)]
        for profile in found
    ]
    print_table([head, *rows])


def print_side_by_side(voice: Voice, found: Sequence[Profile], day: date) -> None:
    """The common names of several profiles; a mark where they differ."""
    rows = [["", "", *(profile.id for profile in found)]]
    for name, meant in NAMES.items():
        values = [said(voice, profile, name, day) for profile in found]
        rows.append(["≠" if len(set(values)) > 1 else "", meant.title.to(voice.lang), *values])
    print_table(rows)


def print_profile(voice: Voice, profile: Profile, day: date) -> None:
    click.echo(f"{profile.title.to(voice.lang)}  {profile.id}  {profile.class_.to(voice.lang)}")
    voice.say(f"最近核对 {profile.last_verified}", f"last verified {profile.last_verified}")
    for name, known in profile.known.items():
        click.echo(f"{profile.title_of(name).to(voice.lang)}  {said(voice, profile, name, day)}")
        for start, published in sorted(known.values.items()):
            if start <= day:
                shown = number(voice, published, profile.unit_of(name))
                click.echo(f"    {start}  {shown}  {published.reference}  [{published.checked}]")
        if known.reason:
            voice.text(known.reason, "    ")


def said(voice: Voice, profile: Profile, name: str, day: date) -> str:
    """What a profile says of a name on a day, with its unit; a question mark before anything was known."""
    published = profile.known[name].at(day)
    return number(voice, published, profile.unit_of(name)) if published else "?"


def number(voice: Voice, published: Published, unit: str) -> str:
    if published.value is None:
        return voice_text(voice, "无", "none")
    value: Any = published.value
    listed = value if isinstance(value, list) else [value]
    shown = ", ".join(f"{item:f}" if isinstance(item, Decimal) else str(item) for item in listed)
    return shown if unit in ("1", "class") else f"{shown} {unit}"


def voice_text(voice: Voice, zh: str, en: str) -> str:
    return Text(zh=zh, en=en).to(voice.lang)


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; a Chinese character counts as two."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
