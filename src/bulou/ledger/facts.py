"""Facts about facts and duties: taking one back, letting one off."""

from datetime import datetime

from pydantic import Field

from bulou.directory.facts import Ref, Words
from bulou.kernel.facts import WAIVED, WITHDRAWN, FactData, fact

ANY = "person place unit area episode zone tube directive finding"


@fact(WITHDRAWN, on=ANY, zh="撤回", en="Fact withdrawn")
class FactWithdrawn(FactData):
    """The superseded fact did not happen."""

    reason: Words | None = Field(None, title="原因", description="Why it is taken back")
    approved_by: Ref | None = Field(None, title="批准人", description="Unit or account that agreed")


@fact(WAIVED, on=ANY, zh="豁免", en="Duty waived")
class DutyWaived(FactData):
    """One duty is let off, by two people and for a reason."""

    duty: Words = Field(title="责任事项", description="The duty let off, as `plan/duty`")
    opens_at: datetime = Field(title="开始时间", description="Instant the duty opened, with zone")
    reason: Words = Field(title="原因", description="Why it need not be done")
    approved_by: Ref = Field(title="批准人", description="Unit or account that agreed, other than `by`")


@fact("waiver.requested", on=ANY, zh="申请豁免", en="Waiver requested")
class WaiverRequested(FactData):
    """Somebody asks that one duty be let off; the waiver itself is recorded by whoever agrees."""

    duty: Words = Field(title="责任事项", description="The duty to be let off, as `plan/duty`")
    opens_at: datetime = Field(title="开始时间", description="Instant the duty opened, with zone")
    reason: Words = Field(title="原因", description="Why it need not be done")


KINDS = (FactWithdrawn, DutyWaived, WaiverRequested)
