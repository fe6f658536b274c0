"""Rows about people: read together into somebody, checked against their own number, brought on file."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from bulou.directory.crypto import vault
from bulou.directory.identity import mask_address, mask_phone, read_phone
from bulou.directory.models import IdKind
from bulou.directory.services import (
    Draft,
    NewHousehold,
    NewPerson,
    Taken,
    household_key,
    people_draft,
    people_take,
)
from bulou.exchange.imports.areas import AreaFinder
from bulou.exchange.imports.lines import Fate, Line
from bulou.exchange.imports.refusing import CellError, bad_cell
from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.ids import new_ids

HAN = re.compile(r"[㐀-鿿]")
_GUESSED = (
    (IdKind.HK_MACAU_PERMIT, re.compile(r"[HMhm]\d{8}(\d{2})?")),
    (IdKind.PASSPORT, re.compile(r"[A-Za-z]{1,2}\d{7,8}")),
)
"""What a number is the number of where nothing says so and it is no resident's."""
CLEAR = ("name", "sex", "birth_date", "nationality", "area")
"""What of a change is shown as it is; numbers and addresses are masked."""


class PeopleTaker:
    """People, in the area of a sender."""

    def __init__(self, area: str, *, synthetic: bool = False) -> None:
        self.area = area
        self.synthetic = synthetic
        self._areas = AreaFinder(area)

    def ahead(self, lines: list[Line]) -> None:
        """Draft the people of areas that were found before: most of a file, from its second chunk on."""
        known, ready = self._areas.known, []
        for line in lines:
            code = known.get(line.values.get("area", ""))
            if isinstance(code, str) and not line.problems:
                line.values["area"] = code
                ready.append(line)
        self.draft(ready)

    def prepare(self, lines: list[Line]) -> None:
        self.locate([line for line in lines if line.draft is None])
        self.draft([line for line in lines if not line.problems and line.draft is None])

    def take(self, lines: list[Line], *, apply: bool) -> list[Fate]:
        return [fate(taken, line.values) for taken, line in zip(self.bring(lines, apply=apply), lines, strict=True)]

    def locate(self, lines: Sequence[Line], *, required: bool = True) -> None:
        """Give each line the code of its area, or say why it has none."""
        found = self._areas.find({line.values["area"] for line in lines if line.values.get("area")})
        for line in lines:
            text = line.values.get("area")
            code = found[text] if text else ""
            if isinstance(code, CellError):
                line.problems.append(code.at("area"))
            elif code:
                line.values["area"] = code
            elif required and not any(problem.field == "area" for problem in line.problems):
                line.problems.append(NO_AREA)

    def draft(self, lines: Sequence[Line]) -> None:
        """Give each line its person and their key, or say why they cannot be read; their numbers sealed together."""
        read = [(line, self._read(line, id)) for line, id in zip(lines, new_ids(len(lines)), strict=True)]
        told = [(line, new) for line, new in read if new]
        for (line, new), made in zip(told, people_draft([new for _, new in told]), strict=True):
            if isinstance(made, BulouError):
                line.problems += made.problems
                if new.phone and not any(problem.field == "phone" for problem in made.problems):
                    line.problems += _wrong_phone(new.phone)
            elif _agrees(made, line, new):
                line.draft, line.key = made, made.key

    def _read(self, line: Line, id: UUID) -> NewPerson | None:
        """The person a line tells of; None, and why, where it contradicts itself."""
        values = line.values
        name = _name(values)
        birth_date = _birth_date(line)
        kind = values.get("id_kind") or _kind(values.get("id_number", ""))
        area, address = values["area"], values.get("address", "")
        if line.problems:
            return None
        return NewPerson(
            id=UUID(values["subject"].partition(":")[2]) if values.get("subject") else id,
            stated=bool(values.get("subject")),
            address=address,
            name=name,
            area=area,
            household=household_key(area, address) if address else None,
            sex=values.get("sex", ""),
            birth_date=birth_date,
            nationality=values.get("nationality", ""),
            id_kind=kind,
            id_number=values.get("id_number", ""),
            phone=values.get("phone", ""),
            synthetic=self.synthetic,
        )

    def bring(self, lines: Sequence[Line], *, apply: bool) -> list[Taken]:
        """Bring the people of lines on file, with the households they live in."""
        homes = {}
        for line in lines:
            address, id = line.values.get("address"), line.draft.household
            if address and id not in homes:
                homes[id] = NewHousehold(line.values["area"], address, self.synthetic, id)
        return people_take([line.draft for line in lines], area=self.area, apply=apply, homes=homes)


