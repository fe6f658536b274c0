"""A new plan from the template: small, commented, whole, every duty with its cases, so that it passes at once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bulou.kernel.errors import BulouError
from bulou.plan.words import NAME

TEMPLATE = Path(__file__).parent / "template"


def begin(name: str, shelf: Path, today: date) -> Path:
    """The folder `shelf/name`, newly made. BulouError where the name will not do or the folder is already there."""
    if not NAME.fullmatch(name):
        raise BulouError.of(
            "plan.name",
            f"{name!r} 不能作预案名：用小写字母、数字和连字符，如 guilin-2026-1。",
            f"{name!r} cannot name a plan: use lower-case words, digits and hyphens, as in guilin-2026-1.",
            field="NAME",
        )
    folder = shelf / name
    if folder.exists():
        raise BulouError.of(
            "plan.exists",
            f"{folder} 已经存在；请换个名字，或直接改那里的文件。",
            f"{folder} is already there; choose another name, or edit the files in it.",
            field="NAME",
        )
    for file, text in files(name, today):
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def files(name: str, today: date) -> Iterator[tuple[Path, str]]:
    """The files of a new plan, by their place in its folder."""
    for source in sorted(path for path in TEMPLATE.rglob("*") if path.suffix in (".yaml", ".txt")):
        text = source.read_text(encoding="utf-8")
        yield source.relative_to(TEMPLATE), text.replace("__NAME__", name).replace("__TODAY__", today.isoformat())
