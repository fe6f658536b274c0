"""Facts of treatment: an episode from suspicion to the visit after recovery."""

from datetime import date
from typing import Literal

from pydantic import Field

from bulou.directory.facts import Code, Count, Days, Ref, Words
from bulou.kernel.facts import FactData, fact
from bulou.no_miss.treatment import device_facts

Severity = Literal["mild", "moderate", "severe", "critical"]
"""轻型、普通型、重型、危重型."""


class Link(FactData):
    """How this episode hangs on an earlier one."""

    episode: Ref = Field(title="关联病例", description="Episode id of the other case")
    relation: Words = Field(title="关系", description="Relation as known, such as family, colleague, same_place")


class Episode(FactData):
    """What is known of an episode when its status is set."""

    disease: Code = Field(title="病种", description="Disease profile, such as covid-19-2020")
    person: Ref = Field(title="人员", description="The person who is ill, `person:…`")
    severity: Severity | None = Field(None, title="临床分型", description="Clinical grade")
    origin: Literal["local", "imported"] | None = Field(None, title="来源", description="Where it was caught")
    case_no: Words | None = Field(None, title="病例编号", description="Number in the official announcements")
    onset_on: date | None = Field(None, title="发病日期", description="First day of symptoms")
    source_text: Words | None = Field(None, title="感染来源原文", description="Source of infection as announced")
    exposed_from: date | None = Field(None, title="暴露起", description="First day of possible exposure")
    exposed_to: date | None = Field(None, title="暴露止", description="Last day of possible exposure")
    links: tuple[Link, ...] = Field((), title="关联", description="Earlier episodes this one hangs on")


@fact("episode.suspected", on="episode", zh="疑似病例", en="Case suspected")
class EpisodeSuspected(Episode):
    """The person meets the definition of a suspected case."""


@fact("episode.confirmed", on="episode", zh="确诊病例", en="Case confirmed")
class EpisodeConfirmed(Episode):
    """The case is confirmed."""


@fact("episode.asymptomatic", on="episode", zh="无症状感染者", en="Asymptomatic infection")
class EpisodeAsymptomatic(Episode):
    """Infection without symptoms."""


@fact("episode.excluded", on="episode", zh="排除病例", en="Case excluded")
class EpisodeExcluded(FactData):
    """The suspicion is ruled out."""

    disease: Code | None = Field(None, title="病种", description="Disease profile ruled out")
    person: Ref | None = Field(None, title="人员", description="The person, `person:…`")
    reason: Words | None = Field(None, title="依据", description="What ruled it out")


@fact("episode.reported", on="episode", zh="病例报告", en="Case reported")
class EpisodeReported(FactData):
    """The case was entered in the statutory system, or a change of it was."""

    system: Words | None = Field(None, title="报告系统", description="System or office that received it")
    stage: Literal["first", "severity", "outcome"] = Field(
        "first", title="报告类别", description="First report, severe or critical course, or outcome"
    )
    channel: Literal["network", "phone", "written"] | None = Field(
        None, title="报告途径", description="Entered in the reporting network, told by telephone, or sent on paper"
    )


@fact("episode.isolated", on="episode", zh="病例隔离", en="Case isolated")
class EpisodeIsolated(FactData):
    """The patient is in a single room."""

    unit: Ref | None = Field(None, title="医疗机构", description="Hospital")
    ward: Words | None = Field(None, title="病区", description="Ward")
    bed: Words | None = Field(None, title="床位", description="Bed")
    place: Ref | None = Field(None, title="床位场所", description="The bed on the books, a place id")


@fact("episode.admitted", on="episode", zh="病例收治", en="Case admitted")
class EpisodeAdmitted(FactData):
    """The patient is in the designated hospital."""

    unit: Ref | None = Field(None, title="医疗机构", description="Hospital")
    ward: Words | None = Field(None, title="病区", description="Ward")
    bed: Words | None = Field(None, title="床位", description="Bed")
    place: Ref | None = Field(None, title="床位场所", description="The bed on the books, a place id")
    tier: Literal["county", "city", "province"] | None = Field(
        None, title="医院层级", description="Whose designated hospital it is"
    )
    facility: Literal["designated", "temporary"] | None = Field(
        None, title="收治场所", description="Designated hospital or temporary hospital (方舱)"
    )


@fact("episode.moved", on="episode", zh="调换床位", en="Patient moved to another bed")
class EpisodeMoved(FactData):
    """The patient goes to another bed; the illness goes on."""

    place: Ref = Field(title="新床位", description="The bed moved into, a place id")
    unit: Ref | None = Field(None, title="医疗机构", description="Hospital")
    reason: Words | None = Field(None, title="原因", description="Why the patient moves")


@fact("bed.cleaned", on="place", zh="床单元终末消毒", en="Bed disinfected")
class BedCleaned(FactData):
    """The bed and what stands around it had terminal disinfection: the next patient may come."""

    agent: Words | None = Field(None, title="消毒剂", description="Agent and its concentration")


@fact("bed.broken", on="place", zh="床位停用", en="Bed out of use")
class BedBroken(FactData):
    """Nobody may be put into the bed."""

    reason: Words = Field(title="原因", description="What is wrong with it")


@fact("bed.repaired", on="place", zh="床位恢复使用", en="Bed in use again")
class BedRepaired(FactData):
    """What was wrong with the bed has been put right."""

    note: Words | None = Field(None, title="备注", description="What was done")


