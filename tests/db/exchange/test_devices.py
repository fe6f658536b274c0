"""Readings of a thermometer that writes a file: they come in like any fact, and open what a reading opens."""

from collections.abc import Callable

from bulou.directory.models import Person
from bulou.exchange.imports.models import ImportBatch
from bulou.ledger import selectors as ledger
from bulou.ledger import services, shelf
from bulou.plan.rules import rules

from .conftest import VILLAGE, Rows, Scope, counts
from .test_happenings import facts

Bring = Callable[..., ImportBatch]
READINGS: Rows = [
    ["姓名", "手机号", "现住地编码", "发生时间", "体温（℃）", "测量方式", "设备"],
    ["演示甲", "19900000001", VILLAGE, "2020-02-10 08:00", "36.6", "forehead", "TH-0017"],
    ["演示甲", "19900000001", VILLAGE, "2020-02-10 11:30", "38.2", "forehead", "TH-0017"],
    ["演示乙", "19900000002", VILLAGE, "2020-02-10 08:05", "36.4", "forehead", "TH-0017"],
    ["演示乙", "19900000002", VILLAGE, "2020-02-10 08:10", "386", "forehead", "TH-0017"],
]


def test_a_device_brings_its_readings_and_a_fever_among_them_opens_the_medics_visit(bring: Bring, scope: Scope) -> None:
    plan = shelf.plan("guangxi-2020-9")
    assert plan
    services.adopt([rule for rule in rules(plan) if rule.id.endswith("abnormal-temperature-seen-by-medic")], area="12")

    batch = bring("temperature.read", READINGS)

    assert counts(batch) == (3, 0, 0, 1), "what no thermometer reads is refused, the rest is kept"
    with scope(""):
        found = facts("temperature.read")
        feverish = Person.objects.get(name="演示甲")
        duties = ledger.duties_of(f"person:{feverish.pk}")
    assert {data["device"] for *_, data in found} == {"TH-0017"}
    assert [row.must for row in duties] == ["medic.assessed"]


def test_the_same_file_again_changes_nothing(bring: Bring, scope: Scope) -> None:
    bring("temperature.read", READINGS)

    assert counts(bring("temperature.read", READINGS)) == (0, 0, 3, 1)
