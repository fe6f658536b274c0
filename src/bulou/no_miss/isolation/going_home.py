"""The way home: whoever has served their days is handed back to where they live, and followed up there for a while.

What is recorded with the release: the categories that isolated the person are left, the one of those followed up at
home is entered, and whoever holds them asks the unit at home to take them. Until that unit has confirmed, the site
holds them still (`custody/chain.py`).
"""

from collections.abc import Iterable
from uuid import UUID, uuid5

from bulou.custody.chain import FOLLOWED, REGISTERS
from bulou.custody.models import Handover
from bulou.custody.selectors import holders
from bulou.directory import selectors as directory
from bulou.directory.models import Account, Person
from bulou.directory.scope import everywhere
from bulou.kernel.areas import contains
from bulou.kernel.facts import Fact
from bulou.ledger import selectors as ledger
from bulou.ledger.selectors import FactRow
from bulou.no_miss.isolation.models import Stay

DAYS = 7
"""Days somebody is followed up at home, unless told otherwise: our choice, half the observation; no document says."""
HOME = "village_committee"
ON_THE_WAY = ("requested", "accepted", "departed")


def facts(end: Fact, stay: Stay, days: int | None, by: Account, to: UUID | None = None) -> list[Fact]:
    """What happens with the end of an isolation whose days were served. `to`: who takes them, else whoever does at
    home. Nothing is handed over by who does not hold the person, or to where they are already."""
    with everywhere():
        home = Person.objects.filter(id=stay.person_id).values_list("area_id", flat=True).first() or stay.area
        found = ledger.facts_of(end.subject)
        area = home if contains(by.area, home) else stay.area
        holder, receiver = _hands(stay, by), to or directory.owner(HOME, home)
    made = [_made(end, area, "person.withdrawn", {"category": one, "reason": "隔离期满"}) for one in _categories(found)]
    if days:
        data = {"category": FOLLOWED, "reason": f"解除隔离后居家随访 {days} 天", "ref": end.id}
        made.append(_made(end, area, "person.enrolled", data))
    if days and holder and receiver and holder != receiver:
        request = {"from": f"unit:{holder}", "to": f"unit:{receiver}", "reason": "期满返家，居家随访"}
        made.append(_made(end, area, "handover.requested", request, f"unit:{holder}"))
    return made


def _hands(stay: Stay, by: Account) -> UUID | None:
    """Who hands the person over: the account's unit or the site, if they hold the person and nothing is under way."""
    held = holders([stay.person_id]).get(stay.person_id)
    if held is None or held.unit is None or held.unit not in (by.unit_id, stay.unit):
        return None
    is_away = Handover.objects.filter(person=stay.person_id, stage__in=ON_THE_WAY).exists()
    return None if is_away else held.unit


def _categories(found: Iterable[FactRow]) -> list[str]:
    """The categories a person is in now that isolate: not the registers of the well."""
    now: dict[str, None] = {}
    for fact in sorted(found, key=lambda fact: (fact.at, fact.id)):
        category = str(fact.data.get("category", ""))
        if fact.effective and fact.kind == "person.enrolled":
            now[category] = None
        elif fact.effective and fact.kind == "person.withdrawn":
            now = {one: None for one in now if category and one != category}
    return [one for one in now if one not in REGISTERS and one != FOLLOWED]


def _made(end: Fact, area: str, kind: str, data: dict[str, str], by: str | None = None) -> Fact:
    id = uuid5(UUID(end.id), f"{kind} {data.get('category', '')}")
    return Fact(str(id), kind, end.subject, area, end.at, by or end.by, data)
