"""What a phone is given: today's list with the forms to fill in, the house's public key, a ticket. Nothing more.

Of a person the list has what the on-line page shows at the door: the name and the address. No number, no telephone.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from bulou.directory.models import Account
from bulou.directory.roles import ROLES
from bulou.ledger import selectors
from bulou.web import fact_words, words
from bulou.web.field import my_list, questions
from bulou.web.field.sync import tickets
from bulou.web.field.sync.envelope import house, key_id, text_of
from bulou.web.frame import unit_title

LIMITS = {"ge": "least", "le": "most"}


def offer(account: Account, device: UUID, now: datetime) -> dict[str, Any]:
    """The list of an account's unit as plain data for JSON, in the reader's language. As many queries as my list."""
    rows = selectors.my_list(account.unit_id, now)
    listed = my_list.gather(rows, now)
    done = my_list.progress(rows, now)
    return {
        "now": now.isoformat(),
        "language": get_language(),
        "account": account.username,
        "unit": words.say(unit_title(account.unit)),
        "role": words.say(ROLES[account.role].title),
        "ticket": tickets.write(account, device, now),
        "key": {"id": text_of(key_id(house().public)), "point": text_of(house().public)},
        "beginning": listed.beginning,
        "done": done.done,
        "total": done.total,
        "groups": [_group(group) for group in listed.groups],
    }


def _group(group: my_list.Group) -> dict[str, Any]:
    tasks = [_task(task) for task in group.tasks if task.form]
    return {"key": group.key, "name": group.name, "icon": group.icon, "tasks": tasks}


def _task(task: my_list.Task) -> dict[str, Any]:
    row, form = task.row, task.form
    return {
        "duty": row.key,
        "kind": row.must,
        "area": row.area,
        "title": words.say(row.title),
        "name": "" if task.here else task.name,
        "due": row.due_at.isoformat(),
        "state": row.state,
        "act": words.kind_title(row.must),
        "fields": [_field(row.must, question) for question in form.fields] if form else [],
        "items": _options(form.items) if form else [],
    }


def _field(kind: str, question: questions.Question) -> dict[str, Any]:
    given: dict[str, Any] = {
        name: getattr(question, name) for name in ("name", "label", "shape", "unit", "whole", "input")
    }
    return given | {"options": _options(question.options)} | _limits(kind, question.name)


def _limits(kind: str, name: str) -> dict[str, float]:
    """The bounds of a number, so that a slip is seen at the door and not a day later."""
    info = dict(fact_words.fields(kind))[name]
    found = {LIMITS[one]: getattr(limit, one) for limit in info.metadata for one in LIMITS if hasattr(limit, one)}
    return {bound: value for bound, value in found.items() if isinstance(value, int | float)}


def _options(options: Iterable[questions.Option]) -> list[dict[str, str]]:
    return [{"value": option.value, "word": option.word} for option in options]
