"""The words of a plan as types: each checks itself while it is read."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from bulou.plan.conditions import where
from bulou.plan.parameters import Bilingual, Line, Scalar
from bulou.plan.vocabulary import known_kind, known_role
from bulou.plan.words import (
    area_code,
    days,
    name,
    parameter_or_scalar,
    period,
    positive_period,
    qualified_name,
    slots,
    zone_name,
)

LevelName = Literal["IV", "III", "II", "I"]
NoMiss = Literal["screening", "isolation", "monitoring", "treatment", "control"]

Kind = Annotated[str, AfterValidator(known_kind)]
Role = Annotated[str, AfterValidator(known_role)]
Name = Annotated[str, AfterValidator(name)]
Period = Annotated[str, AfterValidator(period)]
PositivePeriod = Annotated[str, AfterValidator(positive_period)]
Where = Annotated[dict[str, Any], AfterValidator(where)]
Slots = Annotated[list[str] | str, AfterValidator(slots)]
Days = Annotated[list[int | str] | str, AfterValidator(days)]
Words = Line | Bilingual
ParameterOrScalar = Annotated[Scalar, AfterValidator(parameter_or_scalar)]
AreaCode = Annotated[str, AfterValidator(area_code)]
QualifiedName = Annotated[str, AfterValidator(qualified_name)]
ZoneName = Annotated[str, AfterValidator(zone_name)]
