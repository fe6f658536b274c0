"""The fact kinds are a contract: names, rooms, subjects and the fields rules read."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from pydantic import ValidationError

from bulou.config.rooms import ROOMS, fact_kinds
from bulou.kernel.ids import SUBJECT_TYPES

CONTRACT = """
directory person.enrolled person: category reason ref
directory person.withdrawn person: category reason ref
directory place.registered place: kind
directory place.retired place: kind
screening household.visited place: present expected symptomatic
screening arrival.declared person: from_area risk mode vehicle celsius
screening arrival.checked person: from_area risk mode vehicle celsius
isolation isolation.ordered person: kind grounds days
isolation isolation.started person: kind place
isolation isolation.ended person: reason
isolation isolation.extended person: days
isolation room.cleaned place: kind
monitoring temperature.read person: celsius method
monitoring symptoms.reported person: symptoms
monitoring medic.assessed person: finding
monitoring fever_clinic.visited person: triage exposure_history
testing specimen.collected person,tube: risk
testing specimen.received person,tube: risk
testing specimen.resulted person,tube: risk result assay ct
tracing investigation.started episode:
tracing investigation.completed episode:
tracing contact.identified person: degree episode last_exposure
tracing exposure.identified place: episode from to
treatment episode.suspected episode: disease person severity origin case_no onset_on source_text links
treatment episode.confirmed episode: disease person severity origin case_no onset_on source_text links
treatment episode.asymptomatic episode: disease person severity origin
treatment episode.excluded episode: disease person
treatment episode.reported episode: system
treatment episode.isolated episode: unit ward bed
treatment episode.admitted episode: unit ward bed
treatment severity.changed episode: severity
treatment expert.consulted episode: advice
treatment episode.discharged episode: outcome
treatment episode.died episode: outcome
treatment convalescent.visited episode: outcome
custody handover.requested person: from to vehicle
custody handover.accepted person: from to vehicle
custody handover.departed person: from to vehicle
custody handover.received person: from to vehicle
custody handover.settled person: from to vehicle
custody handover.refused person: from to reason
custody handover.cancelled person: from to reason
control zone.set zone: unit_kind measures
control zone.adjusted zone: unit_kind measures
control zone.lifted zone:
control place.closed place: reason
control place.reopened place: reason
control place.disinfected place: kind
institutions checklist.completed place,unit: checklist failed
institutions zero_report.filed place,unit: count
response response.assessed area: level grounds
response response.proposed area: level grounds
response response.approved area: level grounds
response response.level_set area: level grounds
response response.filed area: level grounds
command directive.issued directive: to within
command directive.acknowledged directive: to within
command directive.done directive: to within
command directive.verified directive: to within
reporting report.filed unit,area: report
reporting bulletin.published unit,area: report
supervision inspection.made place,unit,finding: clause within
supervision finding.raised place,unit,finding: clause within
supervision finding.rectified place,unit,finding: clause within
supervision finding.verified place,unit,finding: clause within
resources stock.counted unit: item quantity
resources capacity.reported unit: item quantity
resources supply.requested unit: item quantity
resources supply.delivered unit: item quantity
support help.requested person,area: need
support help.answered person,area: need
support help.closed person,area: need
support notice.published person,area: need
ledger fact.withdrawn person,place,unit,area,episode,zone,tube,directive,finding: reason approved_by
ledger duty.waived person,place,unit,area,episode,zone,tube,directive,finding: duty opens_at reason approved_by
ledger waiver.requested person,place,unit,area,episode,zone,tube,directive,finding: duty opens_at reason
""".strip().splitlines()


def parse(row: str) -> tuple[str, str, set[str], set[str]]:
    head, _, fields = row.partition(":")
    room, kind, subjects = head.split()
    return room, kind, set(subjects.split(",")), set(fields.split())


@pytest.mark.parametrize("row", CONTRACT, ids=lambda row: row.split()[1])
def test_a_core_kind_lives_in_its_room_with_its_subjects_and_fields(row: str) -> None:
    room, kind, subjects, fields = parse(row)

    data = fact_kinds()[kind]

    assert data.__module__.split(".")[-2] == room
    assert subjects <= data.on
    assert fields <= fact_kinds().fields(kind)


@pytest.mark.parametrize("kind", sorted(fact_kinds()))
def test_a_kind_says_in_both_languages_what_it_and_each_field_mean(kind: str) -> None:
    data = fact_kinds()[kind]

    assert data.title.zh and data.title.en and data.__doc__
    for name, field in data.model_fields.items():
        assert field.title and field.title.strip(), name
        assert field.description and field.description[0].isupper(), name


@pytest.mark.parametrize("kind", sorted(fact_kinds()))
def test_a_kind_is_about_known_subjects(kind: str) -> None:
    assert fact_kinds()[kind].on
    assert fact_kinds()[kind].on <= SUBJECT_TYPES


def test_every_room_with_facts_lists_them_and_nothing_is_listed_twice() -> None:
    listed = [data for room in ROOMS if find_spec(f"{room}.facts") for data in import_module(f"{room}.facts").KINDS]

    assert len({data.kind for data in listed}) == len(listed) == len(fact_kinds())


def test_a_room_above_comes_before_the_room_below() -> None:
    assert ROOMS.index("bulou.oversight.command") < ROOMS.index("bulou.no_miss.screening")
    assert ROOMS.index("bulou.no_miss.control") < ROOMS.index("bulou.operations.testing")
    assert ROOMS.index("bulou.operations.support") < ROOMS.index("bulou.ledger") < ROOMS.index("bulou.custody")
    assert ROOMS[-1] == "bulou.directory"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("temperature.read", {"celsius": 99}),
        ("temperature.read", {"celsius": 36.6, "mood": "good"}),
        ("isolation.started", {"kind": "hotel"}),
        ("paper.handed_over", {"outcome": "signed"}),
        ("paper.handed_over", {"paper": "0197a000-0000-7000-8000-000000000001", "outcome": "sung"}),
        ("household.visited", {"present": -1}),
        ("response.level_set", {"level": "V"}),
        ("directive.issued", {"within": "soon"}),
        ("contact.identified", {"degree": "distant"}),
        ("person.enrolled", {"category": "Close Contact"}),
        ("duty.waived", {"duty": "p/d", "opens_at": "2020-02-01T00:00:00+08:00"}),
        ("entry.checked", {"persons": 12}),
        ("health_code.updated", {"colour": "blue"}),
        ("risk.graded", {"risk": "severe"}),
        ("risk.assessed", {"topic": "spread"}),
        ("measures.reviewed", {"scope": "strategy", "outcome": "better"}),
        ("scheme.filed", {"scheme": "School plan"}),
        ("finding.escalated", {"ground": "late"}),
        ("accountability.decided", {}),
    ],
)
def test_data_out_of_range_or_unknown_are_refused(kind: str, data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        fact_kinds()[kind].model_validate(data)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("temperature.read", {"celsius": 37.3, "method": "axillary"}),
        ("isolation.started", {"kind": "home"}),
        ("paper.handed_over", {"paper": "0197a000-0000-7000-8000-000000000001", "outcome": "refused_to_sign"}),
        ("exposure.identified", {"from": "2020-02-01T08:00:00+08:00", "to": "2020-02-01T09:00:00+08:00"}),
        ("handover.requested", {"from": "unit:a", "to": "unit:b"}),
        ("register.reported", {"register": "key_population", "persons": 3}),
        ("directive.issued", {"to": "unit:a", "within": "PT2H"}),
        ("entry.checked", {"persons": 9, "feverish": 0, "temperature": True, "direction": "out"}),
        ("health_code.updated", {"colour": "yellow", "reason": "category"}),
        ("result.reported", {"to": "unit:a"}),
        ("observation.started", {"setting": "station"}),
        ("risk.graded", {"risk": "medium"}),
        ("risk.assessed", {"topic": "cross_infection", "risk": "high"}),
        ("measures.reviewed", {"scope": "community", "outcome": "relaxed"}),
        ("scheme.filed", {"scheme": "school-control", "elements": ["triage"]}),
        ("school.opened", {"grades": ["grade-9"], "pupils": 300}),
        ("school.closed", {"reason": "暑假"}),
        ("inspection.made", {"clause": "SY-16.b", "passed": True}),
        ("finding.escalated", {"ground": "dereliction"}),
        ("accountability.decided", {"measure": "none"}),
        ("investigation.completed", {"open_leads": 0}),
        (
            "episode.confirmed",
            {
                "disease": "covid-19-2020",
                "person": "person:a",
                "onset_on": "2020-01-24",
                "links": [{"episode": "episode:b", "relation": "family"}],
            },
        ),
    ],
)
def test_data_go_in_and_come_out_by_the_same_names(kind: str, data: dict[str, Any]) -> None:
    read = fact_kinds()[kind].model_validate(data)

    assert read.model_dump(mode="json", by_alias=True, exclude_unset=True).keys() == data.keys()
