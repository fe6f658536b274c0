"""Facts of tracing: who met whom, where, and until when."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from bulou.directory.facts import Code, Count, Ref, Words
from bulou.kernel.facts import FactData, fact


@fact("investigation.started", on="episode", zh="流调开始", en="Investigation started")
class InvestigationStarted(FactData):
    """An epidemiologist has taken the case."""

    unit: Ref | None = Field(None, title="流调单位", description="Unit that investigates")


@fact("investigation.completed", on="episode", zh="流调完成", en="Investigation completed")
class InvestigationCompleted(FactData):
    """The core of the investigation is written down."""

    summary: Words | None = Field(None, title="小结", description="What was found")
    open_leads: Count | None = Field(None, title="未查清线索", description="Leads not yet followed to their end, count")


@fact("contact.identified", on="person", zh="判定密接", en="Contact identified")
class ContactIdentified(FactData):
    """The person was exposed to an episode."""

    degree: Literal["close", "secondary", "general"] = Field(
        title="级别", description="Close contact, contact of one, or general contact"
    )
    episode: Ref | None = Field(None, title="病例", description="Episode the person was exposed to")
    last_exposure: datetime | None = Field(None, title="末次暴露", description="Instant of the last exposure")
    relation: Words | None = Field(None, title="关系", description="Relation to the case")


@fact("exposure.identified", on="place", zh="判定风险点位", en="Exposure identified")
class ExposureIdentified(FactData):
    """An episode was at this place while infectious."""

    episode: Ref | None = Field(None, title="病例", description="Episode that was there")
    setting: Code | None = Field(None, title="场所类别", description="Kind of place, such as school or care_home")
    from_: datetime | None = Field(None, alias="from", title="起", description="Instant the exposure began")
    to: datetime | None = Field(None, title="止", description="Instant the exposure ended")


@fact("contacts.traced", on="episode", zh="密接排查完成", en="Contacts traced")
class ContactsTraced(FactData):
    """The contacts of a case were looked for, and this many were found and reached."""

    close: Count = Field(title="密接人数", description="Close contacts found, count; 0 where there are none")
    unreached: Count = Field(title="未找到人数", description="Contacts known but not yet reached, count")


@fact("cluster.reported", on="area place unit", zh="聚集性疫情报告", en="Cluster reported")
class ClusterReported(FactData):
    """Several persons of one place or area are ill at once."""

    condition: Code = Field(title="病种", description="What they are ill with, such as influenza_like_illness")
    persons: Count | None = Field(None, title="病例数", description="Persons ill, count")


@fact("cluster.investigated", on="area place unit", zh="聚集性疫情调查", en="Cluster investigated")
class ClusterInvestigated(FactData):
    """A cluster was looked into, and this was learnt about it."""

    features: tuple[Code, ...] = Field((), title="查明特征", description="What is known now: source, pattern, speed")
    words: Words | None = Field(None, title="结论", description="What was found and done")


KINDS = (
    InvestigationStarted,
    InvestigationCompleted,
    ContactIdentified,
    ContactsTraced,
    ExposureIdentified,
    ClusterReported,
    ClusterInvestigated,
)
