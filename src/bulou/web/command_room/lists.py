"""The lists of duties: the misses of an area, and the duties due on a day."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.ledger import selectors as ledger
from bulou.web import rows, words
from bulou.web.access import PERSONAL, commands
from bulou.web.field import my_list, questions
from bulou.web.lists.acts import Effect, Planned, Record
from bulou.web.lists.asked import Asked
from bulou.web.lists.plain import day, local
from bulou.web.lists.spec import Column, Filter, List, Page, Word, register
from bulou.web.words import kind_title, say

Shown = rows.Shown


def today() -> str:
    return timezone.localdate(clock.now()).isoformat()


def families() -> list[tuple[str, Word, str]]:
    """The five no-misses, and organisation as `none`."""
    signs = [*words.NO_MISSES.values(), words.ORGANISATION]
    return [(sign.name or "none", sign.word, sign.icon) for sign in signs]


def states() -> list[tuple[str, Word, str]]:
    return [(sign.name, sign.word, sign.icon) for sign in words.STATES.values()]


def _family(text: str) -> str | None:
    """What the ledger is asked: None for all, empty for organisation."""
    return {"": None, "none": ""}.get(text, text)


def _misses(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = ledger.misses(
        asked.area,
        no_miss=_family(asked.values["no_miss"]),
        clause=asked.values["clause"] or None,
        unowned=asked.values["unowned"] == "1",
        after=after or None,
        limit=limit,
    )
    return Page(found.rows, found.next)


def _duties(asked: Asked, account: Account, after: str, limit: int) -> Page:
    found = ledger.duties(
        asked.area,
        asked.value("day"),
        state=asked.values["state"] or None,
        no_miss=_family(asked.values["no_miss"]),
        clause=asked.values["clause"] or None,
        after=after or None,
        limit=limit,
    )
    return Page(found.rows, found.next)


def _misses_stream(asked: Asked, account: Account, full: bool) -> Iterator[Any]:
    return ledger.misses_stream(
        asked.area,
        no_miss=_family(asked.values["no_miss"]),
        clause=asked.values["clause"] or None,
        unowned=asked.values["unowned"] == "1",
    )


def _duties_stream(asked: Asked, account: Account, full: bool) -> Iterator[Any]:
    return ledger.duties_stream(
        asked.area,
        asked.value("day"),
        state=asked.values["state"] or None,
        no_miss=_family(asked.values["no_miss"]),
        clause=asked.values["clause"] or None,
    )


def _is_personal(one: Any) -> bool:
    """Of a duty, or of one with its names."""
    return str(getattr(one, "row", one).subject).startswith(PERSONAL)


def _found(keys: Sequence[str], account: Account) -> Sequence[Shown]:
    return rows.shown(ledger.duties_by_key(keys))


WHO = Column("who", _("Who"), "lists/cells/who.html", lambda one: one.name, sort=True, fixed=True, css="lead")
STATE = Column(
    "state",
    _("State"),
    "lists/cells/state.html",
    lambda one: str(words.STATES[one.row.state].word),
    sort=lambda one: one.row.state,
    css="bare",
)
OWED = Column(
    "owed",
    _("What was owed"),
    "lists/cells/owed.html",
    lambda one: say(one.row.title),
    sort=lambda one: one.row.clause,
    fixed=True,
    css="bare",
)
DUE = Column(
    "due",
    _("Due"),
    "lists/cells/due.html",
    lambda one: local(one.row.due_at),
    sort=True,
    css="nowrap bare",
)
OWNER = Column(
    "owner",
    _("Whose job"),
    "components/owner.html",
    lambda one: one.owner.name if one.owner else "",
    sort=True,
    css="bare",
)
OPENED = Column(
    "opened",
    _("Opened"),
    "lists/cells/opened.html",
    lambda one: local(one.row.opens_at),
    sort=True,
    shown=False,
    css="nowrap",
)
PLAN = Column("plan", _("Plan"), "lists/cells/plan.html", lambda one: one.row.plan, sort=True, shown=False)
MORE = (
    Column("clause", _("Clause"), "", lambda one: one.row.clause),
    Column("no_miss", _("No-miss"), "", lambda one: str(one.sign.word)),
    Column("area", _("Area"), "", lambda one: one.area_name),
    Column("area_code", _("Area code"), "", lambda one: one.row.area),
)
CLAUSE = Filter("clause", _("Clause"), icon="gavel", help=_("Such as GX-2.1.h"))
NO_MISS = Filter("no_miss", _("No-miss"), "choice", families, all_word=_("All"))


def _about(one: Shown) -> tuple[str, str, str, str]:
    return one.row.key, _called(one), one.row.subject, one.row.area


def _called(one: Shown) -> str:
    """Who, what and by when: one person can be there several times."""
    return f"{one.name} · {say(one.row.title)} · {words.clock_time(one.row.due_at, clock.now())}"


def _settled(one: Shown, account: Account) -> str:
    return "" if one.row.state in ("open", "missed", "late") else gettext("already settled")


class RecordOwed:
    """Record what the duties ask for, where they ask for the same: one form, a fact for each."""

    name = "record"
    word = _("Record what is owed")
    icon = "clipboard-check"

    def may(self, account: Account) -> bool:
        return True

    def plan(self, chosen: Sequence[Shown], entered: Mapping[str, str] | None, account: Account) -> Planned:
        now = clock.now()
        needs = {one.row.key: _need(one, now) for one in chosen}
        kinds: dict[str, int] = {}
        for one in chosen:
            if not self._refused(one, account):
                kinds[needs[one.row.key][0]] = kinds.get(needs[one.row.key][0], 0) + 1
        choice = (entered or {}).get("choice", "") or max(kinds, key=lambda name: kinds[name], default="")
        fixed = next((fixed for name, fixed in needs.values() if name == choice), {})
        kind = choice.partition("|")[0]
        data, form = self._asked(kind, fixed, entered)
        effects = []
        for one in chosen:
            other = "" if needs[one.row.key][0] == choice else gettext("asks for something else")
            refused = self._refused(one, account) or other
            effects.append(
                Effect(one.row.key, _called(one), one.row.area, one.row.subject, one.row.must, data, refused)
            )
        choices = [(name, kind_title(name.partition("|")[0]), n) for name, n in kinds.items()]
        return Planned(form, effects, choices if len(choices) > 1 else (), choice)

    def _asked(
        self, kind: str, fixed: questions.Fixed, entered: Mapping[str, str] | None
    ) -> tuple[dict[str, Any], questions.Form | None]:
        if not kind:
            return {}, None
        if entered is None or set(entered) == {"choice"}:
            return {}, questions.form(kind, fixed)
        return questions.read(kind, entered, fixed)

    def _refused(self, one: Shown, account: Account) -> str:
        if not one.row.doable:
            return gettext("can no longer be done, or is done")
        if one.row.owner != account.unit_id and not commands(account):
            return gettext("is another unit's job")
        return ""


def _need(one: Shown, now: Any) -> tuple[str, questions.Fixed]:
    """What a duty asks for, by a name that tells it from others of its kind, and the fields it fixes."""
    fixed = my_list.fixed(one.row, now)
    told = ",".join(f"{name}={'/'.join(map(str, values))}" for name, values in sorted(fixed.items()))
    return f"{one.row.must}|{told}", fixed


ASK_WAIVER = Record(
    name="ask-waiver",
    word=_("Ask for a waiver"),
    icon="hand-stop",
    kind="waiver.requested",
    row=_about,
    refuse=_settled,
    data=lambda one: {"duty": one.row.duty, "opens_at": one.row.opens_at.isoformat()},
)
ACTS = (RecordOwed(), ASK_WAIVER)


def _made(
    name: str, title: Word, read: Callable[..., Page], columns: Sequence[Column], filters: Sequence[Filter], **more: Any
) -> List:
    return register(
        List(
            name=name,
            title=title,
            columns=columns,
            read=read,
            filters=filters,
            key=lambda one: one.row.key,
            more=MORE,
            personal=_is_personal,
            shown=rows.shown,
            found=_found,
            acts=ACTS,
            by_area=True,
            css="duty-rows",
            **more,
        )
    )


MISSES = _made(
    "misses",
    _("Misses"),
    _misses,
    (WHO, OWED, DUE, OWNER, OPENED, PLAN),
    filters=(
        Filter("no_miss", _("No-miss"), "choice", families, all_word=_("All"), chips=True),
        CLAUSE,
        Filter("unowned", words.UNOWNED.word, "flag", chips=True, icon=words.UNOWNED.icon),
    ),
    stream=_misses_stream,
    empty=_("Nobody is being missed"),
    empty_help=_("No miss answers to this filter."),
)
DUTIES = _made(
    "duties",
    _("Duties of a day"),
    _duties,
    (WHO, STATE, OWED, DUE, OWNER, OPENED, PLAN),
    filters=(
        NO_MISS,
        CLAUSE,
        Filter("day", _("Day"), "day", default=today, reads=day),
        Filter("state", _("State"), "choice", states, all_word=_("Every state"), chips=True),
    ),
    stream=_duties_stream,
    empty=_("No duty answers to this filter"),
    empty_help=_("Choose another state, area or day."),
)
