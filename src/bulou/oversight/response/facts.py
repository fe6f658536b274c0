"""Facts of the response: its level from assessment to filing, and the plans it sets to work."""

from typing import Literal

from pydantic import Field

from bulou.directory.facts import Code, Count, Days, Words
from bulou.kernel.facts import LEVEL_SET, FactData, fact

Level = Literal["I", "II", "III", "IV", "none"]
Tier = Literal["province", "city", "county", "town", "village"]
Risk = Literal["low", "medium", "high"]


class LevelStep(FactData):
    """One step on the way to a response level."""

    level: Level = Field(title="响应级别", description="I is the gravest, IV the lowest, none ends the response")
    grounds: Words | None = Field(None, title="依据", description="Clause and figures it rests on")


@fact("response.assessed", on="area", zh="风险研判", en="Response assessed")
class ResponseAssessed(LevelStep):
    """Experts say which level the figures call for, and on what they rest it."""

    advice: Literal["start", "raise", "lower", "keep", "end"] | None = Field(
        None, title="建议", description="What they advise to do with the level in force"
    )
    experts: Literal["county", "city", "province", "nation"] | None = Field(
        None, title="专家级别", description="Whose experts they are"
    )
    situation: Literal["import_risk", "sporadic", "cluster", "sustained", "severe", "other"] | None = Field(
        None,
        title="疫情形势",
        description="Import risk only, sporadic cases, a cluster, sustained community transmission, a severe community "
        "outbreak, or another situation the experts found",
    )
    impact: Literal["slight", "some", "serious"] | None = Field(
        None, title="对秩序的影响", description="Effect on normal work and life"
    )
    capacity: Literal["enough", "city_help", "outside_help"] | None = Field(
        None, title="防控救治能力", description="Enough here, needs the city to coordinate, or needs help from outside"
    )
    import_risk: Risk | None = Field(None, title="输入风险", description="Risk of importation")
    trend: Literal["rising", "steady", "falling"] | None = Field(
        None, title="疫情趋势", description="Where the figures are going"
    )
    effect: Literal["effective", "partial", "ineffective"] | None = Field(
        None, title="防控效果", description="What the measures in force achieve"
    )
    days_since_isolation: Days | None = Field(
        None, title="末例隔离后天数", description="Days since the last case was isolated"
    )
    new_local_cases: Count | None = Field(
        None, title="其后新发本土确诊", description="Local cases confirmed since then, count"
    )


@fact("response.proposed", on="area", zh="响应建议", en="Response proposed")
class ResponseProposed(LevelStep):
    """The health department proposes a level."""


@fact("response.approved", on="area", zh="响应批准", en="Response approved")
class ResponseApproved(LevelStep):
    """Who may decide has agreed."""


@fact(LEVEL_SET, on="area", zh="启动或调整响应", en="Response level set")
class ResponseLevelSet(LevelStep):
    """The level is in force from this instant."""


@fact("response.filed", on="area", zh="响应备案", en="Response filed")
class ResponseFiled(LevelStep):
    """The authority above has been told."""


@fact("plan.activated", on="area", zh="启动预案", en="Plan activated")
class PlanActivated(FactData):
    """The command post of an area puts a plan to work there: its organisational duties begin."""

    plan: Code = Field(title="预案", description="Plan id, such as guangxi-2020-9")
    tier: Tier = Field(title="层级", description="Tier of the area, which says whose duties begin")


@fact("plan.ended", on="area", zh="终止预案", en="Plan ended")
class PlanEnded(FactData):
    """The plan no longer asks anything of the area's command post."""

    plan: Code = Field(title="预案", description="Plan id")
    reason: Words | None = Field(None, title="原因", description="Why it ends")


@fact("risk.graded", on="area place", zh="划定风险等级", en="Risk graded")
class RiskGraded(FactData):
    """The risk of an area, apart from its response level, is low, medium or high from this instant."""

    risk: Risk = Field(title="风险等级", description="Low, medium or high, as announced")
    grounds: Words | None = Field(None, title="依据", description="Cases and figures it rests on")


@fact("risk.assessed", on="person place unit area", zh="风险评估", en="Risk assessed")
class RiskAssessed(FactData):
    """Somebody who knows looked at one question and said how great the risk is."""

    topic: Code = Field(title="事项", description="What was assessed, such as spread, admission or cross_infection")
    risk: Risk = Field(title="风险", description="Result of the assessment")
    grounds: Words | None = Field(None, title="依据", description="What it rests on, and what is advised")


@fact("measures.reviewed", on="area place unit zone", zh="防控措施评估调整", en="Measures reviewed")
class MeasuresReviewed(FactData):
    """The measures in force were held against the situation and kept, tightened or relaxed."""

    scope: Code = Field(title="范围", description="Which measures, such as strategy, community or isolation-site")
    outcome: Literal["kept", "tightened", "relaxed"] | None = Field(
        None, title="结果", description="What became of them"
    )
    words: Words | None = Field(None, title="要点", description="What changes, and why")


KINDS = (
    ResponseAssessed,
    ResponseProposed,
    ResponseApproved,
    ResponseLevelSet,
    ResponseFiled,
    PlanActivated,
    PlanEnded,
    RiskGraded,
    RiskAssessed,
    MeasuresReviewed,
)
