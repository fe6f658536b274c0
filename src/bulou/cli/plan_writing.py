"""`bulou plan check`, `new` and `schema`: what somebody who writes a plan has at hand."""

import json
from pathlib import Path

import click

from bulou.cli import plan_watching
from bulou.cli.diseases import with_disease
from bulou.cli.main import language
from bulou.cli.plan_names import PLANS, chosen
from bulou.cli.plan_printing import Voice, in_language, kinds, print_report
from bulou.directory.roles import ROLES
from bulou.kernel import clock
from bulou.kernel.text import Text
from bulou.plan.beginning import begin
from bulou.plan.check import Report
from bulou.plan.check import check as check_plan
from bulou.plan.schema import FILES
from bulou.plan.schema import schema as schema_of

SCHEMA = ".schema"
"""The folder beside the plans that the template's first lines point editors to."""


@click.command()
@click.argument("paths", metavar="PLAN...", type=PLANS, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="所有预案 · Every plan")
@click.option(
    "--watch", is_flag=True, help="文件一保存就重查，Ctrl-C 结束 · Again whenever a file is saved, until Ctrl-C"
)
@with_disease
@in_language
def check(paths: tuple[Path, ...], everything: bool, watch: bool, disease: str | None, lang: str) -> None:
    """检查预案 · Say everything that is wrong with a plan, with file and line."""
    voice = Voice(lang)
    plans = chosen(paths, everything)
    reports = {path: _checked(voice, path, disease) for path in plans}
    if watch:
        try:
            for files in plan_watching.saved(lambda: _folders(reports)):
                voice.failed = False
                names = ", ".join(dict.fromkeys(file.name for file in files))
                click.echo(f"--- {clock.now().astimezone(clock.SHANGHAI):%H:%M:%S} {names}")
                reports.update({path: _checked(voice, path, disease) for path in plans})
        except KeyboardInterrupt:
            click.echo()
    voice.finish()


@click.command()
@click.argument("name")
@click.option(
    "--in", "shelf", type=click.Path(file_okay=False, path_type=Path), help="放在哪个文件夹，默认 plans/ · Where"
)
@in_language
def new(name: str, shelf: Path | None, lang: str) -> None:
    """新建预案 · Begin a plan from a small commented one that passes, with schemas for your editor."""
    where = shelf or (Path("plans") if Path("plans").is_dir() else Path())
    folder = begin(name, where, clock.now().astimezone(clock.SHANGHAI).date())
    _write_schemas(where / SCHEMA)
    voice = Voice(lang)
    voice.say(
        f"已新建 {folder}。下一步：改写其中的文件，然后 bulou plan check --watch {folder}",
        f"{folder} is there. Next: edit its files, with bulou plan check --watch {folder} running.",
    )


@click.command()
@click.argument("file", type=click.Choice(list(FILES)), required=False)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="四种都写入文件夹 · Write all four into a folder"
)
def schema(file: str | None, out: Path | None) -> None:
    """编辑器模式 · JSON Schema of a plan's files: what editors check and complete with."""
    if out is not None:
        for path in _write_schemas(out):
            click.echo(path)
    elif file is not None:
        click.echo(_text(file))
    else:
        text = Text(
            zh=f"请写出 {'、'.join(FILES)} 之一，或加 --out。", en=f"Name one of {', '.join(FILES)}, or add --out."
        )
        raise click.UsageError(text.to(language()))


def _checked(voice: Voice, path: Path, disease: str | None) -> Report:
    report = check_plan(path, kinds=kinds(), roles=ROLES, disease=disease)
    print_report(voice, report)
    return report


def _folders(reports: dict[Path, Report]) -> set[Path]:
    """The folders of the plans, and of those they extend as far as these could be read."""
    extended = (plan.path for report in reports.values() if report.plan for plan in report.plan.family)
    return {path.resolve() for path in (*reports, *extended)}


def _write_schemas(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / f"{file}.json" for file in FILES]
    for path in written:
        path.write_text(_text(path.stem) + "\n", encoding="utf-8")
    return written


def _text(file: str) -> str:
    return json.dumps(schema_of(file, kinds(), ROLES), ensure_ascii=False, indent=1, default=str)
