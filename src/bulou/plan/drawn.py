"""What a plan draws from the profile of its disease: each parameter with the values of the disease in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bulou.kernel.errors import Problem
from bulou.kernel.text import Text
from bulou.plan.disease_names import NAMES
from bulou.plan.diseases import Profile, Published
from bulou.plan.parameters import TIME_UNITS, Parameter, Value, period
from bulou.plan.vocabulary import nearest

if TYPE_CHECKING:
    from bulou.plan.models import Plan


class DrawnValue(Value):
    """A value that comes from the profile of the disease, not from the plan."""


class NotDrawnError(ValueError):
    """A parameter that cannot take its number from the profile: why, and what to do."""

    def __init__(self, code: str, text: Text, remedy: Text | None = None) -> None:
        self.code, self.text, self.remedy = code, text, remedy
        super().__init__(text.en)


@dataclass(frozen=True)
class Drawn:
    """A parameter that is a number of the disease: its name in the plan and in the profile, what is in force on a
    day, and whether the plan itself sets it (`own`). `value` is None where the disease has no such number."""

    parameter: str
    name: str
    times: int
    title: Text
    unit: str
    value: object
    since: date | None
    reference: str
    own: bool


def settle(parameter: Parameter, disease: str | None, profile: Profile | None) -> Parameter:
    """The parameter with the values that hold for a disease: the plan's own, or else those of the profile.

    Without any `values` the disease has no such number: what rests on it opens nothing. NotDrawnError where the
    profile is absent or its number does not fit.
    """
    own = {day: value for day, value in parameter.values.items() if value.disease in (None, disease)}
    if parameter.profile and profile and parameter.profile not in profile.known:
        text = Text(
            zh=f"病种档案 {profile.id} 没有 {parameter.profile}。",
            en=f"The profile {profile.id} has no {parameter.profile}.",
        )
        raise NotDrawnError("unknown_number", text, nearest(parameter.profile, NAMES))
    if parameter.profile is None or own:
        return parameter if len(own) == len(parameter.values) else parameter.model_copy(update={"values": own})
    if profile is None:
        raise NotDrawnError(
            "no_disease",
            Text(
                zh="这个数取自病种档案，却没有可用的档案。",
                en="It is a number of the disease, and there is no profile.",
            ),
            Text(
                zh="请在 plan.yaml 写 disease，档案放在 plans 旁的 diseases/。",
                en="Name the disease in plan.yaml; profiles lie in diseases/ beside plans/.",
            ),
        )
    values = dict(_values(parameter, profile))
    return parameter.model_copy(
        update={
            "values": values,
            "last_verified": profile.verified(parameter.profile),
            "reason": _reason(parameter, profile),
        }
    )


def drawn(plan: "Plan", day: date) -> Iterator[Drawn]:
    """Every parameter of a plan that is a number of its disease, with the value in force on a day."""
    for name, parameter in plan.parameters.items():
        if parameter.profile is None:
            continue
        starts = [start for start in parameter.values if start <= day]
        since = max(starts, default=None)
        found = parameter.values[since] if since else None
        yield Drawn(
            name,
            parameter.profile,
            parameter.times,
            parameter.title,
            parameter.unit,
            found.value if found else None,
            since,
            found.reference if found else "",
            own=found is not None and not isinstance(found, DrawnValue),
        )


def unnumbered(plan: "Plan") -> Iterator[Problem]:
    """Doubts: numbers its disease does not have, or has only from a day after the plan was issued."""
    for name, parameter in plan.parameters.items():
        since = min(parameter.values, default=None)
        if parameter.profile is None or (since and since <= plan.issued):
            continue
        asked = f"{plan.disease}: {parameter.profile}"
        if since is None:
            text = Text(
                zh=f"{asked} 没有数；以它为期限的责任不会触发。",
                en=f"{asked} has no number: what rests on it opens nothing.",
            )
            remedy = Text(zh="若仍要求，请在 values 里自设。", en="Set a value of your own where it is still asked.")
            yield Problem("no_number", text, remedy, "parameters.yaml", name)
        else:
            text = Text(
                zh=f"{asked} 自 {since} 起才有数，早于此的事实不触发。",
                en=f"{asked} has a number from {since}; earlier facts open nothing.",
            )
            yield Problem("number_from", text, None, "parameters.yaml", name)


def _values(parameter: Parameter, profile: Profile) -> Iterator[tuple[date, Value]]:
    assert parameter.profile is not None
    known, unit = profile.known[parameter.profile], profile.unit_of(parameter.profile)
    for day, published in known.values.items():
        if published.value is not None:
            value = _converted(_multiplied(published, parameter.times), unit, parameter.unit)
            yield day, DrawnValue(value=value, reference=published.reference, disease=profile.id)


def _multiplied(published: Published, times: int) -> Any:
    if times == 1:
        return published.value
    if isinstance(published.value, bool) or not isinstance(published.value, int | Decimal):
        text = Text(
            zh=f"{published.value!r} 不能乘以 {times}。", en=f"{published.value!r} cannot be taken {times} times."
        )
        raise NotDrawnError("not_a_number", text)
    return published.value * times


def _converted(value: Any, unit: str, wanted: str) -> Any:
    """A value in the unit a plan counts in: the same, another unit of time, or a period."""
    if unit == wanted:
        return value
    if unit in TIME_UNITS and isinstance(value, int | Decimal) and not isinstance(value, bool):
        span = period(value, unit)
        if wanted == "period":
            return _iso(span)
        if wanted in TIME_UNITS:
            number = Decimal(span // timedelta(seconds=1)) / Decimal(TIME_UNITS[wanted] // timedelta(seconds=1))
            return int(number) if number == int(number) else number
    text = Text(
        zh=f"参数的单位是 {wanted}，病种档案里是 {unit}。",
        en=f"It is counted in {wanted}, and in the profile in {unit}.",
    )
    raise NotDrawnError("other_unit", text, Text(zh="请用同一单位。", en="Use the same unit."))


def _iso(span: timedelta) -> str:
    """A length of time as ISO 8601 text, in days where it is whole days."""
    days, rest = divmod(span, timedelta(days=1))
    return (
        f"P{days}D"
        if not rest
        else f"PT{span // timedelta(seconds=1)}S"
        if rest % timedelta(hours=1)
        else (f"PT{span // timedelta(hours=1)}H")
    )


def _reason(parameter: Parameter, profile: Profile) -> Text:
    """Where the number is from, after the plan's own word on it; one about another disease's number is left out."""
    name = parameter.profile or ""
    title, said = profile.title_of(name), profile.known[name].reason
    times = f" × {parameter.times}" if parameter.times > 1 else ""
    ours = parameter.reason if isinstance(parameter.reason, Text) and not parameter.values else Text(zh="", en="")
    zh = f"取自病种档案“{profile.title.zh}”：{title.zh}{times}。{said.zh if said else ''}"
    en = f"From the disease profile {profile.title.en}: {title.en}{times}. {said.en if said else ''}"
    return Text(zh=ours.zh + zh, en=f"{ours.en} {en}".strip())
