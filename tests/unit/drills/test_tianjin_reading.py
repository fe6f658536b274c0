from datetime import date

import pytest

from bulou.oversight.drills.tianjin import notes
from bulou.oversight.drills.tianjin.reading import Found, NotUnderstood, plain, read
from bulou.oversight.drills.tianjin.words import SYMPTOMS, Setting, Symptom, Window


def meanings(text, vocabulary=SYMPTOMS):
    return [item.meaning if isinstance(item, Found) else item for item in read(text, vocabulary)]


def test_the_longest_phrase_wins():
    assert meanings("dry cough") == [Symptom.DRY_COUGH]


@pytest.mark.parametrize(
    ("written", "symptoms"),
    [
        ("caugh  fever", [Symptom.COUGH, Symptom.FEVER]),
        ("diziness", [Symptom.DIZZINESS]),
        ("runing nose", [Symptom.RUNNY_NOSE]),
        ("daizzy", [Symptom.DIZZINESS]),
        ("Fever", [Symptom.FEVER]),
        ("head ache", [Symptom.HEADACHE]),
        ("nono", ["none"]),
    ],
)
def test_symptoms_are_read_through_misspellings(written, symptoms):
    assert meanings(written) == symptoms


def test_words_in_a_row_that_nothing_resembles_are_one_remainder():
    assert meanings("fever emergancy call") == [Symptom.FEVER, NotUnderstood("emergancy call")]


def test_full_width_forms_and_runs_of_space_are_folded():
    assert plain("ＴＪ１４；  Wuhan ") == "tj14; wuhan"


def test_an_empty_text_and_an_empty_vocabulary_are_read():
    assert read("", SYMPTOMS) == []
    assert read("fever", {}) == [NotUnderstood("fever")]


@pytest.mark.parametrize(
    ("note", "days"),
    [
        ("Jan 23 is arrival time", ["2020-01-23"]),
        ("Jan 19 to 22, visiting wuhan", ["2020-01-19", "2020-01-22"]),
        ("Jn 21: travel time", ["2020-01-21"]),
        ("Jan. 19： time left Tianjin", ["2020-01-19"]),
        ("23 Jan, quarantee started", ["2020-01-23"]),
        ("12/2, fever and see doctor", ["2020-02-12"]),
        ("shopping on Jan 21 with wife. Another shopping on Jan 24", ["2020-01-21", "2020-01-24"]),
        ("Jan:  time  left Wuhan", []),
    ],
)
def test_days_are_read_from_a_note(note, days):
    assert [str(day) for _, day in notes.days(note)] == days


@pytest.mark.parametrize(
    ("note", "day"),
    [
        ("Working with the patient at Jan 20, quarantined at Jan 23 ", "2020-01-23"),
        ("23 Jan, quarantee started", "2020-01-23"),
        ("Jan 25: quarantine time", "2020-01-25"),
        ("Case 17's confirmation, quarantine time is Jan 26", "2020-01-26"),
        ("Quarantine time", "2020-01-31"),
    ],
)
def test_the_first_day_of_quarantine_is_found_in_a_note(note, day):
    assert notes.quarantined(note, date(2020, 1, 31)) == date.fromisoformat(day)


def test_a_note_without_quarantine_gives_no_day_of_quarantine():
    assert notes.quarantined("shopping time", date(2020, 1, 31)) is None


@pytest.mark.parametrize(
    ("note", "window"),
    [
        ("symtom onset of herself", Window.ONSET),
        ("Jan 19: arrvial time", Window.ARRIVAL),
        ("Confirmation of Case 20.", Window.CONFIRMATION),
        ("multiple contacts, quarantine time.", Window.QUARANTINE),
        ("Shopping time", Window.SHOPPING),
        ("Jan 23; last day of working at the shopping mall", Window.WORK),
        ("period  of travelling in Hubei", Window.STAY),
        ("dinner with TJ93 and TJ07", Window.CONTACT),
        ("15/2, fever visit clinic", Window.UNSTATED),
        ("", Window.UNSTATED),
    ],
)
def test_a_note_says_what_the_end_of_the_window_stands_for(note, window):
    assert notes.window(note) is window


def test_a_note_names_cases_with_and_without_the_prefix():
    assert notes.cases("based on Case 34, dinner with TJ93 and TJ07") == [34, 93, 7]


def test_a_misspelt_travel_in_a_note_is_a_journey():
    assert notes.settings("tavel with Case 39") == [Setting.TRAVEL]
