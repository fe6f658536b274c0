"""Plans, clauses and other words of the plan language as arguments of commands: found, and completed by shells."""

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

import bulou
from bulou.cli.main import language
from bulou.kernel.text import Text
from bulou.plan.vocabulary import nearest


def find(name: str) -> Path:
    """The folder of a plan by path or name; wrong usage where there is none."""
    for place in (Path(), *shelves()):
        if (place / name / "plan.yaml").is_file():
            return place / name
    known = nearest(name, (path.name for path in every_plan()))
    zh, en = f"找不到预案 {name}。", f"There is no plan {name}."
    raise click.BadParameter(
        Text(zh=zh + (known.zh if known else ""), en=f"{en} {known.en if known else ''}").to(language())
    )


def folder(ctx: click.Context, param: click.Parameter, value: str) -> Path:
    """`find` as a callback of an argument."""
    return find(value)


def shelves() -> list[Path]:
    """The folders plans are kept in: plans/ of the working directory, then the product's own."""
    package = Path(bulou.__file__).parent
    return [shelf for shelf in (Path("plans"), package.parents[1] / "plans", package / "plans") if shelf.is_dir()]


def every_plan() -> list[Path]:
    """Each plan on the first shelf that has any."""
    found = (sorted(path.parent for path in shelf.glob("*/plan.yaml")) for shelf in shelves())
    return next((plans for plans in found if plans), [])


def chosen(paths: Iterable[Path], everything: bool) -> list[Path]:
    """The plans named, or every one; wrong usage where neither is asked for."""
    plans = every_plan() if everything else list(paths)
    if not plans:
        text = Text(zh="请写出预案，或加 --all。", en="Name a plan, or add --all.")
        raise click.UsageError(text.to(language()))
    return plans


def catalogue(path: Path) -> list[str]:
    """The clause ids a plan's catalogue lists, read as fast as a shell asks."""
    file = path / "catalogue.txt"
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.is_file() else []
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]


class PlanFolder(click.ParamType[Path]):
    """A plan's folder, or its name under plans/ here or in the product. Shells complete the names."""

    name = "plan"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        return value if isinstance(value, Path) else find(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(path.name) for path in every_plan() if path.name.startswith(incomplete)] or [
            CompletionItem(incomplete, type="dir")
        ]


class ClauseName(click.ParamType[str]):
    """A clause id. Shells complete those of the plan already named, else of every plan."""

    name = "clause"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        plan = ctx.params.get("path")
        plans = [plan] if isinstance(plan, Path) else every_plan()
        return _beginning(incomplete, ((clause, path.name) for path in plans for clause in catalogue(path)))


class Word(ClauseName):
    """A clause id, a fact kind, a role, or a duty as `plan/duty`."""

    name = "word"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from bulou.config.rooms import fact_kinds
        from bulou.directory.roles import ROLES

        kinds = [(kind, data.title.to(language())) for kind, data in fact_kinds().items()]
        roles = [(name, role.title.to(language())) for name, role in ROLES.items()]
        return super().shell_complete(ctx, param, incomplete) + _beginning(incomplete, [*kinds, *roles])


def _beginning(incomplete: str, words: Iterable[tuple[str, str]]) -> list[CompletionItem]:
    return [CompletionItem(word, help=help) for word, help in words if word.startswith(incomplete)]


PLANS = PlanFolder()
