"""The cases as people: where they live, when they fall ill, whom they met."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from bulou.kernel.clock import SHANGHAI
from bulou.oversight.drills.synthetic.outbreak import TRAIN_DISTRICTS, tell_outbreak
from bulou.oversight.drills.synthetic.surroundings import (
    PUT_TO_WORK,
    tell_arrivals,
    tell_households,
    tell_patients,
    tell_places,
    tell_response,
)


@pytest.fixture
def outbreak(story, cases):
    tell_outbreak(story, cases, 1)
    return story


def facts(story, kind):
    return [fact for fact in story.demo.facts if fact.kind == kind]


def episodes(story):
    return {episode.case.number: episode for episode in story.episodes.values()}


def test_every_case_is_a_person_with_an_episode(outbreak):
    assert len(outbreak.episodes) == 135
    assert len({episode.person.id for episode in outbreak.episodes.values()}) == 135


def test_onset_comes_before_suspicion_and_suspicion_before_confirmation(outbreak):
    for episode in outbreak.episodes.values():
        assert episode.suspected < episode.confirmed
        if episode.case.onset:
            assert episode.case.onset <= episode.suspected.astimezone(SHANGHAI).date()


def test_train_crews_live_around_the_station(outbreak):
    homes = {episode.person.area[:6] for episode in outbreak.episodes.values() if episode.case.cluster == "train"}

    assert homes == set(TRAIN_DISTRICTS)


def test_linked_cases_live_in_one_district(outbreak):
    found = episodes(outbreak)

    for episode in found.values():
        for link in episode.case.links:
            assert found[link.to].person.area[:6] == episode.person.area[:6]


def test_families_live_under_one_roof_and_coworkers_do_not(outbreak):
    home = {number: episode.person.household for number, episode in episodes(outbreak).items()}

    assert home[5] == home[12] == home[13] == home[16]
    assert home[93] == home[96] == home[97] == home[107]
    assert home[5] != home[17]


def test_every_case_has_three_to_twelve_contacts_of_its_own(outbreak):
    named = Counter(
        fact.data["episode"] for fact in facts(outbreak, "contact.identified") if fact.subject not in outbreak.leaves
    )

    assert set(named) <= set(outbreak.episodes)
    assert all(3 <= named[subject] <= 12 for subject, episode in outbreak.episodes.items() if early(episode))


def early(episode):
    """True where the contacts' two days of tracing end before the story does."""
    return episode.confirmed < datetime(2020, 2, 22, tzinfo=SHANGHAI)


def test_a_case_that_was_a_contact_first_was_found_after_its_source_was_confirmed(outbreak):
    confirmed = {episode.subject: episode.confirmed for episode in outbreak.episodes.values()}
    found = [fact for fact in facts(outbreak, "contact.identified") if fact.subject in outbreak.leaves]

    assert len(found) > 20
    for fact in found:
        assert confirmed[fact.data["episode"]] < fact.at < outbreak.leaves[fact.subject]


def test_imported_cases_arrived_before_they_fell_ill(outbreak):
    arrived = {fact.subject: fact for fact in facts(outbreak, "arrival.declared")}
    imported = [e for e in outbreak.episodes.values() if e.person.subject in arrived]

    assert len(imported) > 20
    assert all(arrived[e.person.subject].at < e.suspected for e in imported)
    assert all(e.case.origin == "imported" for e in imported)


def test_who_came_from_wuhan_says_so(outbreak):
    origin = {fact.subject: fact.data.get("from_area") for fact in facts(outbreak, "arrival.declared")}
    found = episodes(outbreak)

    assert origin[found[10].person.subject] == "4201"
    assert origin[found[30].person.subject] == "42"


def test_the_quarantine_of_the_list_is_an_isolation_on_its_day(outbreak):
    started = {fact.subject: fact.at for fact in facts(outbreak, "isolation.started")}
    found = episodes(outbreak)

    for number in (54, 127, 132):
        episode = found[number]
        assert started[episode.person.subject].astimezone(SHANGHAI).date() == episode.case.quarantined


