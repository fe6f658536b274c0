"""Facts of monitoring: temperature, symptoms, and what a medic made of them."""

from datetime import date
from typing import Literal

from pydantic import Field

from bulou.directory.facts import Celsius, Code, Count, Ref, Words
from bulou.kernel.facts import FactData, fact


@fact("temperature.read", on="person", zh="测体温", en="Temperature read")
class TemperatureRead(FactData):
    """One reading."""

    celsius: Celsius = Field(title="体温（℃）", description="Body temperature, °C")
    method: Literal["axillary", "forehead", "ear", "oral", "rectal"] | None = Field(
        None, title="测量方式", description="Where it was taken"
    )
    setting: Code | None = Field(None, title="测量场所", description="Such as home, isolation_site, school or station")
    device: Words | None = Field(None, title="设备", description="Serial number of the device it was read from")


@fact("symptoms.reported", on="person", zh="健康状况报告", en="Symptoms reported")
class SymptomsReported(FactData):
    """How the person feels; an empty list says well."""

    symptoms: tuple[Code, ...] = Field((), title="症状", description="Symptom codes of the disease profile")
    since: Words | None = Field(None, title="起始", description="Since when, a date or the person's words")


@fact("medic.notified", on="person", zh="通知医务人员", en="Medic notified")
class MedicNotified(FactData):
    """A medic was told about the person and answered."""

    unit: Ref | None = Field(None, title="医疗机构", description="Unit of the medic")
    because: Literal["temperature", "symptoms", "other"] | None = Field(
        None, title="事由", description="What made it necessary"
    )


@fact("medic.assessed", on="person", zh="医务人员评估", en="Medic assessed")
class MedicAssessed(FactData):
    """A medic saw the person: on a home visit, a round, or at triage."""

    finding: Literal["well", "refer", "suspect"] = Field(
        title="结论", description="Well; needs a clinic; suspected case by the criteria"
    )
    symptoms: tuple[Code, ...] = Field((), title="症状", description="Symptom codes found")
    visit: Literal["home", "round", "clinic", "remote"] | None = Field(
        None, title="方式", description="Where the medic saw the person"
    )


@fact("fever_clinic.visited", on="person", zh="发热门诊就诊", en="Fever clinic visited")
class FeverClinicVisited(FactData):
    """The person was received and triaged."""

    triage: Literal["general", "fever", "suspect", "critical"] | None = Field(
        None, title="分诊", description="Result of triage"
    )
    exposure_history: bool | None = Field(
        None, title="流行病学史", description="True where an exposure within the incubation period is known"
    )
    exposures: tuple[Code, ...] = Field(
        (), title="暴露情形", description="What the exposure was, such as case or travel"
    )
    onset: date | None = Field(None, title="发病日期", description="Day of the first symptom")
    unit: Ref | None = Field(None, title="发热门诊", description="Unit that received the person")


@fact("visit.concluded", on="person", zh="首诊处置", en="Visit concluded")
class VisitConcluded(FactData):
    """The institution first visited saw the patient through to an outcome."""

    outcome: Literal["home", "observed", "admitted", "transferred", "refused"] = Field(
        title="去向", description="Where the patient went"
    )
    to: Ref | None = Field(None, title="接收机构", description="Unit that takes over")


@fact("environment.sampled", on="place unit", zh="外环境监测", en="Environment sampled")
class EnvironmentSampled(FactData):
    """Surfaces, goods, air or sewage of a place were sampled and tested."""

    samples: Count = Field(title="样本数", description="Samples taken, count")
    positive: Count | None = Field(None, title="阳性数", description="Positive samples, count; absent while pending")


@fact("fever_medicine.sold", on="unit place person", zh="退热止咳药品销售登记", en="Fever medicine sold")
class FeverMedicineSold(FactData):
    """A pharmacy sold a medicine for fever or cough, and asked who it is for."""

    item: Literal["antipyretic", "cough", "antibiotic", "antiviral"] = Field(
        title="药品类别", description="Against fever, cough, bacteria or viruses"
    )
    quantity: Count = Field(title="数量", description="Packs sold, count")
    symptoms: tuple[Code, ...] = Field((), title="症状", description="Symptoms of whoever takes it, as told")
    buyer: Words | None = Field(None, title="购药人", description="Name and phone as told, where they are not on file")
    pharmacy: Ref | None = Field(
        None, title="药店", description="Place or unit that sold it, where a person is the subject"
    )


@fact("syndrome.counted", on="unit place area", zh="症候群监测计数", en="Syndrome counted")
class SyndromeCounted(FactData):
    """How many patients of a day had a syndrome that is watched; `at` is the day."""

    syndrome: Literal["influenza_like_illness", "severe_pneumonia", "unknown_pneumonia", "fever"] = Field(
        title="症候群", description="Influenza-like illness, severe pneumonia, pneumonia of unknown cause, fever"
    )
    cases: Count = Field(title="病例数", description="Patients with it, count")
    seen: Count | None = Field(None, title="就诊总数", description="Patients seen that day, count")


KINDS = (
    TemperatureRead,
    SymptomsReported,
    MedicNotified,
    MedicAssessed,
    FeverClinicVisited,
    VisitConcluded,
    EnvironmentSampled,
    FeverMedicineSold,
    SyndromeCounted,
)
