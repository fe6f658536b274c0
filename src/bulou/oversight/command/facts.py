"""Facts of command: directives from issue to proof, and the groups and mechanisms that carry them."""

from pydantic import Field

from bulou.directory.facts import Code, Count, Period, Ref, Words
from bulou.kernel.facts import FactData, fact


class Directive(FactData):
    """An order of the command post to a unit."""

    to: Ref | None = Field(None, title="承办单位", description="Unit that must act")
    within: Period | None = Field(None, title="时限", description="ISO 8601 period such as PT2H")
    words: Words | None = Field(None, title="内容", description="What is ordered, or what was done")


@fact("directive.issued", on="directive", zh="下达指令", en="Directive issued")
class DirectiveIssued(Directive):
    """The order is given."""


@fact("directive.acknowledged", on="directive", zh="签收指令", en="Directive acknowledged")
class DirectiveAcknowledged(Directive):
    """The unit has read it."""


@fact("directive.done", on="directive", zh="办结指令", en="Directive done")
class DirectiveDone(Directive):
    """The unit says it is done."""


@fact("directive.verified", on="directive", zh="核验指令", en="Directive verified")
class DirectiveVerified(Directive):
    """Somebody else has seen that it is done."""


@fact("group.formed", on="area unit", zh="工作组成立", en="Group formed")
class GroupFormed(FactData):
    """A work group exists, with a lead and members."""

    group: Code = Field(title="工作组", description="The group's id in its plan")
    lead: Words | None = Field(None, title="组长", description="Who leads it")
    members: Count | None = Field(None, title="人数", description="Members, count")
    from_units: tuple[Code, ...] = Field((), title="成员来源", description="Roles its members come from")


@fact("group.staffed", on="area unit", zh="工作组配强", en="Group staffed")
class GroupStaffed(FactData):
    """The staff of a group was measured against its need."""

    group: Code = Field(title="工作组", description="The group's id in its plan")
    staff: Count = Field(title="在岗人数", description="Staff at work, count")
    short: Count = Field(title="缺额", description="Posts still empty, count")


@fact("mechanism.set", on="area unit", zh="建立机制", en="Mechanism set")
class MechanismSet(FactData):
    """A standing arrangement between units is agreed and known to them."""

    mechanism: Code = Field(title="机制", description="Which arrangement, such as transfer_area")
    partners: tuple[Ref, ...] = Field((), title="参与单位", description="Units that take part")
    words: Words | None = Field(None, title="要点", description="What was agreed, or where it is kept")


@fact("guideline.received", on="area unit", zh="上级方案下发", en="Guideline received")
class GuidelineReceived(FactData):
    """An edition of a protocol or plan from above has come, which ours must follow."""

    guideline: Code = Field(title="文件", description="Which one, such as national-control or national-treatment")
    words: Words | None = Field(None, title="版本", description="Number and edition")


KINDS = (
    DirectiveIssued,
    DirectiveAcknowledged,
    DirectiveDone,
    DirectiveVerified,
    GroupFormed,
    GroupStaffed,
    MechanismSet,
    GuidelineReceived,
)
