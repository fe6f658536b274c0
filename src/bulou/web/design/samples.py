"""Made-up rows for the design system: every component is shown once, with nobody real in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bulou.directory.models import Account
from bulou.kernel import clock
from bulou.kernel.text import Text
from bulou.ledger.selectors import Counts, DutyRow
from bulou.web import rows, timeline, words
from bulou.web.field import questions
from bulou.web.handovers import LINKS, Step
from bulou.web.lists.asked import Asked
from bulou.web.lists.spec import Column, Filter, List, Page, options
from bulou.web.maps import tiles

NOBODY = UUID(int=0)
TITLE = Text(zh="每日早晚各测一次体温", en="Take temperature every morning and evening")
STATES = (*words.STATES, "unowned")


def duty(state: str, hours: float, *, doable: bool = False) -> rows.Shown:
    """A duty in a state, due so many hours from now."""
    now = clock.now()
    due = now + timedelta(hours=hours)
    row = DutyRow(
        key=f"sample~duty~person:{NOBODY}~0",
        duty="sample/duty",
        plan="sample",
        clause="X-2.1",
        cites="〔示例〕1号",
        title=TITLE,
        no_miss="monitoring",
        subject=f"person:{NOBODY}",
        area="",
        opens_at=due - timedelta(hours=4),
        due_at=due,
        state=state,
        must="temperature.read",
        role="village_committee",
        owner=None if state == "open" else NOBODY,
        doable=doable,
    )
    owner = None if state == "open" else rows.Owner(NOBODY, "示例居委会", "022-0000 0000", synthetic=True)
    role = Text(zh="村（居）委会", en="Village or community committee")
    return rows.Shown(row, "王某（示例）", "", "示例社区", owner, role, words.NO_MISSES["monitoring"])


def duties() -> list[rows.Shown]:
    """One duty a state."""
    hours = {"missed": -3.0, "open": 2.5, "late": -6.0, "met": -8.0, "waived": -10.0, "void": -12.0}
    return [duty(state, hours[state], doable=state in ("missed", "open")) for state in words.STATES]


@dataclass(frozen=True)
class Line:
    """A row of the sample list."""

    name: str
    state: str
    n: int


LINES = tuple(
    Line(f"示例 {letter}", state, n) for letter, state, n in (("A", "met", 12), ("B", "missed", 3), ("C", "open", 7))
)
LIST = List(
    name="design",
    title=_("A list"),
    columns=(
        Column("name", _("Name"), "design/cell_name.html", lambda line: line.name, sort=True, fixed=True, css="lead"),
        Column("state", _("State"), "design/cell_state.html", lambda line: line.state, sort=True),
        Column("n", _("Number"), "design/cell_n.html", lambda line: line.n, sort=True, css="num"),
    ),
    read=lambda asked, account, after, limit: Page(LINES),
    key=lambda line: str(line.name),
    filters=(
        Filter(
            "state", _("State"), "choice", lambda: options((s.name, s.word) for s in words.STATES.values()), chips=True
        ),
        Filter("find", _("Find"), help=_("Name")),
    ),
    native=("name",),
)


def listed(query: QueryDict, account: Account) -> dict[str, Any]:
    """The sample list as its page would show it."""
    asked = Asked.read(LIST, query)
    page, _long = asked.page(account)
    return {"made": LIST, "asked": asked, "rows": page.rows, "heads": asked.heads(), "list_chips": asked.chips()}


def form() -> questions.Form:
    """A form with one question of each shape, one of them refused."""
    choice = tuple(questions.Option(name, str(word)) for name, word in (("yes", _("yes")), ("no", _("no"))))
    many = tuple(questions.Option(str(n), f"{n} 号") for n in range(1, 9))
    return questions.Form(
        "temperature.read",
        (
            questions.Question("celsius", str(_("Body temperature")), "number", unit="℃", value="386", error="≤ 45"),
            questions.Question("well", str(_("Well today?")), "choice", options=choice, value="yes"),
            questions.Question("room", str(_("Room")), "choice", options=many),
            questions.Question("note", str(_("Note")), "text"),
        ),
    )


def days() -> list[timeline.Day]:
    """Two days of a timeline: counted, corrected and superseded facts."""
    now = clock.now()

    def event(at: datetime, title: str, data: list[tuple[str, str]], **more: Any) -> timeline.Event:
        given: dict[str, Any] = {"by": "示例居委会", "effective": True, "key": False, "note": ""} | more
        return timeline.Event(at=at, title=title, data=data, **given)

    reading = [(str(_("Body temperature")), "36.6 ℃")]
    today = (
        event(now, words.kind_title("temperature.read"), reading, key=True),
        event(
            now - timedelta(hours=1),
            words.kind_title("temperature.read"),
            reading,
            effective=False,
            note=str(_("superseded")),
        ),
    )
    before = now - timedelta(days=1)
    return [
        timeline.Day(now.date(), today),
        timeline.Day(before.date(), (event(before, words.kind_title("isolation.started"), []),)),
    ]


def links() -> list[Step]:
    """The five links of a handover, the third overdue."""
    now, states = clock.now(), ("done", "done", "over", "later", "later")
    times = (now - timedelta(hours=3), now - timedelta(hours=2), None, None, None)
    told = zip(LINKS, times, states, strict=True)
    waits = {"over": timedelta(hours=1)}
    return [Step(word, icon, at, state, waits.get(state)) for (_name, word, icon), at, state in told]


COUNTS = Counts(open=7, met=12, late=2, missed=3, unowned=1)


def area_map() -> tiles.Map | None:
    """Nine made-up areas, some of which miss nothing."""
    numbers = (0, 3, 1, 0, 12, 5, 2, 0, 8)
    figures = [
        tiles.Figure(f"99010{n}", f"示例{letter}区", count, "#d-map")
        for n, (letter, count) in enumerate(zip("甲乙丙丁戊己庚辛壬", numbers, strict=True), 1)
    ]
    return tiles.drawn("sample-map", str(_("Missed today")), "missed", words.STATES["missed"].icon, figures)


def curve() -> dict[str, Any]:
    """Seven days of two series, with today marked."""
    today = clock.now().date()
    labels = [(today - timedelta(days=6 - n)).isoformat() for n in range(7)]
    names = {"onset": str(_("First symptom")), "confirmed": str(_("Confirmed")), "now": str(_("now"))}
    return {
        "days": labels,
        "onset": [1, 3, 4, 6, 3, 2, 1],
        "confirmed": [0, 1, 3, 4, 6, 3, 2],
        "now": labels[-1],
        "names": names,
    }