def fate(taken: Taken, values: Mapping[str, Any]) -> Fate:
    """What became of a row that is about a person alone."""
    return Fate(
        taken.outcome,
        subject=f"person:{taken.id}" if taken.id else "",
        person=taken.id,
        person_created=taken.outcome == "created",
        change=taken.change,
        shown=_shown(taken, values) if taken.change else None,
        problems=(taken.problem,) if taken.problem else (),
        like=taken.like,
    )


def _shown(taken: Taken, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    assert taken.change is not None and taken.id is not None
    shown: dict[str, tuple[Any, Any]] = {c: taken.change[c] for c in CLEAR if c in taken.change}
    if "phone" in taken.change:
        before, after = (_phone(side, taken.id) for side in taken.change["phone"])
        shown["phone"] = (before, after)
    if "household" in taken.change:
        shown["address"] = ("…" if taken.change["household"][0] else "", mask_address(str(values.get("address", ""))))
    return shown


def _phone(sealed: str | None, id: UUID) -> str:
    return mask_phone(vault().unseal(bytes.fromhex(sealed), id, "phone")) if sealed else ""


def _name(values: Mapping[str, Any]) -> str:
    """The name, put together where it came in two columns: Chinese names without a space, others given name first."""
    if name := values.get("name", ""):
        return str(name)
    family, given = values.get("family_name", ""), values.get("given_name", "")
    return f"{family}{given}" if HAN.search(f"{family}{given}") else f"{given} {family}".strip()


def _birth_date(line: Line) -> date | None:
    values = line.values
    born: date | None = values.get("birth_date")
    parts = [values.get(part) for part in ("birth_year", "birth_month", "birth_day")]
    if born is None and all(parts):
        try:
            return date(*(int(part) for part in parts if part))
        except ValueError:
            line.problems.append(
                bad_cell("date", "出生年月日不是日期。", "The date of birth does not exist.", "birth_day")
            )
    return born


def _kind(number: str) -> str:
    return next((kind for kind, form in _GUESSED if form.fullmatch(number)), IdKind.RESIDENT)


def _agrees(draft: Draft, line: Line, new: NewPerson) -> bool:
    """False, and why, where the row says otherwise of sex or birthday than its own identity number."""
    if draft.said_by_number is None:
        return True
    sex, born = draft.said_by_number
    if new.birth_date and born and new.birth_date != born:
        line.problems.append(_contradiction("birth_date", "出生日期", "date of birth", str(born)))
    if new.sex in ("male", "female") and sex and new.sex != sex:
        line.problems.append(_contradiction("sex", "性别", "sex", {"male": "男", "female": "女"}[sex]))
    return not line.problems


def _contradiction(field: str, zh: str, en: str, said: str) -> Problem:
    return bad_cell(
        "contradiction",
        f"{zh}与身份证号码不符（号码表示 {said}）。请核对哪一个抄错了。",
        f"The {en} is not the one the identity number states ({said}). Check which was mistaken.",
        field,
    )


def _wrong_phone(phone: str) -> tuple[Problem, ...]:
    """What is wrong with a phone too, so that a row comes back once."""
    try:
        read_phone(phone)
    except BulouError as error:
        return error.problems
    return ()


NO_AREA = bad_cell(
    "no_area",
    "缺少属地。请填区划代码或社区名称，或在导入时为所有行指定一个属地。",
    "The area is missing. Fill in its code or the community's name, or give one area for every row when importing.",
    "area",
)
