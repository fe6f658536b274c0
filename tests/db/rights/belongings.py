"""What else a home has: an import, a job, an export, an alert, a channel and more, each a row of its own area."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from bulou.alerts.models import Alert, Channel
from bulou.directory.crypto import vault
from bulou.directory.models import Account, Person
from bulou.directory.services import NewPerson, person_register
from bulou.exchange.exports.models import Export
from bulou.exchange.imports.keeping import bound
from bulou.exchange.imports.models import ImportBatch, ImportDoubt, ImportFile, ImportPiece
from bulou.exchange.jobs.models import Job, JobProgress
from bulou.kernel import clock
from bulou.kernel.ids import new_id
from bulou.ledger.rows import key_of
from bulou.no_miss.monitoring.models import Visit
from bulou.operations.support.models import HelpNeed, RightsRequest
from bulou.oversight.supervision.models import Finding, Tour
from bulou.web.models import BulkAct, FieldEntry, PaperScan, SavedView

SHEET = "姓名,属地\n{name},{area}\n".format
NAMED = (
    "batch",
    "file",
    "doubt",
    "job",
    "export",
    "alert",
    "channel",
    "act",
    "view",
    "entry",
    "account",
    "need",
    "visit",
    "finding",
    "tour",
    "scan",
    "request",
)
"""What `furnish` makes, by the name of its id."""
TOLD = ("campaign", "zone", "trip", "arrival")
"""What the facts of a home make, by ids that are given here."""


def _file(name: str, area: str, account: Account) -> ImportFile:
    sheet = SHEET(name=f"{name}的住户", area=area).encode()
    digest = hashlib.sha256(sheet).hexdigest()
    file = ImportFile.objects.create(area=area, account=account.pk, kind="people", name=f"{name}.csv", digest=digest)
    sealed = vault().seal_bytes(sheet, file.id, bound(0))
    ImportPiece.objects.create(file=file, number=0, area=area, content=sealed)
    return file


def furnish(name: str, area: str, account: Account, person: UUID, opened: datetime) -> dict[str, str]:
    """One of everything, in the name of an account of the home; the ids by `NAMED`."""
    unit = account.unit_id
    file = _file(name, area, account)
    given = {"area": area, "account": account.pk}
    batch = ImportBatch.objects.create(file=file, unit=unit, kind="people", rehearsal=False, state="done", **given)
    made: dict[str, Any] = {"file": file, "batch": batch, "account": account}
    made["doubt"] = _doubt(name, area, batch, person)
    made["job"] = Job.objects.create(task="none", title_zh="任务", title_en="A job", state="done", **given)
    JobProgress.objects.create(job=made["job"], area=area)
    made["export"] = Export.objects.create(
        list="people", format="csv", purpose="rights", people=1, needs_approval=False, **given
    )
    made["alert"] = Alert.objects.create(kind="miss", unit=unit, area=area, zh="漏", en="Missed", at=clock.now())
    made["channel"] = _channel(area, account)
    made["act"] = BulkAct.objects.create(
        id=new_id(),
        unit=unit,
        list="misses",
        act="ask-waiver",
        at=clock.now(),
        rows=[_row(name, area, person)],
        **given,
    )
    made["view"] = SavedView.objects.create(list="misses", title="mine", query="", **given)
    made["entry"] = _entry(area, account, person, opened)
    about: dict[str, Any] = {"subject": f"person:{person}", "person_id": person, "area": area}
    made["need"] = HelpNeed.objects.create(id=new_id(), need="food", asked_at=clock.now(), state="asked", **about)
    made["request"] = RightsRequest.objects.create(
        id=new_id(), right="copy", asked_at=clock.now(), state="open", **about
    )
    made["visit"] = Visit.objects.create(id=new_id(), visited_at=clock.now(), state="waiting", **about)
    found: dict[str, Any] = {"raised_at": clock.now(), "due_at": clock.now(), "turn": new_id(), "state": "raised"}
    made["finding"] = Finding.objects.create(id=new_id(), subject=f"finding:{new_id()}", area=area, unit=unit, **found)
    made["tour"] = Tour.objects.create(
        id=new_id(), area=area, name="督导", members="x", by=unit, planned_at=clock.now(), ends_at=clock.now()
    )
    made["scan"] = _scan(area, account, person)
    return {what: str(made[what].pk) for what in NAMED} | {what: str(new_id()) for what in TOLD}


def _doubt(name: str, area: str, batch: ImportBatch, person: UUID) -> ImportDoubt:
    """Somebody of nearly the same name, who may be the one who lives there."""
    other: Person = person_register(NewPerson(f"{name}的住户", area, synthetic=True))
    return ImportDoubt.objects.create(
        area=area, batch=batch, row=2, person=other.pk, other=person, score=100, grounds=["name"]
    )


def _scan(area: str, account: Account, person: UUID) -> PaperScan:
    id = new_id()
    sealed = vault().seal_bytes(b"%PDF- signed", id, "scan")
    return PaperScan.objects.create(id=id, area=area, account=account.pk, person=person, form="pdf", content=sealed)


def _channel(area: str, account: Account) -> Channel:
    channel = Channel(unit=account.unit_id, area=area, kind="wecom", title="组", made_by=account.pk)
    channel.url = vault().seal("https://qyapi.weixin.qq.com/x?key=1", channel.id, "url")
    channel.save(force_insert=True)
    return channel


def _row(name: str, area: str, person: UUID) -> dict[str, str]:
    subject = f"person:{person}"
    return {"key": subject, "name": f"{name}的住户", "subject": subject, "area": area, "problem": "x"}


def _entry(area: str, account: Account, person: UUID, opened: datetime) -> FieldEntry:
    """An entry of a phone at odds with what happened meanwhile."""
    now, subject = timezone.now(), f"person:{person}"
    return FieldEntry.objects.create(
        id=new_id(),
        device=new_id(),
        account=account.pk,
        unit=account.unit_id,
        area=area,
        duty=key_of("trial/daily", subject, opened),
        kind="temperature.read",
        subject=subject,
        data={"celsius": 36.6},
        at=now,
        phone_at=now,
        reason="other",
        digest=b"0",
    )
