"""A county's plan beside the province's: it asks for temperatures three times a day, and within the hour for a file."""

from pathlib import Path
from typing import Any

from bulou.ledger import services as ledger
from bulou.ledger import shelf
from bulou.plan.rules import rules

COUNTY_PLAN = "county-2020"
HEADER = """
plan: county-2020
title: {zh: 本区细则, en: Rules of the county}
source: 区〔2020〕3号
issued: 2020-02-05
area: "120101"
"""
CLAUSES = """
- clause: CO-1
  cites: 区〔2020〕3号 一
  title: {zh: 一日三测, en: Three temperatures a day}
  no_miss: isolation
  duties:
    - duty: three-temperatures
      when: isolation.started
      until: isolation.ended
      every: {day: ["06:00/09:00", "11:00/14:00", "17:00/20:00"]}
      must: temperature.read
      by: village_committee
- clause: CO-2
  cites: 区〔2020〕3号 二
  title: {zh: 只在本区, en: Only here}
  duties:
    - duty: symptoms-asked
      when: isolation.started
      within: P30D
      must: symptoms.reported
      by: village_committee
"""


def county_shelf(plans: Path, folder: Path) -> Path:
    """A shelf with the Guangxi plan and the county's."""
    own = folder / COUNTY_PLAN
    (own / "clauses").mkdir(parents=True)
    (own / "plan.yaml").write_text(HEADER, "utf-8")
    (own / "clauses" / "1-all.yaml").write_text(CLAUSES, "utf-8")
    (folder / "guangxi-2020-9").symlink_to(plans / "guangxi-2020-9")
    if (plans.parent / "diseases").is_dir():
        (folder.parent / "diseases").symlink_to(plans.parent / "diseases")
    return folder


def adopt_county(settings: Any, folder: Path) -> None:
    """Put the county's plan in force over the county, beside what is in force already."""
    settings.PLANS = county_shelf(settings.BASE_DIR / "plans", folder)
    plan = shelf.plan(COUNTY_PLAN)
    assert plan
    ledger.adopt(rules(plan), area="120101")
    ledger.advance()
