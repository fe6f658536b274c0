"""What an order and a certificate say: each field by its name, and all of them as lines."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext

from bulou.kernel import clock
from bulou.no_miss.isolation.orders import Order, Release
from bulou.web import fact_words
from bulou.web.desk.isolation import WHERE
from bulou.web.paper import office
from bulou.web.paper.fields import ORDER, RELEASE

Line = tuple[str, str, str]
"""Field, label, value."""
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a paper is about."""

    name: str
    sex: str
    id_number: str


def kind_of(found: Order | Release) -> str:
    """Which kind of paper it is."""
    return ORDER if isinstance(found, Order) else RELEASE


def paper(who: Named, found: Order | Release, issuer: str) -> dict[str, Any]:
    """All a paper of an order or of a release says, without the office's words."""
    return _order(who, found, issuer) if isinstance(found, Order) else _release(who, found, issuer)


def _order(who: Named, found: Order, issuer: str) -> dict[str, Any]:
    first = found.counted_from or timezone.localtime(found.at).date()
    days = found.days or 14
    lines = [
        *_who(who),
        ("isolation", pgettext("paper", "Isolation"), str(WHERE.get(found.kind, found.kind))),
        (
            "term",
            pgettext("paper", "Term"),
            gettext("%(days)s days, counted from %(first)s") % {"days": days, "first": first},
        ),
        ("grounds", gettext("Grounds"), found.grounds or NOTHING),
        ("basis", gettext("Legal basis"), found.basis or NOTHING),
    ]
    said = [
        gettext("You are to stay where this order says until the term ends or the order is lifted."),
        gettext("It ends no later than the term. It may be made longer only on new grounds, told to you in writing."),
        gettext("You may appeal to whoever issued it; an answer is due within three days. Appealing costs nothing."),
    ]
    made = _paper(gettext("Order of isolation for medical observation"), found.number, lines, said, issuer, found.at)
    return made | {"days": str(days), "first_day": str(first)}


def _release(who: Named, found: Release, issuer: str) -> dict[str, Any]:
    begun, ended = timezone.localtime(found.begun), timezone.localtime(found.ended)
    lines = [
        *_who(who),
        ("isolation", pgettext("paper", "Isolation"), str(WHERE.get(found.kind, NOTHING))),
        ("begun", pgettext("paper", "From"), f"{begun:%Y-%m-%d %H:%M}"),
        ("ended", pgettext("paper", "Until"), f"{ended:%Y-%m-%d %H:%M}"),
        ("reason", pgettext("paper", "Reason"), fact_words.option_word(found.reason) if found.reason else NOTHING),
    ]
    said = [gettext("The isolation for medical observation of the person named has ended.")]
    if found.follow_up_days:
        said.append(gettext("Health is followed up at home for %(days)s days.") % {"days": found.follow_up_days})
    made = _paper(gettext("Certificate of release from isolation"), "", lines, said, issuer, found.ended)
    return made | {"follow_up_days": str(found.follow_up_days or "")}


def _who(who: Named) -> list[Line]:
    sex = fact_words.option_word(who.sex) if who.sex != "unknown" else NOTHING
    return [
        ("name", pgettext("paper", "Name"), who.name),
        ("sex", gettext("Sex"), sex),
        ("id_number", gettext("Identity number"), who.id_number or NOTHING),
    ]


def _paper(title: str, number: str, lines: list[Line], said: list[str], issuer: str, at: datetime) -> dict[str, Any]:
    printed = timezone.localtime(clock.now())
    return {
        "language": "en" if (get_language() or "zh").startswith("en") else "zh",
        "title": title,
        "number": number,
        "lines": [{"label": label, "value": value} for _field, label, value in lines],
        **{field: value for field, _label, value in lines},
        "paragraphs": said,
        "issuer": issuer,
        "date": f"{timezone.localtime(at):%Y-%m-%d}",
        "verify": gettext("Scan to verify. Printed %(at)s") % {"at": f"{printed:%Y-%m-%d %H:%M}"},
        "office": office.NONE,
        "example": "",
    }
