"""Facts of control: what is closed, for how long, and who keeps watch."""

from typing import Annotated, Literal

from pydantic import Field

from bulou.directory.facts import Code, Count, Ref, Words
from bulou.kernel.facts import FactData, fact


class Zone(FactData):
    """The smallest units closed or restricted, and how."""

    unit_kind: Code = Field(title="管控单元", description="Smallest unit, such as building, village or school_class")
    measures: tuple[Code, ...] = Field((), title="措施", description="Codes of the measures in force")
    level: Literal["sealed", "controlled", "watched"] | None = Field(
        None, title="级别", description="Sealed (封控), controlled (管控) or watched (防范)"
    )
    grounds: Words | None = Field(None, title="依据", description="Clause and facts it rests on")


@fact("zone.set", on="zone", zh="划定防控区", en="Zone set")
class ZoneSet(Zone):
    """A zone comes into force."""


@fact("zone.adjusted", on="zone", zh="调整防控区", en="Zone adjusted")
class ZoneAdjusted(Zone):
    """A zone changes its extent or its measures."""


@fact("zone.lifted", on="zone", zh="解除防控区", en="Zone lifted")
class ZoneLifted(FactData):
    """A zone ends."""

    reason: Words | None = Field(None, title="原因", description="Why it ends")


@fact("place.closed", on="place", zh="场所关闭", en="Place closed")
class PlaceClosed(FactData):
    """A place is closed to the public."""

    reason: Words | None = Field(None, title="原因", description="Why it closes")


@fact("place.reopened", on="place", zh="场所恢复", en="Place reopened")
class PlaceReopened(FactData):
    """A place opens again."""

    reason: Words | None = Field(None, title="依据", description="What allows it")


@fact("place.disinfected", on="place", zh="场所消毒", en="Place disinfected")
class PlaceDisinfected(FactData):
    """A place was disinfected."""

    kind_: Literal["routine", "terminal"] = Field(
        alias="kind", title="类型", description="In use, or after the source has left"
    )
    agent: Words | None = Field(None, title="消毒剂", description="Agent and concentration, mg/L where chlorine")
    reason: Words | None = Field(None, title="原因", description="What made it necessary")
    belongings: bool | None = Field(None, title="个人物品", description="True where personal items were treated too")


@fact("watch.kept", on="unit place", zh="值守", en="Watch kept")
class WatchKept(FactData):
    """A shift of guards was on duty at a site."""

    officers: Count = Field(title="人数", description="Officers on the shift, count")
    incidents: Count | None = Field(None, title="事件数", description="Incidents during the shift, count")
    unit: Ref | None = Field(None, title="派出单位", description="Unit the officers belong to")


@fact("zones.decided", on="episode", zh="判定防控区域", en="Zones decided")
class ZonesDecided(FactData):
    """It was decided which zones a case calls for, also where none is needed."""

    zones: Count = Field(title="区域数", description="Zones to be set, count; 0 where none is needed")
    unit_kind: Code | None = Field(None, title="管控单元", description="Smallest unit of these zones")
    grounds: Words | None = Field(None, title="依据", description="Where and with whom the case was")


@fact("measure.applied", on="area place unit zone", zh="落实管控措施", en="Measure applied")
class MeasureApplied(FactData):
    """A measure is at work on the ground, not only on paper."""

    measure: Code = Field(title="措施", description="Which measure, such as closed-management or suspension")
    words: Words | None = Field(None, title="情况", description="How far it goes, exceptions made")


@fact("place.zoned", on="place unit", zh="场所划入防控区", en="Place in a zone")
class PlaceZoned(FactData):
    """A place or unit lies inside a zone from this instant."""

    kind_: Code = Field(alias="kind", title="场所类型", description="Kind of place, such as school or cinema")
    zone: Ref | None = Field(None, title="防控区", description="The zone it lies in")


@fact("place.unzoned", on="place unit", zh="场所移出防控区", en="Place out of a zone")
class PlaceUnzoned(FactData):
    """A place or unit no longer lies inside a zone."""

    zone: Ref | None = Field(None, title="防控区", description="The zone it lay in")


@fact("waste.removed", on="place unit", zh="垃圾清运", en="Waste removed")
class WasteRemoved(FactData):
    """Waste left a place, packed and handed over as its kind demands."""

    kind_: Literal["medical", "household"] = Field(
        alias="kind", title="类型", description="Handled as medical waste, or as household waste"
    )
    kilograms: Annotated[float, Field(ge=0)] | None = Field(None, title="重量（千克）", description="Weight, kg")
    to: Ref | None = Field(None, title="接收单位", description="Unit that took it")


KINDS = (
    ZoneSet,
    ZoneAdjusted,
    ZoneLifted,
    ZonesDecided,
    MeasureApplied,
    PlaceZoned,
    PlaceUnzoned,
    PlaceClosed,
    PlaceReopened,
    PlaceDisinfected,
    WasteRemoved,
    WatchKept,
)
