"""Rows that list households, places and units."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from bulou.directory.crypto import vault
from bulou.directory.models import Household, Place
from bulou.directory.scope import scope
from bulou.directory.services import (
    PHONE,
    ListedPlace,
    ListedUnit,
    NewHousehold,
    household_key,
    households_register,
    listed_key,
    places_take,
    units_take,
)
from bulou.exchange.imports import naming
from bulou.exchange.imports.happenings import Sender
from bulou.exchange.imports.kinds import Kind, kind
from bulou.exchange.imports.lines import Fate, Line
from bulou.exchange.imports.people import PeopleTaker
from bulou.exchange.imports.refusing import bad_cell
from bulou.kernel.ids import is_canonical


class ThingTaker(ABC):
    """What all lists of things share: an area for each row, and what a row cannot do without."""

    name = ""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.kind: Kind = kind(self.name)
        self._people = PeopleTaker(sender.area)

    def ahead(self, lines: list[Line]) -> None:  # noqa: B027 - nothing to do is what it does
        """These lists are short: nothing is made ready before."""

    def prepare(self, lines: list[Line]) -> None:
        self._people.locate(lines)
        naming.resolve(lines, self.kind, self.sender.area)
        for line in lines:
            told = {problem.field for problem in line.problems}
            for column in self.kind.columns:
                if column.required and column.field not in line.values and column.field not in told | {"area"}:
                    line.problems.append(
                        bad_cell(
                            "required", f"缺少“{column.title.zh}”。", f"{column.title.en} is missing.", column.field
                        )
                    )
        self.draft([line for line in lines if not line.problems])

    @abstractmethod
    def draft(self, lines: list[Line]) -> None:
        """Give each line its draft and key."""

    @abstractmethod
    def take(self, lines: list[Line], *, apply: bool) -> list[Fate]:
        """Bring the drafts onto the books."""


class HouseholdTaker(ThingTaker):
    """Households by their address."""

    name = "households"

    def draft(self, lines: list[Line]) -> None:
        known = self._known(line.values["household"] for line in lines if line.values.get("household"))
        for line in lines:
            values = line.values
            same = known.get(values.get("household", "")) == (values["area"], values["address"])
            line.key = UUID(values["household"]) if same else household_key(values["area"], values["address"])

    def _known(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Area and address of households on file, by id. One query."""
        with scope(self.sender.area):
            found = Household.objects.filter(id__in=list(ids)).exclude(address=None)
            return {str(one.id): (one.area_id, vault().unseal(one.address or b"", one.id, "address")) for one in found}

    def take(self, lines: list[Line], *, apply: bool) -> list[Fate]:
        ids = [line.key for line in lines if line.key]
        with scope(self.sender.area):
            known = set(Household.objects.filter(id__in=ids).values_list("id", flat=True))
            new = [
                NewHousehold(line.values["area"], line.values["address"], self.sender.synthetic, line.key)
                for line in lines
                if line.key and line.key not in known
            ]
            if apply and new:
                households_register(new)
        return [
            Fate("unchanged" if line.key in known else "created", subject=f"household:{line.key}") for line in lines
        ]


class PlaceTaker(ThingTaker):
    """Places, in places that are known or stand in the same file."""

    name = "places"

    def draft(self, lines: list[Line]) -> None:
        parents = self._parents({line.values["parent"] for line in lines if line.values.get("parent")})
        listed = {(line.values["area"], line.values["name"]) for line in lines}
        for line in lines:
            values = line.values
            parent = self._parent(values, parents, listed)
            if values.get("parent") and parent is None:
                line.problems.append(
                    bad_cell(
                        "parent",
                        f"没有“{values['parent'][:60]}”这个上级场所，或有几个同名。请先登记它，或写在同一个文件里。",
                        f"No single place {values['parent'][:60]!r} is known to lie in. Register it, or list it too.",
                        "parent",
                    )
                )
                continue
            unit = UUID(values["unit"].partition(":")[2]) if values.get("unit") else None
            line.draft = ListedPlace(
                values["area"], values["name"], values["kind"], parent, unit, self.sender.synthetic, _id(values)
            )
            line.key = line.draft.key

    def take(self, lines: list[Line], *, apply: bool) -> list[Fate]:
        with scope(self.sender.area):
            listed = places_take([line.draft for line in lines], apply=apply)
        return [_fate("place", *one) for one in listed]

    def _parents(self, names: Collection[str]) -> dict[str, list[tuple[UUID, str]]]:
        found: dict[str, list[tuple[UUID, str]]] = {}
        with scope(self.sender.area):
            for id, name, area in Place.objects.filter(name__in=names).values_list("id", "name", "area_id"):
                found.setdefault(name, []).append((id, area))
        return found

    def _parent(
        self, values: dict[str, Any], known: dict[str, list[tuple[UUID, str]]], listed: set[tuple[str, str]]
    ) -> UUID | None:
        name, area = values.get("parent", ""), values["area"]
        if name.startswith("place:") and is_canonical(name.removeprefix("place:")):
            return UUID(name.removeprefix("place:"))
        here = [id for id, where in known.get(name, []) if where == area] or [id for id, _ in known.get(name, [])]
        if not here and (area, name) in listed:
            return listed_key("place", area, name)
        return here[0] if len(here) == 1 else None


class UnitTaker(ThingTaker):
    """Units with their roles."""

    name = "units"

    def draft(self, lines: list[Line]) -> None:
        for line in lines:
            v = line.values
            if v.get("phone") and not PHONE.fullmatch(v["phone"]):
                line.problems.append(bad_cell("phone", "不是电话号码。", "This is no telephone number.", "phone"))
                continue
            line.draft = ListedUnit(
                v["area"],
                v["name"],
                tuple(v["roles"]),
                v.get("name_en", ""),
                v.get("phone", ""),
                self.sender.synthetic,
                _id(v),
            )
            line.key = line.draft.key

    def take(self, lines: list[Line], *, apply: bool) -> list[Fate]:
        with scope(self.sender.area):
            listed = units_take([line.draft for line in lines], apply=apply)
        return [_fate("unit", *one) for one in listed]


def _id(values: dict[str, Any]) -> UUID | None:
    return UUID(values["subject"].partition(":")[2]) if values.get("subject") else None


def _fate(what: str, outcome: Any, id: UUID, change: dict[str, tuple[Any, Any]]) -> Fate:
    return Fate(outcome, subject=f"{what}:{id}", change=change or None, shown=change or None)
