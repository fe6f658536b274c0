"""Facts of drills: that a plan was rehearsed, and how it went."""

from pydantic import Field

from bulou.directory.facts import Code, Count, Words
from bulou.kernel.facts import FactData, fact


@fact("drill.held", on="area unit", zh="演练", en="Drill held")
class DrillHeld(FactData):
    """A plan was rehearsed, in a room, at a table or on a simulated outbreak."""

    plan: Code | None = Field(None, title="预案", description="Plan rehearsed")
    kind_: Code | None = Field(None, alias="kind", title="方式", description="Such as table, field or simulation")
    attended: Count | None = Field(None, title="参加人数", description="Persons who took part, count")
    words: Words | None = Field(None, title="小结", description="What was learnt")


KINDS = (DrillHeld,)
