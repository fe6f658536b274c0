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


@fact("funds.released", on="area unit", zh="拨付经费", en="Funds released")
class FundsReleased(FactData):
    """Money for one purpose has gone out to those who need it."""

    purpose: Code = Field(title="用途", description="What for, such as community-control or subsidy")
    amount: Count = Field(title="金额（元）", description="Amount, CNY")


KINDS = (StockCounted, CapacityReported, SupplyRequested, SupplyDelivered, FundsReleased)
