"""The lines of the registers as a list: narrowed by register, what was counted, day, whom it is of, what was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, Model, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from bulou.directory.models import Place, Unit
from bulou.kernel.areas import prefix_range
from bulou.no_miss.monitoring.models import Entry

REGISTERS = ("syndrome.counted", "fever_medicine.sold", "environment.sampled")
COUNTED: Mapping[str, str] = {
    "syndrome.counted": "cases",
    "fever_medicine.sold": "quantity",
    "environment.sampled": "positive",
}
OUT_OF: Mapping[str, str] = {"syndrome.counted": "seen", "environment.sampled": "samples"}
_NAMED: Mapping[str, str] = {"syndrome.counted": "syndrome", "fever_medicine.sold": "item"}
_FOUND = (
    Q(kind="syndrome.counted", data__cases__gt=0)
    | Q(kind="environment.sampled", data__positive__gt=0)
    | Q(kind="fever_medicine.sold", data__symptoms__0__isnull=False)
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list asks for; what is empty narrows nothing. `until`: the last day. `by`: a unit as a reference."""

    kind: str = ""
    item: str = ""
    since: date | None = None
    until: date | None = None
    subject: str = ""
    by: str = ""
    name: str = ""
    found: bool = False


def lines(area: str, wanted: Wanted, now: datetime) -> QuerySet[Entry]:
    """The lines of an area until now that answer."""
    lo, hi = prefix_range(area)
    rows = Entry.objects.filter(area__gte=lo, area__lt=hi, at__lte=now)
    rows = rows.filter(kind=wanted.kind) if wanted.kind else rows
    if wanted.item:
        rows = rows.filter(Q(data__syndrome=wanted.item) | Q(data__item=wanted.item))
    rows = rows.filter(at__gte=_morning(wanted.since)) if wanted.since else rows
    rows = rows.filter(at__lt=_morning(wanted.until + timedelta(days=1))) if wanted.until else rows
    rows = rows.filter(subject=wanted.subject) if wanted.subject else rows
    rows = rows.filter(Q(by=wanted.by) | Q(subject=wanted.by)) if wanted.by else rows
    rows = rows.filter(_called(wanted.name)) if wanted.name else rows
    return rows.filter(_FOUND) if wanted.found else rows


def counted(rows: QuerySet[Entry]) -> dict[str, tuple[int, int]]:
    """What the lines of each register come to, and how many they are. One query."""
    number = Case(
        *(When(kind=kind, then=Cast(KT(f"data__{name}"), IntegerField())) for kind, name in COUNTED.items()),
        output_field=IntegerField(),
    )
    sums = rows.order_by().values("kind").annotate(n=Sum(number), lines=Count("pk"))
    return {one["kind"]: (one["n"] or 0, one["lines"]) for one in sums}


def item_of(entry: Entry) -> str:
    """The code of what a line counts: a syndrome, a sort of medicine; empty for a sampling."""
    return str(entry.data.get(_NAMED.get(entry.kind, ""), ""))


def number_of(entry: Entry) -> int | None:
    """What a line counts: cases, packs, positive samples; None while samples are pending."""
    return _whole(entry.data.get(COUNTED[entry.kind]))


def out_of(entry: Entry) -> int | None:
    """Out of how many; None where that is not told."""
    return _whole(entry.data.get(OUT_OF.get(entry.kind, "")))


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _called(name: str) -> Q:
    units, places = _references(Unit, "unit", name), _references(Place, "place", name)
    return Q(subject__in=units) | Q(subject__in=places) | Q(by__in=units)


def _references(model: type[Model], kind: str, name: str) -> Any:
    """Those of a part of a name, as a subject names them."""
    said = Concat(Value(f"{kind}:"), Cast("pk", TextField()), output_field=TextField())
    return model._default_manager.filter(name__icontains=name).annotate(said=said).values("said")


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())
