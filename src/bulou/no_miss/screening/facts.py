"""Facts of screening: who lives here, who has come, and that somebody has looked."""

from datetime import date
from typing import Literal

from pydantic import Field

from bulou.directory.facts import AreaCode, Celsius, Code, Count, Days, Ref, Words
from bulou.kernel.facts import FactData, fact

Risk = Literal["low", "medium", "high"]
Source = Literal["self", "carrier", "checkpoint", "department", "community", "other"]
Mode = Literal["road", "rail", "air", "coach", "water", "foot", "other"]


@fact("household.visited", on="place", zh="入户排查", en="Household visited")
class HouseholdVisited(FactData):
    """Somebody knocked and counted."""

    present: Count = Field(title="在家人数", description="Persons met, count")
    expected: Count | None = Field(None, title="应有人数", description="Persons registered there, count")
    symptomatic: Count = Field(0, title="有症状人数", description="Persons with symptoms, count")
    arrived: Count | None = Field(None, title="外来人数", description="Persons come from elsewhere, count")
    note: Words | None = Field(None, title="备注", description="Anything the next visitor should know")


@fact("campaign.opened", on="area", zh="启动拉网排查", en="Campaign opened")
class CampaignOpened(FactData):
    """From now on every household of the area is knocked at, once at least, within some days."""

    name: Words = Field(title="名称", description="What the campaign is called")
    days: Days = Field(title="天数", description="How long it goes on, days", ge=1, le=60)
    question: Words | None = Field(None, title="问题", description="What is asked at every door")
    clause: Words | None = Field(None, title="条款", description="Clause id that asks for it")


@fact("campaign.closed", on="area", zh="结束拉网排查", en="Campaign closed")
class CampaignClosed(FactData):
    """The campaign ends before its time."""

    campaign: Ref = Field(title="排查", description="The fact that opened it")
    reason: Words | None = Field(None, title="原因", description="Why it ends")


class Arrival(FactData):
    """What is asked of somebody who comes from elsewhere."""

    from_area: AreaCode | None = Field(None, title="来源地", description="Area code of departure; absent abroad")
    risk: Risk = Field("low", title="来源地风险", description="Risk of the area of departure on that day")
    mode: Mode | None = Field(None, title="交通方式", description="How the person travelled")
    vehicle: Words | None = Field(None, title="车次航班车牌", description="Train, flight or plate number")
    seat: Words | None = Field(None, title="座位", description="Carriage and seat, as printed")
    celsius: Celsius | None = Field(None, title="体温（℃）", description="Body temperature, °C")
    source: Source | None = Field(None, title="信息来源", description="Who told of it: the person, a carrier's list …")


@fact("arrival.declared", on="person", zh="来人申报", en="Arrival declared")
class ArrivalDeclared(Arrival):
    """A person has come, or somebody says so; `at` is the arrival."""


@fact("arrival.checked", on="person", zh="来人查验", en="Arrival checked")
class ArrivalChecked(Arrival):
    """A checkpoint or community looked at the arrival: papers, origin, temperature."""

    outcome: Literal["passed", "isolate", "fever_clinic", "turned_back"] | None = Field(
        None, title="处置", description="What follows from the check"
    )
    health_code: Literal["green", "yellow", "red"] | None = Field(
        None, title="健康码颜色", description="Colour shown; absent where no code was asked for"
    )


@fact("arrival.received", on="person", zh="来人接收确认", en="Arrival confirmed")
class ArrivalReceived(FactData):
    """The community somebody was handed out to says whether they are there."""

    outcome: Literal["here", "not_here", "gone_on"] = Field(
        title="接收情况", description="Here; not found at all; or gone on to another place"
    )
    note: Words | None = Field(None, title="备注", description="Where they are instead, or how to reach them")


@fact("person.listed", on="person", zh="名单下发", en="Person listed")
class PersonListed(FactData):
    """Another department's list names the person as being in the area; the village is to find them."""

    list_: Words = Field(alias="list", title="名单", description="What the list is called, and its day")
    category: Code | None = Field(None, title="类别", description="Key-population category, arrival where absent")
    source: Source | None = Field(None, title="信息来源", description="Who made the list")
    note: Words | None = Field(None, title="备注", description="What else it says of the person")


@fact("listing.settled", on="person", zh="名单核实", en="Listing settled")
class ListingSettled(FactData):
    """What the village found of somebody a list names, or what it tells a department of somebody it does not name."""

    outcome: Literal["found", "not_here", "elsewhere", "mistaken", "added"] = Field(
        title="核实结果", description="Found; not here; elsewhere; the list is wrong; or missing from the list"
    )
    list_: Words | None = Field(None, alias="list", title="名单", description="The list; all of them where absent")
    category: Code | None = Field(None, title="类别", description="Category of somebody missing from the list")
    note: Words | None = Field(None, title="备注", description="Where they are instead, or what is wrong")


