"""Facts about who and what is on the books: people, places and the roles units take on.

Every field carries its label in Chinese (`title`) and its meaning and unit in English (`description`);
the field types here serve the facts of every room above.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from bulou.kernel.facts import FactData, fact
from bulou.kernel.periods import parse_period


def _period(text: str) -> str:
    parse_period(text)
    return text


Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,59}$")]
"""A word of a vocabulary: lower-case letters, digits, `_` and `-`."""
Ref = Annotated[str, Field(min_length=1, max_length=120)]
"""The id of a unit, place, person, episode or fact."""
Words = Annotated[str, Field(min_length=1, max_length=2000)]
"""Free text, not blank."""
Count = Annotated[int, Field(ge=0, le=100_000_000)]
Days = Annotated[int, Field(ge=0, le=3650)]
AreaCode = Annotated[str, Field(pattern=r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}|\d{15})$")]
Period = Annotated[str, AfterValidator(_period)]
"""An ISO 8601 period of fixed length, such as PT2H."""
Celsius = Annotated[float, Field(ge=30, le=45)]


@fact("person.enrolled", on="person", zh="纳管", en="Person enrolled")
class PersonEnrolled(FactData):
    """A person enters a key-population category and comes under management."""

    category: Code = Field(title="类别", description="Key-population category, such as close_contact or arrival")
    reason: Words | None = Field(None, title="原因", description="Why the person belongs to the category")
    ref: Ref | None = Field(None, title="依据", description="The fact or episode that is the ground for it")


@fact("person.withdrawn", on="person", zh="解除纳管", en="Person withdrawn")
class PersonWithdrawn(FactData):
    """A person leaves a category."""

    category: Code | None = Field(None, title="类别", description="The category left; all of them where absent")
    reason: Words | None = Field(None, title="原因", description="Why management ends")
    ref: Ref | None = Field(None, title="依据", description="The fact or episode that is the ground for it")


@fact("person.erased", on="person", zh="个人信息已删除", en="Personal data erased")
class PersonErased(FactData):
    """Who the person is was taken out of every record; what happened stays, about nobody."""

    ground: Literal["retention", "request"] = Field(
        title="依据", description="The time of keeping is over, or the law gave a claim to it"
    )


@fact("place.registered", on="place", zh="场所登记", en="Place registered")
class PlaceRegistered(FactData):
    """A place comes onto the books: a household, school, market, hotel, ward."""

    kind_: Code = Field(
        alias="kind", title="场所类型", description="Kind of place, such as household, school or market"
    )
    parent: Ref | None = Field(None, title="上级场所", description="The place this one lies in")


@fact("place.retired", on="place", zh="场所注销", en="Place retired")
class PlaceRetired(FactData):
    """A place leaves the books."""

    kind_: Code | None = Field(None, alias="kind", title="场所类型", description="Kind of place")
    reason: Words | None = Field(None, title="原因", description="Why it is retired")


@fact("unit.designated", on="unit", zh="单位承担职责", en="Unit designated")
class UnitDesignated(FactData):
    """A unit takes on a role for the response: a hospital is designated, a hotel becomes an isolation site."""

    role: Code = Field(title="职责", description="The role taken on, a name of the role vocabulary")
    capacity: Count | None = Field(None, title="容量", description="Persons or beds it can take")
    reason: Words | None = Field(None, title="依据", description="The decision that designates it")


@fact("unit.released", on="unit", zh="单位解除职责", en="Unit released")
class UnitReleased(FactData):
    """A unit lays the role down again."""

    role: Code = Field(title="职责", description="The role laid down")
    reason: Words | None = Field(None, title="原因", description="Why it is released")


KINDS = (
    PersonEnrolled,
    PersonWithdrawn,
    PersonErased,
    PlaceRegistered,
    PlaceRetired,
    UnitDesignated,
    UnitReleased,
)
