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


KINDS = (InvestigationStarted, InvestigationCompleted, ContactIdentified, ExposureIdentified)
