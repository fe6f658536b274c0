"""The links between the cases, each checked by eye against the text of the list."""

import pytest

from bulou.oversight.drills.tianjin import Relation, read_cases
from bulou.oversight.drills.tianjin.links import read_source

LINKS = {
    9: "named 3",
    11: "family 6",
    12: "family 5",
    13: "family 5",
    16: "family 5",
    17: "coworker 5",
    20: "coworker 6",
    21: "family 9",
    33: "family 17",
    35: "family 20",
    36: "family 34",
    38: "family 32",
    40: "family 39",
    41: "family 39",
    43: "coworker 34, coworker 37",
    44: "relative 20, relative 35",
    46: "relative 32",
    47: "coworker 2, coworker 6",
    48: "workplace 37, workplace 43",
    52: "family 50",
    54: "family 14, family 25",
    55: "named 9, named 21",
    56: "named 38",
    59: "family 14, family 25",
    60: "family 1",
    61: "named 45",
    63: "named 27",
    64: "named 51",
    69: "relative 53",
    75: "husband 87",
    81: "named 72",
    83: "coworker 43, coworker 53",
    84: "family 43",
    85: "close_contact 72",
    86: "family 72, family 85",
    88: "brother 70",
    91: "son 82",
    94: "family 75",
    96: "family 93, family 97",
    97: "family 93, family 96",
    98: "coworker 82",
    99: "family 64",
    101: "wife 95",
    103: "son_in_law 100",
    104: "son 95, son 101",
    105: "brother 103",
    107: "husband 93",
    108: "daughter 100, wife 103",
    109: "wife 102",
    112: "close_contact 51",
    113: "relative 100, relative 103, relative 108",
    114: "mother 115",
    115: "daughter 114",
    116: "brother 95",
    117: "close_contact 93, close_contact 107",
    118: "son 75, son 87",
    119: "close_contact 93, close_contact 107",
    120: "sister 109",
    121: "husband 119",
    122: "wife 110",
    123: "family 95, family 116",
    125: "son 119, son 121",
    126: "close_contact 68",
    127: "close_contact 93, close_contact 107, close_contact 119, close_contact 121",
    128: "husband 124",
    129: "close_contact 72, close_contact 85, close_contact 86",
    130: "close_contact 64, close_contact 99",
    132: "wife 82",
    134: "wife 117",
}
"""Every case whose text names another case: `relation number, …` in the order of the text."""


@pytest.fixture(scope="module")
def cases():
    return {case.number: case for case in read_cases().cases}


@pytest.mark.parametrize("number", LINKS)
def test_each_case_is_linked_as_its_text_says(cases, number):
    links = ", ".join(f"{link.relation} {link.to}" for link in cases[number].links)

    assert links == LINKS[number]


def test_no_other_case_has_a_link(cases):
    assert {number for number, case in cases.items() if case.links} == set(LINKS)


def test_no_case_is_linked_to_itself_and_every_link_leads_to_a_case(cases):
    for number, case in cases.items():
        assert all(link.to != number and link.to in cases for link in case.links)


def test_no_case_is_linked_twice_to_the_same_case(cases):
    for case in cases.values():
        assert len({link.to for link in case.links}) == len(case.links)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("wife of TJ3", [(3, "wife")]),
        ("TJ3's wife", [(3, "wife")]),
        ("case TJ3 (wife)", [(3, "wife")]),
        ("cases TJ3 and TJ4 (family)", [(3, "family"), (4, "family")]),
        ("family of TJ3, TJ4; TJ5 / TJ6", [(3, "family"), (4, "family"), (5, "family"), (6, "family")]),
        ("son of TJ3，wife of TJ4", [(3, "son"), (4, "wife")]),
        ("ＴＪ３；ＴＪ４", [(3, "named"), (4, "named")]),
        ("shopper in the mall TJ3", [(3, "named")]),
        ("wife shopped at the mall, TJ3", [(3, "named")]),
        ("sister of case 009", [(9, "sister")]),
        ("case TJ3 (shopping) wife of TJ4", [(3, "named"), (4, "wife")]),
        ("", []),
    ],
)
def test_the_forms_a_link_may_take(text, links):
    assert [(link.to, link.relation) for link in read_source(text).links] == links


def test_a_relation_to_nobody_on_the_list_is_kept_apart():
    source = read_source("coworker of a person from wuhan")

    assert (source.links, source.unlisted) == ([], [Relation.COWORKER])


def test_a_misspelt_relation_is_read_and_the_slip_is_kept():
    source = read_source("hunsband  of  TJ124")

    assert source.links[0].relation is Relation.HUSBAND
    assert source.misspelt == [("hunsband", "husband")]


def test_a_word_outside_the_vocabulary_is_reported():
    assert read_source("neighbour of TJ3").not_understood == ["neighbour"]


def test_every_relation_has_a_title_and_a_group():
    for relation in Relation:
        assert relation.text.zh and relation.text.en
        assert relation.group in ("family", "work", "contact", "named")
