"""A small plan in a folder, whole and valid, to be broken one thing at a time."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any, Literal

import pytest
from pydantic import Field

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.facts import Fact, FactData, FactKinds, fact
from bulou.plan.load import load
from bulou.plan.models import Plan

Happened = Callable[..., Fact]
ROLES = ("village_committee", "township_clinic", "town_command", "cdc")

PLAN = """
plan: little
title: {zh: 小预案, en: Little plan}
source: 试〔2020〕1号
issued: 2020-02-01
area: "45"
"""
PARAMETERS = """
fever_threshold:
  title: {zh: 发热阈值, en: Fever threshold}
  unit: degC
  values:
    2020-01-01: {value: 37.3, reference: 试〔2020〕1号 一}
  last_verified: 2026-11-21
"""
CLAUSES = """
- clause: L-1
  cites: 试〔2020〕1号 二
  title: {zh: 早晚测体温, en: Temperature morning and evening}
  no_miss: isolation
  duties:
    - duty: twice-daily
      when: isolation.started
      until: isolation.ended
      every: {day: ["06:00/12:00", "16:00/22:00"]}
      must: temperature.read
      by: village_committee
      tell: [{after: PT2H, role: town_command}]
- clause: L-2
  cites: 试〔2020〕1号 三
  title: {zh: 发热就诊, en: Fever is seen}
  duties:
    - duty: fever-seen
      when: {fact: temperature.read, where: {celsius: {gte: $fever_threshold}}}
      within: PT2H
      must: medic.assessed
      by: township_clinic
"""


@fact("isolation.started", on="person", zh="开始隔离", en="Isolation started")
class Started(FactData):
    kind_: Literal["home", "central"] = Field(alias="kind")
    days: int | None = None


@fact("isolation.ended", on="person", zh="结束隔离", en="Isolation ended")
class Ended(FactData):
    reason: str | None = None


@fact("temperature.read", on="person", zh="测体温", en="Temperature read")
class Read(FactData):
    celsius: float
    method: str | None = None
    fine: bool | None = None


@fact("symptoms.reported", on="person", zh="症状", en="Symptoms reported")
class Symptoms(FactData):
    symptoms: list[Literal["fever", "cough", "fatigue"]]


@fact("medic.assessed", on="person", zh="医务人员查看", en="Seen by a medic")
class Assessed(FactData):
    finding: Literal["well", "refer", "suspect"] | None = None


@fact("response.level_set", on="area", zh="响应级别", en="Response level set")
class LevelSet(FactData):
    level: str


@fact("fact.withdrawn", on="person", zh="撤回", en="Withdrawn")
class Withdrawn(FactData):
    reason: str


@fact("duty.waived", on="person", zh="免除", en="Waived")
class Waived(FactData):
    duty: str
    opens_at: str
    reason: str
    approved_by: str


KINDS = FactKinds([Started, Ended, Read, Symptoms, Assessed, LevelSet, Withdrawn, Waived])


@pytest.fixture
def kinds() -> FactKinds:
    return KINDS


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Writes a plan's folder: the little plan, with files replaced or added. A file of None is left out."""

    def write(files: dict[str, str | None] | None = None, name: str = "little") -> Path:
        whole = {"plan.yaml": PLAN, "parameters.yaml": PARAMETERS, "clauses/1-all.yaml": CLAUSES} | (files or {})
        for file, text in whole.items():
            if text is not None:
                path = tmp_path / name / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
        return tmp_path / name

    return write


@pytest.fixture
def loaded(folder: Callable[..., Path]) -> Callable[..., Plan]:
    """The little plan with some files replaced, loaded."""

    def read(files: dict[str, str | None] | None = None) -> Plan:
        return load(folder(files), kinds=KINDS, roles=ROLES)

    return read


@pytest.fixture
def problems(loaded: Callable[..., Plan]) -> Callable[..., list[Problem]]:
    """What the loader finds wrong with the little plan when some of its files are replaced."""

    def find(files: dict[str, str | None] | None = None) -> list[Problem]:
        try:
            loaded(files)
        except BulouError as error:
            return list(error.problems)
        return []

    return find


@pytest.fixture
def complaint(problems: Callable[..., list[Problem]]) -> Callable[[str, str], str]:
    """The one complaint, in English, after a piece of the little plan is replaced by another."""

    def find(old: str, new: str) -> str:
        files = {"plan.yaml": PLAN, "parameters.yaml": PARAMETERS, "clauses/1-all.yaml": CLAUSES}
        changed = {file: text.replace(old, new, 1) for file, text in files.items() if old in text}
        assert len(changed) == 1, f"{old!r} is in {list(changed)}"
        return "\n".join(problem.to("en") for problem in problems(changed))

    return find


@pytest.fixture
def happened() -> Happened:
    """A fact about `person:a`; its instant is local time in Shanghai."""

    def make(id: str, kind: str, at: str, by: str | None = "u1", **data: Any) -> Fact:
        exact = {key: Decimal(str(value)) if isinstance(value, float) else value for key, value in data.items()}
        return Fact(id, kind, "person:a", "450102", datetime.fromisoformat(at + "+08:00"), by, exact)

    return make
