"""Facts of isolation: from the order to the release, and the room in between."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from bulou.directory.facts import Code, Count, Days, Ref, Words
from bulou.kernel.facts import FactData, fact

Where = Literal["home", "central"]
SomeDays = Annotated[int, Field(ge=1, le=3650)]


@fact("isolation.ordered", on="person", zh="隔离决定", en="Isolation ordered")
class IsolationOrdered(FactData):
    """The decision to isolate a person, with its grounds and its end."""

    kind_: Where = Field(alias="kind", title="方式", description="At home or in an isolation site")
    grounds: Words | None = Field(None, title="依据", description="Clause and facts the order rests on")
    days: Days | None = Field(None, title="天数", description="Length, days")
    counted_from: date | None = Field(
        None, title="起算日", description="Day the length is counted from, such as the last exposure; else the start"
    )
    basis: Words | None = Field(None, title="法律依据", description="Law and article the order rests on")
    number: Words | None = Field(None, title="文号", description="Number of the written order")


@fact("isolation.started", on="person", zh="开始隔离", en="Isolation started")
class IsolationStarted(FactData):
    """The person is behind the door."""

    kind_: Where = Field(alias="kind", title="方式", description="At home or in an isolation site")
    place: Ref | None = Field(None, title="地点", description="Room, site or home, a place id")
    grounds: Words | None = Field(None, title="依据", description="Clause and facts it rests on")
    days: Days | None = Field(None, title="天数", description="Length foreseen, days")


@fact("isolation.ended", on="person", zh="结束隔离", en="Isolation ended")
class IsolationEnded(FactData):
    """The person may go, or has gone elsewhere."""

    reason: Literal["completed", "transferred", "excluded", "died", "other"] | None = Field(
        None, title="原因", description="Why it ends"
    )
    kind_: Where | None = Field(None, alias="kind", title="方式", description="The isolation that ends")
    place: Ref | None = Field(None, title="地点", description="Room, site or home left, a place id")
    to: Ref | None = Field(None, title="移交", description="Unit that looks after the person from now on")
    follow_up_days: Days | None = Field(None, title="后续随访天数", description="Health is followed up at home, days")
    override: Ref | None = Field(None, title="特批", description="Approval to end before all is met, a fact id")


@fact("isolation.extended", on="person", zh="延长隔离", en="Isolation extended")
class IsolationExtended(FactData):
    """The isolation lasts longer than first ordered."""

    days: Days = Field(title="延长天数", description="Days added")
    grounds: Words | None = Field(None, title="依据", description="Clause and facts it rests on")


@fact("isolation.shortened", on="person", zh="缩短隔离", en="Isolation shortened")
class IsolationShortened(FactData):
    """The isolation ends earlier than last ordered."""

    days: SomeDays = Field(title="缩短天数", description="Days taken off")
    grounds: Words | None = Field(None, title="依据", description="Clause and facts it rests on")


@fact("isolation.expiring", on="person", zh="隔离依据将满", en="Grounds of isolation run out")
class IsolationExpiring(FactData):
    """The grounds to isolate the person end within a day, or have ended: release, or lengthen on new grounds.

    Noted by the system itself, from the orders on record.
    """

    kind_: Where = Field(alias="kind", title="方式", description="At home or in an isolation site")
    ends: datetime = Field(title="依据到期", description="Until when the grounds reach, with a zone")
    place: Ref | None = Field(None, title="地点", description="Room, site or home, a place id")


@fact("isolation.moved", on="person", zh="调换房间", en="Moved to another room")
class IsolationMoved(FactData):
    """The person goes to another room; the isolation goes on, and its days with it."""

    place: Ref = Field(title="新房间", description="The room moved into, a place id")
    reason: Words | None = Field(None, title="原因", description="Why the person moves")


@fact("sharing.requested", on="person", zh="申请同住", en="Sharing a room requested")
class SharingRequested(FactData):
    """Somebody asks that a person may share another's room: a child, or one who depends on the other's care."""

    with_: Ref = Field(alias="with", title="同住人", description="The person whose room is shared, a person id")
    reason: Words = Field(title="理由", description="Why the two cannot be apart")


@fact("sharing.approved", on="person", zh="批准同住", en="Sharing a room approved")
class SharingApproved(FactData):
    """A second account agrees to a request to share; without one of another account it does not count."""

    request: Ref = Field(title="申请", description="The request agreed to, a fact id")
    note: Words | None = Field(None, title="备注", description="Under what conditions")


@fact("room.cleaned", on="place", zh="房间清洁消毒", en="Room cleaned")
class RoomCleaned(FactData):
    """A room was cleaned and disinfected."""

    kind_: Literal["routine", "terminal"] = Field(
        alias="kind", title="类型", description="In use, or after the last person left"
    )
    agent: Words | None = Field(None, title="消毒剂", description="Agent and concentration, mg/L where chlorine")


@fact("room.broken", on="place", zh="房间停用", en="Room out of use")
class RoomBroken(FactData):
    """Nobody may be put into the room until it is repaired."""

    reason: Words = Field(title="原因", description="What is wrong with it")


@fact("room.repaired", on="place", zh="房间恢复使用", en="Room repaired")
class RoomRepaired(FactData):
    """What was wrong with the room has been put right."""

    note: Words | None = Field(None, title="备注", description="What was done")


@fact("manager.named", on="person place unit", zh="明确管理人员", en="Managing person named")
class ManagerNamed(FactData):
    """One named person answers for this person, place or unit."""

    manager: Words = Field(title="管理人员", description="Name or account of who answers")
    phone: Words | None = Field(None, title="电话", description="How to reach them")


@fact("file.opened", on="person", zh="建立个人档案", en="Personal file opened")
class FileOpened(FactData):
    """One person, one file."""

    number: Words | None = Field(None, title="档案号", description="Number of the file")


@fact("patrol.made", on="person place", zh="民警核查", en="Patrol made")
class PatrolMade(FactData):
    """The police or the community looked whether the isolated person is where they should be."""

    present: bool = Field(title="在位", description="True where the person was found inside")
    means: Literal["visit", "phone", "video", "door_sensor"] | None = Field(
        None, title="方式", description="How it was checked"
    )
    note: Words | None = Field(None, title="备注", description="What was found and done")


@fact("medics.stationed", on="unit place", zh="医护驻点", en="Medics stationed")
class MedicsStationed(FactData):
    """Medical and nursing staff have taken up their post at a site."""

    doctors: Count | None = Field(None, title="医生", description="Doctors on site, count")
    nurses: Count | None = Field(None, title="护士", description="Nurses on site, count")


@fact("post.filled", on="unit", zh="专班到岗", en="Post of a team filled")
class PostFilled(FactData):
    """One of the six of a site's six-in-one team is there, by name."""

    post: Literal["head", "police", "doctor", "nurse", "cdc", "psychologist"] = Field(
        title="岗位", description="Head of the site, police, doctor, nurse, CDC officer or psychologist"
    )
    name: Words = Field(title="姓名", description="Who fills it")
    phone: Words | None = Field(None, title="电话", description="How to reach them")


