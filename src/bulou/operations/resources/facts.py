"""Facts of resources: what there is, what is asked for, what has come."""

from pydantic import Field

from bulou.directory.facts import Code, Count, Ref
from bulou.kernel.facts import FactData, fact


class Item(FactData):
    """A thing and how many of it."""

    item: Code = Field(title="物项", description="Code of the thing, such as n95_mask or ventilator")
    quantity: Count = Field(title="数量", description="How many, in the unit of the item")


@fact("stock.counted", on="unit area", zh="库存盘点", en="Stock counted")
class StockCounted(Item):
    """What is on the shelf."""


@fact("capacity.reported", on="unit area", zh="能力上报", en="Capacity reported")
class CapacityReported(Item):
    """What a unit, or all units of an area together, can bring to bear."""

    in_use: Count | None = Field(None, title="在用", description="How many of them are taken now")


@fact("supply.requested", on="unit", zh="物资申请", en="Supply requested")
class SupplyRequested(Item):
    """A unit asks for supplies."""


@fact("supply.delivered", on="unit", zh="物资送达", en="Supply delivered")
class SupplyDelivered(Item):
    """Supplies have arrived at a unit."""

    from_: Ref | None = Field(None, alias="from", title="来源", description="Unit that sent them")


KINDS = (StockCounted, CapacityReported, SupplyRequested, SupplyDelivered)
