"""Facts of supervision: what an inspection found, and that it was put right."""

from typing import Literal

from pydantic import Field

from bulou.directory.facts import Count, Days, Period, Ref, Words
from bulou.kernel.facts import FactData, fact

Severity = Literal["minor", "serious", "grave"]


class Inspected(FactData):
    """By which clause, and how soon it must be right."""

    clause: Words | None = Field(None, title="条款", description="Clause id it was held against")
    within: Period | None = Field(None, title="时限", description="ISO 8601 period such as P3D")
    words: Words | None = Field(None, title="情况", description="What was seen or done")
    finding: Ref | None = Field(None, title="问题", description="The finding, where the subject is not it")


@fact("inspection.made", on="place unit area finding", zh="督导检查", en="Inspection made")
class InspectionMade(Inspected):
    """Supervisors looked."""

    passed: bool | None = Field(None, title="合格", description="True where nothing was found wanting")
    tour: Ref | None = Field(None, title="督导行程", description="The tour it was made on")


@fact("tour.planned", on="area", zh="安排巡回督导", en="Tour planned")
class TourPlanned(FactData):
    """A team is to go round an area: who, and within how many days. Its stops are visits planned."""

    name: Words = Field(title="名称", description="What the tour is called")
    members: tuple[Words, ...] = Field((), title="人员", description="Who goes, by office")
    clause: Words | None = Field(None, title="条款", description="Clause id it serves")
    days: Days | None = Field(None, title="天数", description="Within how many it is done, days")


@fact("inspection.planned", on="place unit area", zh="安排督导", en="Visit planned")
class InspectionPlanned(FactData):
    """A team is to come here; one stop of a tour."""

    tour: Ref = Field(title="督导行程", description="The tour it is a stop of")
    name: Words | None = Field(None, title="名称", description="What the tour is called")
    n: Count | None = Field(None, title="次序", description="Which stop of the route")
    clause: Words | None = Field(None, title="条款", description="Clause id it serves")
    days: Days | None = Field(None, title="天数", description="Within how many it is due, days")


@fact("finding.raised", on="finding place unit", zh="发现问题", en="Finding raised")
class FindingRaised(Inspected):
    """Something is wrong and has a deadline. It is closed by the unit that raised it, and by no other."""

    severity: Severity | None = Field(None, title="严重程度", description="How soon it must be right")
    about: Ref | None = Field(None, title="被查对象", description="The area, place or unit inspected")
    to: Ref | None = Field(None, title="整改单位", description="The unit that puts it right")
    tour: Ref | None = Field(None, title="督导行程", description="The tour it was found on")


@fact("finding.rectified", on="finding place unit", zh="问题整改", en="Finding rectified")
class FindingRectified(Inspected):
    """The unit says it is right now."""


@fact("finding.verified", on="finding place unit", zh="整改核验", en="Finding verified")
class FindingVerified(Inspected):
    """A supervisor has seen that it is."""


@fact("finding.returned", on="finding place unit", zh="整改退回", en="Finding not yet right")
class FindingReturned(Inspected):
    """Whoever raised it has looked again, and it is not right: it is owed anew."""


@fact("finding.reminded", on="finding place unit", zh="整改催办", en="Finding reminded of")
class FindingReminded(Inspected):
    """Somebody told the unit that it is still owed."""


@fact("finding.escalated", on="finding place unit", zh="问题移交处理", en="Finding escalated")
class FindingEscalated(Inspected):
    """Rectification was refused, or somebody failed in their duty: it goes to who may sanction."""

    ground: Literal["not_rectified", "dereliction"] = Field(
        title="事由", description="Refused or not put right, or a duty neglected with consequences"
    )


@fact("accountability.decided", on="finding place unit", zh="处理问责", en="Accountability decided")
class AccountabilityDecided(FactData):
    """Who may sanction has decided, also where nothing follows."""

    measure: Literal["none", "warning", "penalty", "closure", "discipline", "prosecution"] = Field(
        title="处理", description="What follows"
    )
    words: Words | None = Field(None, title="说明", description="The decision, or where it is kept")


KINDS = (
    InspectionMade,
    TourPlanned,
    InspectionPlanned,
    FindingRaised,
    FindingRectified,
    FindingVerified,
    FindingReturned,
    FindingReminded,
    FindingEscalated,
    AccountabilityDecided,
)