def test_severe_cases_turn_severe_and_the_dying_critical(outbreak):
    steps = Counter()
    for fact in facts(outbreak, "severity.changed"):
        steps[fact.subject, fact.data["severity"]] += 1
    found = episodes(outbreak)

    assert steps[found[1].subject, "severe"] == 1
    assert steps[found[44].subject, "critical"] == 1
    assert steps[found[4].subject, "severe"] == 0


def test_the_dead_are_not_assessed_for_discharge(outbreak):
    dead = {fact.subject for fact in facts(outbreak, "episode.died")}

    assert len(dead) == 3
    assert dead.isdisjoint(fact.subject for fact in facts(outbreak, "discharge.assessed"))


def test_a_positive_test_comes_just_before_each_confirmation(outbreak):
    resulted = {fact.subject: fact.at for fact in facts(outbreak, "specimen.resulted")}

    for episode in outbreak.episodes.values():
        assert timedelta() < episode.confirmed - resulted[episode.person.subject] <= timedelta(hours=1)


def test_the_response_is_level_i_from_the_24th_of_january(story):
    tell_response(story)

    (level,) = facts(story, "response.level_set")
    steps = [fact.kind for fact in sorted(story.demo.facts, key=lambda fact: fact.at)]
    assert (level.at.isoformat(), level.data["level"]) == ("2020-01-24T00:00:00+08:00", "I")
    assert steps == [f"response.{step}" for step in ("assessed", "proposed", "approved", "level_set", "filed")]


def test_a_plan_is_put_to_work_from_the_city_down(story, geography):
    story.plans = ["some-plan"]

    tell_response(story)

    activated = facts(story, "plan.activated")
    tiers = Counter(fact.data["tier"] for fact in activated)
    assert tiers["province"] == tiers["city"] == 1
    assert tiers["county"] == 16
    assert tiers["village"] == len(geography.villages)
    first = {tier: min(fact.at for fact in activated if fact.data["tier"] == tier) for tier in tiers}
    assert first["city"] == PUT_TO_WORK < first["county"] < first["town"] < first["village"]


def test_the_mall_is_exposed_closed_and_disinfected(outbreak):
    tell_places(outbreak)

    mall = next(place for place in outbreak.demo.places if place.kind == "mall")
    about = [fact.kind for fact in outbreak.demo.facts if fact.subject == mall.subject]
    assert about.count("exposure.identified") > 20
    assert {"place.registered", "place.closed", "place.disinfected"} <= set(about)


def test_every_district_has_a_fever_clinic_and_an_isolation_site(outbreak, geography):
    tell_places(outbreak)

    kinds = Counter(place.kind for place in outbreak.demo.places)
    assert kinds["fever_clinic"] == kinds["isolation_site"] == len(geography.districts)
    assert {fact.data["role"] for fact in facts(outbreak, "unit.designated")} == {
        "fever_clinic",
        "isolation_site",
        "designated_hospital",
    }


def test_arrivals_come_by_household_from_affected_areas(story):
    tell_arrivals(story, 50)

    arrived = facts(story, "arrival.declared")
    assert 50 <= len(arrived) <= 150
    assert {fact.data["risk"] for fact in arrived} == {"high", "medium"}


def test_patients_come_with_a_fever(story):
    tell_patients(story, 60)

    visits = facts(story, "fever_clinic.visited")
    assert len(visits) > 40
    assert all(story.feverish(fact.subject, fact.at) for fact in visits)
    assert len(facts(story, "visit.concluded")) < 10


def test_every_household_is_a_place_and_nobody_lives_alone_in_the_register(story):
    tell_arrivals(story, 30)
    arrived = len(story.people)

    tell_households(story)

    assert {place.id for place in story.demo.places} == {household.id for household in story.population.households}
    assert len(facts(story, "place.registered")) == len(story.population.households)
    assert len(story.people) > arrived
    assert sum(story.members.values()) == len(story.people)
