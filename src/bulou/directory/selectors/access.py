"""What time the house says it is."""

from datetime import datetime

from bulou.directory.models import BusinessClock


def business_clock() -> datetime | None:
    """The instant the house stands at, for `kernel.clock.at`; None while it keeps real time. One query.

    Requests have it already, from the frame; commands and jobs ask here.
    """
    return BusinessClock.objects.values_list("set_to", flat=True).first()