@fact("severity.changed", on="episode", zh="病情变化", en="Severity changed")
class SeverityChanged(FactData):
    """The clinical grade is now another."""

    severity: Severity = Field(title="临床分型", description="Clinical grade from now on")


@fact("condition.assessed", on="episode", zh="病情评估", en="Condition assessed")
class ConditionAssessed(FactData):
    """A doctor looked at the patient today and said where the patient belongs."""

    outcome: Literal["stay", "transfer", "discharge"] = Field(
        title="结论", description="Stays, goes to a hospital of another grade, or may be discharged"
    )
    severity: Severity | None = Field(None, title="临床分型", description="Clinical grade found")


@fact("treatment.planned", on="episode", zh="一人一案", en="Treatment planned")
class TreatmentPlanned(FactData):
    """This patient has a treatment plan of their own."""

    plan: Words | None = Field(None, title="救治方案", description="The plan, or where it is kept")
    chinese_medicine: bool | None = Field(None, title="中医药", description="True where Chinese medicine is part of it")


@fact("expert.consulted", on="episode", zh="专家会诊", en="Expert consulted")
class ExpertConsulted(FactData):
    """Experts looked at the case and said what they think."""

    advice: Words | None = Field(None, title="意见", description="What the experts advise")
    conclusion: Literal["confirmed", "excluded", "undecided", "treat", "discharge", "keep"] | None = Field(
        None, title="结论", description="Diagnosis, treatment advice, or readiness for discharge"
    )
    level: Literal["hospital", "county", "city", "province", "nation"] | None = Field(
        None, title="专家级别", description="Whose experts they are"
    )


@fact("discharge.assessed", on="episode", zh="出院评估", en="Discharge assessed")
class DischargeAssessed(FactData):
    """The hospital measured the patient against the discharge criteria."""

    normal_days: Days = Field(title="体温正常天数", description="Days in a row with normal temperature")
    symptoms_improved: bool = Field(title="症状好转", description="Respiratory symptoms clearly better")
    imaging_improved: bool | None = Field(None, title="影像好转", description="Lung imaging clearly better")
    negative_tests: Count = Field(title="连续阴性次数", description="Negative nucleic-acid tests in a row, count")
    test_gap_hours: Count | None = Field(
        None, title="采样间隔（小时）", description="Hours between the samples of the last two negative tests"
    )


@fact("episode.discharged", on="episode", zh="出院", en="Case discharged")
class EpisodeDischarged(FactData):
    """The patient left hospital."""

    outcome: Literal["recovered", "improved", "transferred", "other"] = Field(
        "recovered", title="转归", description="State on leaving"
    )
    unit: Ref | None = Field(None, title="医疗机构", description="Hospital left")


@fact("episode.died", on="episode", zh="死亡", en="Case died")
class EpisodeDied(FactData):
    """The patient died."""

    outcome: Words | None = Field(None, title="死因", description="Cause of death as certified")


@fact("convalescent.visited", on="episode person", zh="康复者随访", en="Convalescent visited")
class ConvalescentVisited(FactData):
    """Somebody looked after a patient who has recovered or whose suspicion was ruled out."""

    outcome: Literal["well", "symptoms", "retest_positive"] | None = Field(
        None, title="情况", description="What was found"
    )


@fact("dependants.asked", on="person", zh="询问家中被照料者", en="Dependants asked after")
class DependantsAsked(FactData):
    """Before a patient is moved somebody asked who is left at home in need of care; none is an answer too."""

    count: Count = Field(title="人数", description="People left at home in need of care, count; 0 where there are none")
    people: tuple[Ref, ...] = Field((), title="人员", description="Those of them who are on file")
    words: Words | None = Field(None, title="说明", description="Who, and what they need")


@fact("shift.worked", on="person", zh="隔离病区当班", en="Shift worked")
class ShiftWorked(FactData):
    """A member of staff worked where patients are."""

    zone: Literal["buffer", "contaminated"] = Field(title="分区", description="The most exposed zone entered")
    protection: Literal["one", "two", "three"] = Field(
        title="防护级别", description="Level of protection worn, the third the fullest"
    )
    unit: Ref | None = Field(None, title="医疗机构", description="Hospital")
    hours: float | None = Field(None, ge=0, le=48, title="时长（小时）", description="Time in the zone, hours")


@fact("staff.exposed", on="person", zh="职业暴露", en="Staff exposed")
class StaffExposed(FactData):
    """A member of staff was exposed without the protection that was called for."""

    exposure: Literal["needle", "splash", "breach", "unprotected"] = Field(
        title="暴露方式", description="Needle or blade; splash; protection that failed; none worn"
    )
    unit: Ref | None = Field(None, title="医疗机构", description="Hospital")
    words: Words | None = Field(None, title="经过", description="What happened, and what was done at once")


KINDS = (
    EpisodeSuspected,
    EpisodeConfirmed,
    EpisodeAsymptomatic,
    EpisodeExcluded,
    EpisodeReported,
    EpisodeIsolated,
    EpisodeAdmitted,
    EpisodeMoved,
    BedCleaned,
    BedBroken,
    BedRepaired,
    SeverityChanged,
    ConditionAssessed,
    TreatmentPlanned,
    ExpertConsulted,
    DischargeAssessed,
    EpisodeDischarged,
    EpisodeDied,
    ConvalescentVisited,
    DependantsAsked,
    ShiftWorked,
    StaffExposed,
    *device_facts.KINDS,
)
