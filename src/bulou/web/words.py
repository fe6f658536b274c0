"""The words and signs of the pages: the five no-misses, the states, distances in time.

A state is always a word, an icon and a colour; the tables here are the only place that says which.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import dateformat, timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from bulou.directory.roles import ROLES
from bulou.kernel.facts import KINDS
from bulou.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Sign:
    """How a thing is shown: `name` in addresses and the style sheet, the word, the icon."""

    name: str
    word: str | Promise
    icon: str


def signs(*each: Sign) -> dict[str, Sign]:
    """Signs by name, in order."""
    return {sign.name: sign for sign in each}


STATES = signs(
    Sign("missed", pgettext_lazy("state", "Missed"), "circle"),
    Sign("open", pgettext_lazy("state", "Due"), "clock"),
    Sign("late", pgettext_lazy("state", "Late"), "clock-check"),
    Sign("met", pgettext_lazy("state", "Done"), "check"),
    Sign("waived", pgettext_lazy("state", "Waived"), "hand-stop"),
    Sign("void", pgettext_lazy("state", "Void"), "minus"),
)
JOBS = {
    "queued": Sign("waived", pgettext_lazy("job", "Waiting"), "clock"),
    "running": Sign("open", pgettext_lazy("job", "Running"), "refresh"),
    "done": Sign("met", pgettext_lazy("job", "Done"), "check"),
    "failed": Sign("missed", pgettext_lazy("job", "Failed"), "x"),
    "cancelled": Sign("waived", pgettext_lazy("job", "Cancelled"), "minus"),
}
"""The states of a job."""
EXPORTS = {
    "waiting": Sign("late", _("Waits for a second person"), "clock"),
    "refused": Sign("missed", _("Refused"), "x"),
    "working": Sign("open", _("Being made"), "refresh"),
    "ready": Sign("met", _("Ready"), "check"),
    "expired": Sign("waived", _("Expired"), "minus"),
    "failed": JOBS["failed"],
    "cancelled": JOBS["cancelled"],
}
"""The states of an export."""
UNOWNED = Sign("unowned", pgettext_lazy("state", "No owner"), "user-question")
NO_MISSES = signs(
    Sign("screening", _("Screening"), "user-search"),
    Sign("isolation", _("Isolation"), "home-shield"),
    Sign("monitoring", _("Monitoring"), "temperature"),
    Sign("treatment", _("Treatment"), "stethoscope"),
    Sign("control", _("Control"), "barrier-block"),
)
ORGANISATION = Sign("", _("Organisation"), "users-group")
SUBJECTS = {
    "person": _("Person"),
    "place": _("Place"),
    "unit": _("Unit"),
    "area": _("Area"),
    "episode": _("Case"),
    "zone": _("Zone"),
    "tube": _("Tube"),
    "directive": _("Directive"),
    "finding": _("Finding"),
}
LEVELS = {
    "I": _("Level I response"),
    "II": _("Level II response"),
    "III": _("Level III response"),
    "IV": _("Level IV response"),
}


STAGES = {
    "requested": _("asked for"),
    "accepted": _("agreed, not yet on the road"),
    "departed": _("on the road"),
    "received": _("here, not yet in a room"),
}


def say(text: object) -> str:
    """Bilingual data in the reader's language; anything else as it is, nothing as an empty string."""
    return say_in(text, get_language())


def say_in(text: object, language: str | None) -> str:
    """The same where the reader's language is known already."""
    if isinstance(text, Text):
        return text.to(language or "zh")
    return "" if text is None else str(text)


def kind_title(kind: str) -> str:
    """The title of a fact kind in the reader's language; an unknown kind by its name."""
    return say(KINDS[kind].title) if kind in KINDS else kind


def level_title(level: str) -> str:
    """A response level in words."""
    return str(LEVELS[level])


def handover_stage(stage: str) -> str:
    """How far a handover is, in words."""
    return str(STAGES.get(stage, stage))


def role_title(role: str) -> str:
    """A role's title in the reader's language; an unknown one by its name."""
    return say(ROLES[role].title) if role in ROLES else role


def no_miss_sign(name: str) -> Sign:
    """The sign of a no-miss; what belongs to none of the five is organisation."""
    return _no_miss_sign(name, get_language())


@lru_cache(maxsize=64)
def _no_miss_sign(name: str, _language: str | None) -> Sign:
    sign = NO_MISSES.get(name, ORGANISATION)
    return Sign(sign.name, str(sign.word), sign.icon)


def span(length: timedelta) -> str:
    """A length of time in its two largest units, such as `3 h 20 min` or `2 days 4 h`."""
    return _span(abs(length) // timedelta(minutes=1), get_language())


@lru_cache(maxsize=8192)
def _span(minutes: int, _language: str | None) -> str:
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    sizes = (
        (days, ngettext("%(n)d day", "%(n)d days", days)),
        (hours, gettext("%(n)d h")),
        (minutes, gettext("%(n)d min")),
    )
    first = next((place for place, (n, _wording) in enumerate(sizes) if n), None)
    if first is None:
        return gettext("under 1 min")
    large, *small = [wording % {"n": n} for n, wording in sizes[first : first + 2] if n]
    return gettext("%(large)s %(small)s") % {"large": large, "small": small[0]} if small else large


def distance(instant: datetime, now: datetime) -> str:
    """How far an instant is from now: `40 min ago`, `in 2 h`."""
    wording = gettext("%(span)s ago") if instant <= now else gettext("in %(span)s")
    return wording % {"span": span(instant - now)}


def clock_time(instant: datetime, now: datetime) -> str:
    """The local clock time; with the date where that is not today's, with the year where that is another."""
    return clock_time_on(timezone.localtime(instant), timezone.localtime(now).date())


def clock_time_on(local: datetime, today: date) -> str:
    """The same for an instant in local time, on a day."""
    if local.date() == today:
        return local.strftime("%H:%M")
    shape = pgettext("date format", "j M H:i") if local.year == today.year else pgettext("date format", "j M Y H:i")
    return dateformat.format(local, shape)
