"""Distances, times, signs and facts in words, in both languages."""

from datetime import datetime, timedelta

import pytest
from django.utils import translation

from bulou.kernel.clock import SHANGHAI
from bulou.kernel.facts import KINDS
from bulou.kernel.text import Text
from bulou.web import fact_words, words

NOON = datetime(2020, 2, 10, 12, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("length", "en", "zh"),
    [
        (timedelta(seconds=20), "under 1 min", "不到1分钟"),
        (timedelta(minutes=40), "40 min", "40分钟"),
        (timedelta(hours=3, minutes=20), "3 h 20 min", "3小时20分钟"),
        (timedelta(days=1), "1 day", "1天"),
        (timedelta(days=2, hours=4, minutes=5), "2 days 4 h", "2天4小时"),
        (timedelta(days=3, minutes=5), "3 days", "3天"),
    ],
)
def test_a_length_of_time_is_said_in_its_two_largest_units(length: timedelta, en: str, zh: str) -> None:
    with translation.override("en"):
        assert words.span(length) == en
    with translation.override("zh-hans"):
        assert words.span(length) == zh


@pytest.mark.parametrize(
    ("hours", "en", "zh"),
    [(-2, "2 h ago", "2小时前"), (+2, "in 2 h", "2小时后"), (0, "under 1 min ago", "不到1分钟前")],
)
def test_a_distance_says_which_way(hours: int, en: str, zh: str) -> None:
    with translation.override("en"):
        assert words.distance(NOON + timedelta(hours=hours), NOON) == en
    with translation.override("zh-hans"):
        assert words.distance(NOON + timedelta(hours=hours), NOON) == zh


@pytest.mark.parametrize(
    ("instant", "en", "zh"),
    [
        (NOON - timedelta(hours=4), "08:00", "08:00"),
        (NOON - timedelta(days=1, hours=4), "9 Feb 08:00", "2月9日 08:00"),
        (NOON - timedelta(days=60), "12 Dec 2019 12:00", "2019年12月12日 12:00"),
    ],
)
def test_a_clock_time_has_the_date_where_it_is_not_today(instant: datetime, en: str, zh: str) -> None:
    with translation.override("en"):
        assert words.clock_time(instant, NOON) == en
    with translation.override("zh-hans"):
        assert words.clock_time(instant, NOON) == zh


def test_data_is_said_in_the_language_of_the_reader() -> None:
    with translation.override("en"):
        assert words.say(Text(zh="甲", en="A")) == "A"
    with translation.override("zh-hans"):
        assert words.say(Text(zh="甲", en="A")) == "甲"
    assert (words.say("as it is"), words.say(None)) == ("as it is", "")


def test_what_belongs_to_none_of_the_five_is_organisation() -> None:
    assert words.no_miss_sign("").icon == words.ORGANISATION.icon


def test_a_fact_is_shown_with_labels_units_and_words() -> None:
    data = {"celsius": 38.2, "method": "forehead"}

    with translation.override("en"):
        assert fact_words.pairs("temperature.read", data, {}) == [
            ("Body temperature", "38.2"),
            ("Method", "forehead"),
        ]
    with translation.override("zh-hans"):
        assert fact_words.pairs("temperature.read", data, {}) == [("体温（℃）", "38.2"), ("测量方式", "额温")]


def test_a_reference_is_shown_by_name_and_left_out_without_one() -> None:
    unit = "unit:0197a000-0000-7000-8000-000000000001"

    assert list(fact_words.references({"to": unit, "links": [{"episode": unit}], "n": 1})) == [unit, unit]
    with translation.override("en"):
        assert fact_words.pairs("handover.requested", {"to": unit}, {unit: "Haihe Hospital"})[0][1] == "Haihe Hospital"
        assert fact_words.pairs("handover.requested", {"to": unit}, {}) == []


def test_instants_lists_and_truth_values_are_said_as_people_say_them() -> None:
    with translation.override("en"):
        assert fact_words.said("2020-02-10T04:00:00+00:00", {}) == "2020-02-10 12:00"
        assert fact_words.said(["fever", "dry_cough"], {}) == "fever, dry cough"
        assert fact_words.said([], {}) == "none"
        assert fact_words.said(True, {}) == "yes"


def test_every_field_of_every_kind_has_a_short_label_in_both_languages() -> None:
    for language in ("en", "zh-hans"):
        with translation.override(language):
            labels = [fact_words.field_label(info, name) for kind in KINDS for name, info in fact_words.fields(kind)]
        assert all(0 < len(label) <= 40 for label in labels)


def test_a_length_of_time_kept_for_one_language_is_not_said_in_another() -> None:
    said = []
    for language in ("en", "zh-hans", "en"):
        with translation.override(language):
            said.append(words.span(timedelta(hours=3, minutes=20)))

    assert said[0] == said[2] == "3 h 20 min" != said[1]


def test_the_sign_of_a_no_miss_is_a_word_of_the_readers_language() -> None:
    with translation.override("en"):
        english = words.no_miss_sign("screening").word
    with translation.override("zh-hans"):
        chinese = words.no_miss_sign("screening").word

    assert english == "Screening" != chinese
