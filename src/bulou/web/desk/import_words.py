"""Imports in words: states, outcomes, what changed and what is wrong."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bulou.directory import selectors as directory
from bulou.exchange.imports import selectors
from bulou.exchange.imports.kinds import kind
from bulou.exchange.imports.models import ImportBatch
from bulou.exchange.imports.selectors import RowTold
from bulou.exchange.imports.undoing import DAYS
from bulou.kernel.errors import BulouError
from bulou.kernel.text import Text
from bulou.web import fact_words
from bulou.web.words import JOBS, Sign

STATES = {
    "waiting": JOBS["queued"],
    "running": JOBS["running"],
    "done": Sign("met", pgettext_lazy("import", "Imported"), "check"),
    "rehearsed": Sign("open", pgettext_lazy("import", "Rehearsed"), "eye"),
    "cancelled": Sign("waived", pgettext_lazy("import", "Stopped"), "minus"),
    "failed": JOBS["failed"],
    "interrupted": Sign("late", pgettext_lazy("import", "Interrupted"), "hand-stop"),
    "undone": Sign("void", pgettext_lazy("import", "Undone"), "arrow-back-up"),
}
LEFT_OFF = ("cancelled", "failed", "interrupted")
"""How a run can end before its file does."""
OUTCOMES = (
    ("created", Sign("met", pgettext_lazy("import", "new"), "plus")),
    ("updated", Sign("open", pgettext_lazy("import", "changed"), "refresh")),
    ("unchanged", Sign("waived", pgettext_lazy("import", "unchanged"), "equal")),
    ("rejected", Sign("missed", pgettext_lazy("import", "refused"), "x")),
)
UNDONE = {
    "facts": _("facts withdrawn"),
    "retired": _("taken off the books"),
    "kept": _("kept, because something hangs on them"),
    "put_back": _("changes put back"),
    "changed_since": _("changed again since, left as they are"),
}


def told(batch: ImportBatch) -> dict[str, Any]:
    """A run as a list shows it."""
    state = "rehearsed" if batch.rehearsal and batch.state == "done" else batch.state
    return {
        "batch": batch,
        "sign": STATES[state],
        "kind": _title(batch.kind),
        "tiles": [{"sign": sign, "number": getattr(batch, name), "name": name} for name, sign in OUTCOMES],
    }


def page_of(batch: ImportBatch) -> dict[str, Any]:
    """All that the page of a run shows. At most six queries."""
    english = (get_language() or "zh").startswith("en")
    titles = {column.field: column.title for column in kind(batch.kind).columns}
    changed, refused = selectors.rows(batch, "updated"), selectors.rows(batch, "rejected")
    names = _names([*changed])
    since = timezone.now() - batch.begun_at
    return told(batch) | {
        "problems": [(_field(titles, one), _words(one, english=english), n) for one, n in selectors.problems(batch)],
        "changed": [(row.number, _link(row.subject), _differences(row, titles, names)) for row in changed],
        "refused": [
            (row.number, [(_field(titles, p), _words(p, english=english)) for p in row.problems]) for row in refused
        ],
        "may_take_in": batch.rehearsal and batch.state == "done" and batch.rows_in > batch.rejected,
        "good": batch.created + batch.updated,
        "may_undo": not batch.rehearsal and batch.state in ("done", *LEFT_OFF) and since < timedelta(days=DAYS),
        "left_off": batch.state in LEFT_OFF,
        "days": DAYS,
        "kept_days": settings.IMPORT_DAYS,
        "undone": [(UNDONE[name], n) for name, n in (batch.undone or {}).items() if n],
        "doubts": 0 if batch.rehearsal else selectors.doubts_open(batch=batch),
        "failure": [one["en" if english else "zh"] for one in batch.problem or []],
    }


def _words(problem: dict[str, str], *, english: bool) -> str:
    """What is wrong, in words; after a month they are forgotten, for they quote what was written of people."""
    return problem["en" if english else "zh"] or gettext("The words are no longer kept.")


def sample(cell: Any) -> str:
    """A cell as the page of headings shows it: numbers of people only by their ends."""
    text = "" if cell is None else str(cell)
    digits = sum(character.isdigit() for character in text)
    shown = f"{text[:3]}…{text[-2:]}" if digits >= 8 and not isinstance(cell, datetime) else text
    return shown[:24]


def option(words: Sequence[str]) -> str:
    """The word of an option that stands for it: in Chinese the first written so, in English its own letters."""
    chinese = next((word for word in words if not word.isascii()), "")
    return words[0] if (get_language() or "zh").startswith("en") or not chinese else chinese


def job_title(batch: ImportBatch) -> Text:
    """What the job of a run is called."""
    title, name = _title(batch.kind), batch.file.name
    if batch.rehearsal:
        return Text(zh=f"试算{title.zh}：{name}", en=f"Rehearse {title.en.lower()}: {name}")
    return Text(zh=f"导入{title.zh}：{name}", en=f"Import {title.en.lower()}: {name}")


def _title(name: str) -> Text:
    try:
        return kind(name).title
    except BulouError:
        return Text(zh=name, en=name)


def _field(titles: dict[str, Text], problem: dict[str, str]) -> Text | str:
    return titles.get(problem["field"], "")


def _names(rows: list[RowTold]) -> dict[str, str]:
    """The names of the areas and things the changes mention. At most two queries."""
    codes = [value for row in rows for value in row.shown.get("area", ()) if value]
    sides = [side for row in rows for pair in row.shown.values() for side in pair if side]
    named = directory.names({side for side in sides if isinstance(side, str) and ":" in side and len(side) > 30})
    return directory.area_names(codes) | {str(key): str(value) for key, value in named.items()}


def _differences(row: RowTold, titles: dict[str, Text], names: dict[str, str]) -> list[tuple[Text | str, str, str]]:
    return [(titles.get(field, field), *(_side(side, names) for side in pair)) for field, pair in row.shown.items()]  # type: ignore[misc]


def _side(value: Any, names: dict[str, str]) -> str:
    if value in (None, ""):
        return "—"
    return names.get(str(value)) or fact_words.said(value, names)


def _link(subject: str) -> tuple[str, str]:
    """The page a subject has, as its name and id; empty where it has none."""
    type, _, id = subject.partition(":")
    return ({"person": "person", "place": "place", "unit": "unit", "episode": "case"}.get(type, ""), id)
