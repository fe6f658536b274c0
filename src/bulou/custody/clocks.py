"""How long each link of a handover may take, where no plan in force says otherwise. The numbers are our choice."""

from collections.abc import Mapping
from datetime import timedelta

CLOCKS: Mapping[str, timedelta] = {
    "requested": timedelta(hours=1),
    "accepted": timedelta(hours=2),
    "departed": timedelta(hours=4),
    "received": timedelta(hours=2),
}
"""Stage to the time until the next link. An answer within the hour and a journey within four are Guangxi's seamless
handover as this product reads it; two hours for a car to leave and for a room to be found let a night shift do both."""
NEXT = {
    "requested": ("handover.requested", "handover.accepted"),
    "accepted": ("handover.accepted", "handover.departed"),
    "departed": ("handover.departed", "handover.received"),
    "received": ("handover.received", "handover.settled"),
}
"""Stage to the fact that began it and the one that ends it: a duty of a plan from one to the other sets its clock."""
ANSWERS = {"requested": "sender", "accepted": "sender", "departed": "receiver", "received": "receiver"}
"""Who is charged with a link that takes too long: the sender until the person is on the way, the receiver after."""
TURNS = {"requested": "receiver", "accepted": "sender", "departed": "receiver", "received": "receiver"}
"""Who has to do the next thing."""
