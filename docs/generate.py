"""Write the part of the reference that is read from the code: commands, fact kinds, roles, diseases, lists.

`python docs/generate.py` writes docs/reference/{cli,diseases,facts,lists,roles}.md; with `--check` it writes nothing
and ends with status 1 where one of them is not what the code says.
"""

import os
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from bulou.cli.main import main as bulou
from bulou.config.rooms import fact_kinds
from bulou.directory.roles import ROLES
from bulou.kernel.facts import FactData
from bulou.plan.disease_names import NAMES
from bulou.plan.diseases import Profile, profiles

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by `make docs` from the code. Change the code, not this page. -->\n"
Table = list[list[str]]


def table(head: list[str], rows: Table) -> str:
    """A Markdown table; cells may hold `|`."""
    cells = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in row) + " |" for row in cells)


def commands(command: click.Command, parent: click.Context | None, name: str) -> Iterator[str]:
    """A section for a command, then for each command inside it."""
    context = click.Context(
        command, parent=parent, info_name=name, max_content_width=100, terminal_width=100, **command.context_settings
    )
    command._help_option = None  # click keeps the help option of whichever context asked first
    yield f"## `{context.command_path}`\n\n```text\n{command.get_help(context)}\n```"
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found, inner
            yield from commands(found, context, inner)


def cli() -> str:
    intro = (
        "# Commands\n\nAll of them: `.venv/bin/bulou`, or `bulou` where it is installed. Messages follow the locale."
    )
    return "\n\n".join([intro, *commands(bulou, None, "bulou")])


def allowed(schema: dict[str, Any]) -> str:
    """What a JSON Schema allows, in a few words."""
    if "anyOf" in schema:
        return " or ".join(allowed(s) for s in schema["anyOf"] if s.get("type") != "null")
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {allowed(schema['items'])}"
    kind = schema.get("format") or schema.get("type") or "any"
    limits = [f"{sign} {schema[key]}" for key, sign in (("minimum", "≥"), ("maximum", "≤")) if key in schema]
    return " ".join([str(kind), *limits])


def resolved(schema: Any, definitions: dict[str, Any]) -> Any:
    """The schema with every `$ref` replaced by what it stands for."""
    if isinstance(schema, list):
        return [resolved(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return resolved(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {key: resolved(value, definitions) for key, value in schema.items()}


def fact_section(data: type[FactData]) -> str:
    schema = data.model_json_schema(by_alias=True)
    properties = resolved(schema.get("properties", {}), schema.get("$defs", {}))
    required = schema.get("required", [])
    rows = [
        [f"`{name}`" + ("" if name in required else " ?"), s.get("title", ""), allowed(s), s.get("description", "")]
        for name, s in properties.items()
    ]
    about = " ".join((data.__doc__ or "").split())
    heading = f"### `{data.kind}` {data.title.zh} · {data.title.en}\n\n{about} On: {', '.join(sorted(data.on))}."
    return heading + ("\n\n" + table(["field", "", "value", "meaning"], rows) if rows else "")


def facts() -> str:
    kinds = fact_kinds()
    rooms: dict[str, list[str]] = {}
    for data in kinds.values():
        rooms.setdefault(data.__module__.removeprefix("bulou.").removesuffix(".facts"), []).append(fact_section(data))
    intro = (
        f"# Fact kinds 事实类型\n\n{len(kinds)} kinds, by the room that owns them. A field marked `?` may be left out."
    )
    return "\n\n".join([intro, *chain.from_iterable([f"## {room}", *rooms[room]] for room in rooms)])


def roles() -> str:
    rows = [[f"`{name}`", role.zh, role.en, role.tier] for name, role in ROLES.items()]
    intro = f"# Roles 职责\n\n{len(rows)} roles: what a unit answers for. A duty names the role that owes it."
    return f"{intro}\n\n{table(['role', '中文', 'English', 'tier'], rows)}"


def known_on(value: Any) -> str:
    """A value of a profile; a dash where the disease has no such number."""
    return "–" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def disease(profile: Profile) -> str:
    """One profile: every value with its day, source and how it was checked."""
    rows = [
        [profile.title_of(name).en, known_on(said.value), profile.unit_of(name), str(day), said.reference, said.checked]
        for name, entry in profile.known.items()
        for day, said in sorted(entry.values.items())
    ]
    title = f"## `{profile.id}` {profile.title.zh} · {profile.title.en}\n\n{profile.class_.en}. "
    head = ["", "value", "unit", "from", "source", "checked"]
    return f"{title}Last verified {profile.last_verified}.\n\n{table(head, rows)}"


def diseases() -> str:
    found = profiles(Path(__file__).parents[1] / "diseases")
    head = ["name", "", "unit", *(f"`{name}`" for name in found)]
    rows = [
        [
            f"`{name}`",
            meant.title.en,
            meant.unit,
            *(known_on(profile.known[name].latest.value) for profile in found.values()),
        ]
        for name, meant in NAMES.items()
    ]
    intro = (
        "# Diseases 病种档案\n\nThe names every profile has, and what each says last. A dash: there is no such number."
        " What they mean and how plans use them: [disease profiles](../discussions/diseases.md)."
    )
    return "\n\n".join([intro, table(head, rows), *map(disease, found.values())])


def lists() -> str:
    """What the pages' lists can do: they are there once the pages are loaded."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulou.config.settings")
    with TemporaryDirectory() as house:
        os.environ.setdefault("BULOU_DATA_DIR", house)
        django.setup()
        from bulou.web import urls
        from bulou.web.lists import table

        return table.text() if urls.urlpatterns else ""


PAGES = {"diseases": diseases, "facts": facts, "roles": roles, "cli": cli, "lists": lists}


def path(page: str) -> Path:
    return REFERENCE / f"{page}.md"


def text(page: str) -> str:
    """A generated page, as the code says it should be."""
    return f"{NOTE}\n{PAGES[page]()}\n"


def main(arguments: list[str]) -> int:
    stale = 0
    for page in PAGES:
        wanted = text(page)
        if path(page).exists() and path(page).read_text(encoding="utf-8") == wanted:
            continue
        if arguments == ["--check"]:
            click.echo(f"docs/reference/{page}.md is not what the code says: run make docs", err=True)
            stale += 1
        else:
            path(page).write_text(wanted, encoding="utf-8")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
