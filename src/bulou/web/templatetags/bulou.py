"""What templates need to speak in house style: bilingual data, signs, times, numbers that open their rows."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from bulou.kernel import clock
from bulou.web import fact_words, words
from bulou.web.desk import import_words
from bulou.web.lists.spec import List

register = template.Library()


register.filter("say", words.say)
register.filter("kind_title", words.kind_title)
register.filter("role_title", words.role_title)
register.filter("level_title", words.level_title)
register.filter("no_miss", words.no_miss_sign)
register.filter("span", words.span)
register.filter("option_word", fact_words.option_word)
register.filter("import_word", import_words.option)
register.filter("handover_stage", words.handover_stage)
register.filter("in_words", fact_words.plainly)


@register.filter
def of(mapping: Mapping[Any, Any] | None, key: object) -> Any:
    """`names|of:row.subject`: the entry of a mapping, or an empty string."""
    return (mapping or {}).get(key, "")


@register.filter
def episode_id(subject: str) -> str:
    """The id in a subject, as addresses have it."""
    return subject.partition(":")[2]


@register.filter
def room_state(room: Any) -> str:
    """The name of a room's sign: a free room that is kept for somebody is shown as kept."""
    return "kept" if room.state == "free" and room.kept else str(room.state)


@register.filter
def dial(phone: str) -> str:
    """A telephone number as a link dials it: without what only helps to read it."""
    return phone.replace(" ", "").replace("-", "")


@register.filter
def row_key(made: List, row: object) -> str:
    """The name of a row of a list, in forms."""
    return made.key(row)


@register.filter
def row_css(made: List, row: object) -> str:
    return made.row_css(row)


@register.filter
def row_name(made: List, row: Any) -> str:
    """What a row is called, for those who do not see the box beside it."""
    return str(getattr(row, "name", "") or getattr(row, "number", ""))


@register.filter
def clock_time(instant: datetime) -> str:
    return words.clock_time(instant, clock.now())


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, extra: str = "") -> SafeString:
    """One outline of the sprite. Always beside a word, so hidden from screen readers."""
    outline = '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'
    return format_html(outline, extra, static("web/icons.svg"), name)


@register.simple_tag
def when(instant: datetime | None, distance: bool = True) -> SafeString:
    """A time as clock and distance: `08:00` and `40 min ago`; the full instant on hover."""
    if instant is None:
        return SafeString("")
    now = clock.now()
    moment = _moment(instant, timezone.localtime(now).date(), get_language())
    return format_html('{} <span class="far">{}</span>', moment, words.distance(instant, now)) if distance else moment


@lru_cache(maxsize=4096)
def _moment(instant: datetime, today: date, _language: str | None) -> SafeString:
    """An instant without its distance, as it reads on a day."""
    local = timezone.localtime(instant)
    return format_html(
        '<time class="when" datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%Y-%m-%d %H:%M:%S %z"),
        words.clock_time_on(local, today),
    )


@register.simple_tag
def state(name: str) -> SafeString:
    """The badge of a state: word, icon and colour. `unowned` is the badge of a duty nobody answers for."""
    return _badge(name, get_language())


@lru_cache(maxsize=64)
def _badge(name: str, _language: str | None) -> SafeString:
    return render_to_string(
        "components/state.html", {"sign": words.UNOWNED if name == "unowned" else words.STATES[name]}
    )


@register.inclusion_tag("components/tile.html")
def tile(number: int, name: str, url: str = "") -> dict[str, Any]:
    """A number with its sign; it opens the rows it counts where a `url` is given and there is one."""
    return {"number": number, "sign": words.UNOWNED if name == "unowned" else words.STATES[name], "url": url}


@register.inclusion_tag("components/due.html")
def due(row: Any) -> dict[str, Any]:
    """When a duty is or was due and how far that is: left, overdue while it can still be done, or gone by."""
    ahead, missed = row.state == "open", row.state == "missed"
    length = abs(clock.now() - row.due_at)
    return {
        "row": row,
        "length": length,
        "ahead": ahead,
        "over": missed and row.doable,
        "gone": missed and not row.doable,
    }


@register.inclusion_tag("components/proportions.html")
def proportions(counts: Any) -> dict[str, Any]:
    """The shares of done, late, due and missed as one thin bar; hidden from screen readers, numbers stand beside."""
    parts = [("met", counts.met), ("late", counts.late), ("open", counts.open), ("missed", counts.missed)]
    total, left, pieces = sum(n for _name, n in parts) or 1, 0.0, []
    for name, n in parts:
        width = round(100 * n / total, 2)
        pieces.append({"name": name, "x": round(left, 2), "width": width})
        left += width
    return {"pieces": pieces}
