"""Looks at people, and the business clock."""

from datetime import datetime
from typing import Literal, get_args

from django.db import connection

from bulou.directory.crypto import vault
from bulou.directory.identity import mask_id
from bulou.directory.models import Account, BusinessClock, Person
from bulou.directory.rls import IN_SCOPE
from bulou.directory.search_keys import TAIL
from bulou.directory.services.refusals import outside
from bulou.kernel.errors import BulouError
from bulou.kernel.ids import new_id

Act = Literal["view", "reveal", "search", "export", "denied", "account", "paper"]
LONGEST = 300
_RECORD = f"""
INSERT INTO access_log (id, account, act, subject, area, purpose, page, ip)
SELECT %s, %s, %s, %s, %s, %s, %s, %s
WHERE NOT row_security_active('access_log') OR ({IN_SCOPE.format(column="%s")})
"""
"""What the policy of the table would refuse is not tried: a refusal would spoil the whole transaction."""
Masked = Literal["id_number", "phone", "address"]
"""What of a person is shown masked."""
MASKED: tuple[Masked, ...] = get_args(Masked)
Full = dict[Masked, str]


def access_record(
    act: Act, *, by: Account, area: str, subject: str = "", purpose: str = "", page: str = "", ip: str | None = None
) -> None:
    """One look at one person, list or export, one refusal or administrator's act, on record for good. One query.

    BulouError for an area outside the session's scope.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [new_id(), by.id, act, subject, area, purpose, page[:LONGEST], ip, area, area])
        if not cursor.rowcount:
            raise outside(subject)


def told(text: str) -> str:
    """What somebody looked for, as the record keeps it: a long number by its ends only."""
    digits = sum(character.isdigit() for character in text)
    return mask_id(text) if digits > TAIL else text


def person_reveal(
    person: Person, column: Masked, *, by: Account, purpose: str, page: str = "", ip: str | None = None
) -> str:
    """What is behind one mask in full; empty where none is on file. The look is recorded first, with its column.

    BulouError without a purpose, or for somebody outside the account's area.
    """
    if not purpose.strip():
        raise BulouError.of(
            "reveal.purpose",
            "查看完整号码需要写明用途，查看会被记录。",
            "Say what the full number is needed for; the look is recorded.",
            field="purpose",
        )
    if not person.area_id.startswith(by.area):
        raise outside(f"person:{person.id}")
    reason = f"{column}: {purpose.strip()}"
    access_record("reveal", by=by, area=person.area_id, subject=f"person:{person.id}", purpose=reason, page=page, ip=ip)
    return _unsealed(person, column)


def person_in_full(person: Person, *, by: Account, purpose: str, page: str = "", ip: str | None = None) -> Full:
    """What is behind every mask, empty where none is on file, for a copy that is handed to the person. One look.

    BulouError for somebody outside the account's area.
    """
    if not person.area_id.startswith(by.area):
        raise outside(f"person:{person.id}")
    reason = f"{' '.join(MASKED)}: {purpose}"
    access_record("reveal", by=by, area=person.area_id, subject=f"person:{person.id}", purpose=reason, page=page, ip=ip)
    return {column: _unsealed(person, column) for column in MASKED}


def _unsealed(person: Person, column: Masked) -> str:
    holder = person.household if column == "address" else person
    sealed = getattr(holder, column) if holder else None
    return vault().unseal(sealed, holder.id, column) if holder and sealed is not None else ""


def clock_set(instant: datetime | None) -> None:
    """Stand the house at an instant (with a zone) for a drill; None returns to real time."""
    if instant is not None and instant.tzinfo is None:
        raise BulouError.of("clock.zone", "时间缺少时区。", "The instant has no time zone.", field="set_to")
    BusinessClock.objects.update_or_create(id=1, defaults={"set_to": instant})
