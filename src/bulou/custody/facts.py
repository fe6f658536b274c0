"""Facts of custody: the five links of a handover (甄别、对接、转运、收隔、管理), and how one comes to nothing.

Until the receiver has confirmed, the sender still holds the person. Facts that do not fit the chain are refused.
"""

from pydantic import Field

from bulou.directory.facts import Ref, Words
from bulou.kernel.facts import FactData, fact


class Handover(FactData):
    """From whom to whom, and in which vehicle."""

    from_: Ref | None = Field(None, alias="from", title="移交方", description="Unit that holds the person")
    to: Ref | None = Field(None, title="接收方", description="Unit that is to hold the person")
    vehicle: Words | None = Field(None, title="车辆", description="Plate or call sign of the vehicle")
    crew: Words | None = Field(None, title="随车人员", description="Driver and escort, names and telephone")
    carrier: Ref | None = Field(None, title="转运单位", description="Unit whose vehicle and crew carry the person")
    reason: Words | None = Field(None, title="事由", description="Why the person moves")
    trip: Ref | None = Field(None, title="车次", description="Trip on which several travel in one vehicle, an id")


@fact("handover.requested", on="person", zh="发起交接", en="Handover requested")
class HandoverRequested(Handover):
    """Identified: the holder asks another unit to take the person."""


@fact("handover.accepted", on="person", zh="同意接收", en="Handover accepted")
class HandoverAccepted(Handover):
    """Notified: the receiver agrees and says where to bring the person."""


@fact("handover.departed", on="person", zh="转运出发", en="Handover departed")
class HandoverDeparted(Handover):
    """Transported: the vehicle has left with the person."""


@fact("handover.received", on="person", zh="接收确认", en="Handover received")
class HandoverReceived(Handover):
    """Admitted: the receiver has the person; custody passes at this instant."""


@fact("handover.settled", on="person", zh="落实管理", en="Handover settled")
class HandoverSettled(Handover):
    """Managed: the person has a room and somebody who answers for them."""


@fact("handover.refused", on="person", zh="拒绝接收", en="Handover refused")
class HandoverRefused(Handover):
    """The receiver cannot take the person; the sender still holds them and asks elsewhere."""

    reason: Words = Field(title="理由", description="Why the person cannot be taken")


@fact("handover.cancelled", on="person", zh="撤销交接", en="Handover cancelled")
class HandoverCancelled(Handover):
    """The sender calls the handover off and goes on holding the person."""

    reason: Words = Field(title="理由", description="Why the handover is called off")


KINDS = (
    HandoverRequested,
    HandoverAccepted,
    HandoverDeparted,
    HandoverReceived,
    HandoverSettled,
    HandoverRefused,
    HandoverCancelled,
)