@fact("site.opened", on="unit", zh="隔离点启用", en="Isolation site opened")
class SiteOpened(FactData):
    """The site may take people in: its checks were gone through and nothing was wanting."""

    note: Words | None = Field(None, title="备注", description="On whose word it was opened")


@fact("site.closed", on="unit", zh="隔离点停用", en="Isolation site closed")
class SiteClosed(FactData):
    """The site takes nobody in any more, until it is opened again."""

    reason: Words = Field(title="原因", description="Why it closes")


@fact("release.assessed", on="person", zh="解除隔离评估", en="Release assessed")
class ReleaseAssessed(FactData):
    """A medic judged whether the person's observation may end."""

    outcome: Literal["complete", "transfer", "extend"] = Field(
        title="结论", description="Full period served and well; needs transfer; needs more days"
    )
    days: Days | None = Field(None, title="已观察天数", description="Days served")


@fact("override.requested", on="person", zh="申请特批", en="Override requested")
class OverrideRequested(FactData):
    """Somebody asks that an act may be done though a guard is not met."""

    act: Literal["isolation.ended", "episode.discharged"] = Field(
        title="事项", description="The act asked for, a fact kind"
    )
    reason: Words = Field(title="理由", description="Why it cannot wait until all is met")
    missing: tuple[Words, ...] = Field((), title="未满足", description="What was not met when it was asked for")


@fact("override.approved", on="person", zh="批准特批", en="Override approved")
class OverrideApproved(FactData):
    """A second account agrees; without one of another account it does not count."""

    request: Ref = Field(title="申请", description="The request agreed to, a fact id")
    note: Words | None = Field(None, title="备注", description="Under what conditions")


@fact("appeal.filed", on="person", zh="提出申诉", en="Appeal filed")
class AppealFiled(FactData):
    """The person, or somebody for them, says what speaks against the isolation."""

    reason: Words = Field(title="理由", description="What the person says, in their words")


@fact("appeal.answered", on="person", zh="答复申诉", en="Appeal answered")
class AppealAnswered(FactData):
    """Whoever decides on isolation has answered; what changes is recorded by its own fact."""

    appeal: Ref = Field(title="申诉", description="The appeal answered, a fact id")
    decision: Literal["upheld", "changed", "lifted"] = Field(
        title="结论", description="The isolation stands; it is changed; it is lifted"
    )
    reason: Words = Field(title="理由", description="Why, as told to the person")


@fact("paper.handed_over", on="person", zh="文书送达", en="Paper handed over")
class PaperHandedOver(FactData):
    """An order or a certificate was handed to the person it is about: they signed, or refused to, before a witness."""

    paper: Ref = Field(title="文书", description="The order or the end of the isolation it says, a fact id")
    outcome: Literal["signed", "refused_to_sign"] = Field(
        title="结果", description="Signed for; refused to sign, which a witness confirms"
    )
    signer: Words | None = Field(
        None, title="代签人", description="Who signed for the person, such as a guardian; empty: the person"
    )
    witness: Words | None = Field(None, title="见证人", description="Who saw that the person refused to sign")
    note: Words | None = Field(None, title="备注", description="What else was said or done")


@fact("observation.started", on="person", zh="临时留观", en="Temporary observation started")
class ObservationStarted(FactData):
    """The person waits apart from others until somebody takes over; not yet isolation."""

    setting: Code | None = Field(None, title="场所类别", description="Where, such as station, school or workplace")
    place: Ref | None = Field(None, title="地点", description="Room or area, a place id")


KINDS = (
    IsolationOrdered,
    IsolationStarted,
    IsolationEnded,
    IsolationExtended,
    IsolationShortened,
    IsolationExpiring,
    IsolationMoved,
    SharingRequested,
    SharingApproved,
    RoomCleaned,
    RoomBroken,
    RoomRepaired,
    ManagerNamed,
    FileOpened,
    PatrolMade,
    MedicsStationed,
    PostFilled,
    SiteOpened,
    SiteClosed,
    ReleaseAssessed,
    OverrideRequested,
    OverrideApproved,
    AppealFiled,
    AppealAnswered,
    PaperHandedOver,
    ObservationStarted,
)
