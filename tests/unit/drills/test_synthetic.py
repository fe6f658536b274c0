"""The demonstration as a whole: valid, plausible, and with misses in all five."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bulou.directory.identity import read_id, read_phone
from bulou.kernel.clock import SHANGHAI
from bulou.kernel.ids import parse_subject
from bulou.oversight.drills.synthetic import END, START
from bulou.oversight.drills.synthetic.units import UNSTAFFED, Owners
from bulou.plan.evaluate import ledger

AT = datetime(2020, 2, 10, 10, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def lines(demo, guangxi):
    return ledger(guangxi, demo.facts, AT)


@pytest.fixture(scope="module")
def by_kind(demo):
    found = defaultdict(list)
    for fact in demo.facts:
        found[fact.kind].append(fact)
    return found


def test_it_has_the_size_of_a_city_s_outbreak(demo):
    assert 1_500 <= len(demo.people) <= 3_000
    assert 30_000 <= len(demo.facts) <= 90_000


def test_every_fact_is_valid_for_its_kind(demo, kinds):
    for fact in demo.facts:
        kinds[fact.kind].model_validate(dict(fact.data))
        assert parse_subject(fact.subject).type in kinds[fact.kind].on


def test_every_fact_lies_in_tianjin_and_in_the_time_of_the_demonstration(demo):
    assert all(fact.area.startswith("12") and START <= fact.at < END for fact in demo.facts)


def test_ids_are_unique_and_of_version_7_and_facts_in_order(demo):
    ids = [fact.id for fact in demo.facts]

    assert len(set(ids)) == len(ids)
    told = [fact.id for fact in demo.facts if fact.kind != "isolation.expiring"]
    assert all(UUID(id).version == 7 for id in told)
    assert [(f.at, f.id) for f in demo.facts] == sorted((f.at, f.id) for f in demo.facts)


def test_every_subject_is_on_the_books(demo):
    known = {person.subject for person in demo.people} | {place.subject for place in demo.places}
    known |= {f"unit:{unit.id}" for unit in demo.units}

    named = {fact.subject for fact in demo.facts if fact.subject.split(":")[0] in ("person", "place", "unit")}
    assert named <= known


def test_every_recorder_is_a_unit_or_the_person_themselves(demo):
    others = {fact.by for fact in demo.facts if fact.by and fact.by != fact.subject}
    assert others <= {f"unit:{unit.id}" for unit in demo.units}


def test_every_identity_number_is_valid_and_says_the_birthday_and_sex_of_its_person(demo):
    for person in demo.people:
        identity = read_id("resident", person.id_number)
        assert (identity.birth_date, identity.sex) == (person.birth_date, person.sex)
        assert person.id_number[14:17] in ("996", "997", "998", "999")


def test_numbers_and_phones_are_valid_and_shared_by_nobody(demo):
    assert len({person.id_number for person in demo.people}) == len(demo.people)
    assert len({read_phone(person.phone) for person in demo.people}) == len(demo.people)


def test_people_live_in_households_of_their_own_grid(demo):
    areas = {household.id: household.area for household in demo.households}

    assert all(areas[person.household] == person.area for person in demo.people)
    assert {household.area for household in demo.households} <= {grid.code for grid in demo.grids}


def test_the_135_cases_are_confirmed_on_the_days_of_the_list(by_kind, cases):
    confirmed = {fact.data["case_no"]: fact for fact in by_kind["episode.confirmed"]}

    assert len(confirmed) == 135
    for case in cases:
        fact = confirmed[case.name]
        assert fact.at.astimezone(SHANGHAI).date() == case.confirmed
        assert fact.data.get("onset_on") == (str(case.onset) if case.onset else None)
        assert fact.data["origin"] == case.origin


def test_no_case_is_invented(by_kind, cases):
    assert (
        len({fact.subject for kind in by_kind for fact in by_kind[kind] if fact.subject.startswith("episode:")}) == 135
    )


def test_the_links_of_the_list_lead_to_episodes(by_kind, cases):
    name_of = {fact.subject: fact.data["case_no"] for fact in by_kind["episode.confirmed"]}
    linked = {
        (name_of[fact.subject], name_of[link["episode"]])
        for fact in by_kind["episode.confirmed"]
        for link in fact.data.get("links", ())
    }

    assert linked == {(case.name, f"TJ{link.to}") for case in cases for link in case.links}


def test_the_three_deaths_are_on_the_days_of_the_list(by_kind, cases):
    assert [fact.at.astimezone(SHANGHAI).date() for fact in by_kind["episode.died"]] == sorted(
        case.died for case in cases if case.died
    )


def test_the_age_and_sex_of_a_case_are_those_of_its_person(demo, by_kind, cases):
    people = {person.subject: person for person in demo.people}
    listed = {case.name: case for case in cases}

    for fact in by_kind["episode.confirmed"]:
        person, case = people[fact.data["person"]], listed[fact.data["case_no"]]
        assert person.sex == {"F": "female", "M": "male"}[case.sex]
        assert 2020 - person.birth_date.year - case.age in (0, 1)


def test_the_mall_s_cases_live_in_baodi(demo, by_kind, cases):
    areas = {fact.data["case_no"]: fact.area for fact in by_kind["episode.confirmed"]}

    assert all(areas[case.name].startswith("120115") for case in cases if case.cluster == "mall")
    assert {area[:6] for area in areas.values()} > {"120115"}


def test_couples_of_the_list_live_under_one_roof(demo, by_kind, cases):
    homes = {person.subject: person.household for person in demo.people}
    home = {fact.data["case_no"]: homes[fact.data["person"]] for fact in by_kind["episode.confirmed"]}
    couples = [(case.name, f"TJ{link.to}") for case in cases for link in case.links if link.relation == "wife"]

    assert couples
    assert all(home[one] == home[other] for one, other in couples)


def test_nobody_leaves_an_isolation_they_never_began(by_kind):
    started = {fact.subject: fact.at for fact in reversed(by_kind["isolation.started"])}

    assert all(started[fact.subject] < fact.at for fact in by_kind["isolation.ended"])


def test_nobody_is_measured_at_home_once_in_hospital(by_kind):
    suspected = {f.data["person"]: f.at for f in by_kind["episode.suspected"] if f.data.get("case_no")}

    assert all(fact.at <= suspected.get(fact.subject, END) for fact in by_kind["temperature.read"])


def test_every_discharge_follows_an_assessment_and_the_experts_consent_within_a_day(by_kind):
    consents = defaultdict(list)
    for fact in (*by_kind["discharge.assessed"], *by_kind["expert.consulted"]):
        if fact.data.get("conclusion", "discharge") == "discharge":
            consents[fact.kind, fact.subject].append(fact.at)

    assert by_kind["episode.discharged"]
    for left in by_kind["episode.discharged"]:
        for kind in ("discharge.assessed", "expert.consulted"):
            assert any(left.at - timedelta(days=1) <= at <= left.at for at in consents[kind, left.subject])


def test_every_stay_that_is_completed_was_assessed_first(by_kind):
    assessed = defaultdict(list)
    for fact in by_kind["release.assessed"]:
        assessed[fact.subject].append(fact.at)

    assert by_kind["isolation.ended"]
    for fact in by_kind["isolation.ended"]:
        assert any(fact.at - timedelta(days=1) <= at <= fact.at for at in assessed[fact.subject])


def test_three_to_six_in_a_hundred_duties_are_missed(lines):
    states = Counter(line.state for line in lines)

    assert 0.03 <= states["missed"] / len(lines) <= 0.06
    assert states["met"] / len(lines) > 0.8


def test_something_is_missed_in_each_of_the_five(lines, guangxi):
    no_miss = {rule.id: rule.no_miss for rule in guangxi}
    missed = Counter(no_miss[line.duty] for line in lines if line.state == "missed")

    assert all(missed[name] >= 5 for name in ("screening", "isolation", "monitoring", "treatment", "control"))


def test_every_duty_of_the_plan_arises_but_for_infections_without_symptoms(lines, guangxi):
    never = {rule.id for rule in guangxi} - {line.duty for line in lines}

    assert never == {"guangxi-2020-9/asymptomatic-infection-reported"}


def test_every_state_but_none_other_is_to_be_seen(lines):
    assert {line.state for line in lines} == {"open", "met", "late", "missed", "void", "waived"}


def test_a_handful_of_duties_is_owned_by_nobody_and_those_on_purpose(demo, lines, guangxi):
    owners, role_of = Owners(demo.units), {rule.id: rule.role for rule in guangxi}
    unowned = [line for line in lines if owners.of(role_of[line.duty], line.area) is None]

    assert 5 <= sum(line.state in ("open", "missed") for line in unowned) <= 60
    assert {role_of[line.duty] for line in unowned} == {*UNSTAFFED.values(), "police_station"}


def test_there_is_one_account_for_each_role_that_is_held(demo):
    roles = {unit.id: unit.roles for unit in demo.units}

    assert len({account.role for account in demo.accounts}) == len(demo.accounts)
    assert {role for unit in demo.units for role in unit.roles} == {account.role for account in demo.accounts}
    assert all(account.role in roles[account.unit] for account in demo.accounts)


def test_some_readings_were_mistyped_and_replaced(demo):
    by_id = {fact.id: fact for fact in demo.facts}
    corrections = [fact for fact in demo.facts if fact.supersedes]

    assert corrections
    assert all(by_id[fact.supersedes].kind == fact.kind == "temperature.read" for fact in corrections)


def test_facts_wait_after_the_usual_clock(demo):
    assert sum(fact.at > AT for fact in demo.facts) > 10_000


def test_every_unit_has_an_invented_number_of_its_own(demo):
    numbers = [unit.phone for unit in demo.units]

    assert len(set(numbers)) == len(numbers)
    assert all(read_phone(number) and number.startswith("19900") for number in numbers)
    assert not set(numbers) & {person.phone for person in demo.people}


def test_people_ask_about_their_data_and_some_wait_too_long(by_kind):
    asked, answers = by_kind["rights.requested"], by_kind["rights.answered"]

    assert 10 <= len(asked) <= 200
    assert {fact.data["right"] for fact in asked} == {"copy", "correction", "erasure"}
    assert {fact.data["decision"] for fact in answers} == {"granted", "declined"}
    answered = {fact.data["request"] for fact in answers}
    assert [fact for fact in asked if fact.at < AT - timedelta(days=15) and fact.id not in answered]