@fact("listing.scoped", on="area", zh="名单范围说明", en="Scope of a list stated")
class ListingScoped(FactData):
    """What a department's list claims to hold of an area, so that who is not on it says something, or nothing."""

    list_: Words = Field(alias="list", title="名单", description="What the list is called")
    category: Code | None = Field(None, title="类别", description="Key-population category, arrival where absent")
    scope: Literal["register", "day", "named"] = Field(
        title="范围", description="Everybody of the category there; those who came on one day; or only these people"
    )
    day: date | None = Field(None, title="日期", description="The day, where the list is of one")


@fact("arrival.handed_out", on="person", zh="来人转派", en="Arrival handed out anew")
class ArrivalHandedOut(FactData):
    """Somebody who was handed out to the wrong community is handed out to another, which is to confirm them."""

    from_area: AreaCode | None = Field(None, title="原社区", description="Community that did not find them")
    note: Words | None = Field(None, title="备注", description="Why it is theirs, or how to reach them")


@fact("residence.checked", on="person", zh="住所核查", en="Residence checked")
class ResidenceChecked(FactData):
    """Somebody went to see whether the person lives where the register says."""

    lives_here: bool = Field(title="住址属实", description="True where the person was found to live there")
    note: Words | None = Field(None, title="备注", description="Where the person is instead, or how to reach them")


@fact("followup.made", on="person", zh="跟踪随访", en="Follow-up made")
class FollowupMade(FactData):
    """The person on the register was looked after, by visit or call."""

    means: Literal["visit", "phone", "message"] = Field(title="方式", description="How the person was sought")
    reached: bool = Field(title="是否联系上", description="True where the person answered")
    note: Words | None = Field(None, title="备注", description="What was found")


@fact("checkpoint.opened", on="area place", zh="检疫卡口设立", en="Checkpoint opened")
class CheckpointOpened(FactData):
    """The checkpoints on a border of the area are staffed and working."""

    border: Literal["province", "city", "county", "town", "village"] = Field(
        title="边界级别", description="The kind of border they stand on"
    )
    posts: Count | None = Field(None, title="卡口数", description="Checkpoints now working, count")


@fact("register.reported", on="area place unit", zh="重点人群信息报送", en="Register reported")
class RegisterReported(FactData):
    """The register of an area or unit was sent up, with its totals."""

    register_: Code = Field(alias="register", title="台账", description="Which register, such as key_population")
    persons: Count | None = Field(None, title="在册人数", description="Persons on the register, count")
    added: Count | None = Field(None, title="新增", description="Persons added since the last report, count")
    removed: Count | None = Field(None, title="移出", description="Persons removed since the last report, count")
    to: Ref | None = Field(None, title="报送对象", description="Unit that receives it")


@fact("entry.checked", on="place unit", zh="入口查验", en="Entries checked")
class EntryChecked(FactData):
    """Those who passed an entrance were checked; one record for a shift or a day, with its counts."""

    persons: Count = Field(title="查验人数", description="Persons checked, count; 0 on a day closed")
    feverish: Count = Field(title="发热人数", description="Persons with fever, count")
    temperature: bool | None = Field(None, title="测温", description="True where everybody had a temperature taken")
    health_code: bool | None = Field(None, title="验健康码", description="True where everybody showed a health code")
    identity: bool | None = Field(None, title="验身份", description="True where everybody's identity was verified")
    direction: Literal["in", "out"] | None = Field(None, title="方向", description="Entering or leaving")
    flagged: Count | None = Field(None, title="异常码人数", description="Persons whose code was not green, count")


@fact("zone.searched", on="zone area", zh="防控区主动搜索", en="Zone searched")
class ZoneSearched(FactData):
    """Everybody in a zone was asked for symptoms, now and some days back."""

    days: Count = Field(title="追溯天数", description="Days looked back, count")
    persons: Count | None = Field(None, title="询问人数", description="Persons asked, count")
    symptomatic: Count = Field(0, title="有症状人数", description="Persons with symptoms, count")


@fact("health_code.updated", on="person tube", zh="健康码信息更新", en="Health code updated")
class HealthCodeUpdated(FactData):
    """A result or a status of the person, or of the persons in a tube, is in the health-code database."""

    colour: Literal["green", "yellow", "red"] | None = Field(None, title="码色", description="Colour shown from now on")
    reason: Code | None = Field(None, title="来源", description="What was entered, such as result or category")


KINDS = (
    HouseholdVisited,
    CampaignOpened,
    CampaignClosed,
    ArrivalDeclared,
    ArrivalChecked,
    ArrivalReceived,
    ArrivalHandedOut,
    PersonListed,
    ListingSettled,
    ListingScoped,
    ResidenceChecked,
    FollowupMade,
    CheckpointOpened,
    RegisterReported,
    EntryChecked,
    ZoneSearched,
    HealthCodeUpdated,
)
