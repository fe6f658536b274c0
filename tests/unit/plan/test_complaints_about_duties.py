"""Each mistake in a clause is said with its line, its key and what to do."""

from collections.abc import Callable

import pytest

from bulou.kernel.errors import Problem

Complaint = Callable[[str, str], str]
FILE = "clauses/1-all.yaml"


def test_the_little_plan_has_no_problems(problems: Callable[..., list[Problem]]) -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "when: isolation.started", "when: isolation.startd",
            f"{FILE}:7: when: There is no fact kind isolation.startd. Did you mean isolation.started?",
            id="unknown kind",
        ),
        pytest.param(
            "must: medic.assessed", "must: xyz",
            f"{FILE}:20: must: There is no fact kind xyz. Kinds are listed in each room's facts.py.",
            id="unknown kind, nothing near",
        ),
        pytest.param(
            "must: medic.assessed", "must: duty.waived",
            f"{FILE}:20: must: duty.waived only corrects the record; no rule may use it. "
            "Use the kind that says what happened.",
            id="bookkeeping must",
        ),
        pytest.param(
            "until: isolation.ended", "until: fact.withdrawn",
            f"{FILE}:8: until: fact.withdrawn only corrects the record; no rule may use it. "
            "Use the kind that says what happened.",
            id="bookkeeping until",
        ),
        pytest.param(
            "when: isolation.started", "when: {fact: fact.withdrawn}",
            f"{FILE}:7: when.fact: fact.withdrawn only corrects the record; no rule may use it. "
            "Use the kind that says what happened.",
            id="bookkeeping when",
        ),
        pytest.param(
            "by: township_clinic", "by: townshipclinic",
            f"{FILE}:21: by: There is no role townshipclinic. Did you mean township_clinic?",
            id="unknown role",
        ),
        pytest.param(
            "role: town_command", "role: nobody",
            f"{FILE}:12: role: There is no role nobody. Roles are listed in the role vocabulary.",
            id="unknown role told",
        ),
        pytest.param(
            "$fever_threshold", "$fever_treshold",
            f"{FILE}:18: when.where: There is no parameter $fever_treshold. Did you mean fever_threshold?",
            id="unknown parameter",
        ),
        pytest.param(
            "within: PT2H", "within: $zzz",
            f"{FILE}:19: within: There is no parameter $zzz. Add it to parameters.yaml.",
            id="unknown parameter, nothing near",
        ),
        pytest.param(
            "within: PT2H", "within: 2h",
            f"{FILE}:19: within: 2h is not a period of fixed length. "
            "Write PT2H or P14D; months and years vary in length.",
            id="bad period",
        ),
        pytest.param(
            "within: PT2H", "within: P5000W1000000D",
            f"{FILE}:19: within: P5000W1000000D is not a period of fixed length. "
            "Write PT2H or P14D; months and years vary in length.",
            id="a period above a century",
        ),
        pytest.param(
            "until: isolation.ended", "until: {after: PT0S}",
            f"{FILE}:8: until.after: PT0S is not a period of fixed length. "
            "Write PT2H or P14D; months and years vary in length.",
            id="an interval of no length",
        ),
        pytest.param(
            '"06:00/12:00"', '"6:00/12:00", "25:00/26:00"',
            f"{FILE}:9: every.day: 6:00/12:00, 25:00/26:00 is not a slot of the day. "
            "Write 06:00/12:00; it may end at 24:00 or on the next day.",
            id="bad slots",
        ),
        pytest.param(
            '["06:00/12:00", "16:00/22:00"]', "[]",
            f"{FILE}:9: every.day: [] is not a slot of the day. "
            "Write 06:00/12:00; it may end at 24:00 or on the next day.",
            id="no slots",
        ),
        pytest.param(
            '"16:00/22:00"]', '"16:00/22:00"], on: [1, -4]',
            f"{FILE}:9: every.on: -4 is not a number of days after the start. The first day is 0.",
            id="bad day",
        ),
        pytest.param(
            "within: PT2H", "within: PT2H\n      every: {period: P1D}",
            f"{FILE}:20: every: A duty takes either within or every. "
            "Use within for once, every for again and again.",
            id="within and every",
        ),
        pytest.param(
            "      within: PT2H\n", "",
            f"{FILE}:17: duties: A duty takes either within or every. "
            "Use within for once, every for again and again.",
            id="neither within nor every",
        ),
        pytest.param(
            'day: ["06:00/12:00", "16:00/22:00"]', 'day: ["06:00/12:00"], period: P1D',
            f"{FILE}:9: every.period: every takes either day or period.",
            id="two ways of every",
        ),
        pytest.param(
            'day: ["06:00/12:00", "16:00/22:00"]', "period: P1D, on: [1]",
            f"{FILE}:9: every.period: on goes with day, not with period.",
            id="on with period",
        ),
        pytest.param(
            "within: PT2H", "within: PT2H\n      late: PT1H",
            f"{FILE}:20: late: late is for every only. A one-off may always be done late; drop late.",
            id="late with within",
        ),
        pytest.param(
            "until: isolation.ended", "until: {}",
            f"{FILE}:8: until: until needs a fact kind or after.",
            id="empty until",
        ),
        pytest.param(
            "until: isolation.ended", "until: {after: P1D, where: {kind: home}}",
            f"{FILE}:8: until.where: where goes with a fact.",
            id="where without fact",
        ),
        pytest.param(
            "until: isolation.ended", "level: {at_least: V}",
            f"{FILE}:8: level.at_least: There is no such choice. Did you mean IV?",
            id="unknown level",
        ),
        pytest.param(
            "duty: fever-seen", "duty: Fever seen",
            f"{FILE}:17: duty: 'Fever seen' cannot be a name. Use lower-case words, digits and hyphens.",
            id="bad name",
        ),
        pytest.param(
            "duty: fever-seen", "duty: twice-daily",
            f"{FILE}:17: duty: twice-daily is already used at {FILE}:6. Give it another name.",
            id="repeated duty",
        ),
        pytest.param(
            "by: township_clinic", "replaces: other/duty\n      by: township_clinic",
            f"{FILE}:21: replaces: No plan this one extends has the duty other/duty. "
            "List its plan under extends.",
            id="replaces an unknown duty",
        ),
        pytest.param(
            "by: township_clinic", "replaces: little\n      by: township_clinic",
            f"{FILE}:21: replaces: 'little' is not the full name of a duty. Write plan/duty.",
            id="replaces what is not plan/duty",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_a_duty_is_said_where_it_stands(complaint: Complaint, old: str, new: str, said: str) -> None:
    assert complaint(old, new).splitlines() == said.splitlines()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("celsius:", "celcius:", "temperature.read has no field celcius. Did you mean celsius?"),
        ("celsius:", "zzz:", "temperature.read has no field zzz. Known: celsius, fine, method."),
        ("celsius: {gte: $fever_threshold}", "method: {gte: 3}",
         "method is not a number; gte cannot be used. List the values instead."),
        ("{gte: $fever_threshold}", "hot", "celsius is a number, not 'hot'."),
        ("{gte: $fever_threshold}", "{gte: high}", "celsius is a number, not 'high'."),
        ("{gte: $fever_threshold}", "{gte: true}", "celsius is a number, not True."),
        ("{gte: $fever_threshold}", "{ge: 37}", "celsius: there is no comparison ge. Use gt, gte, lt, lte or ne."),
        ("{gte: $fever_threshold}", "{gte: [37, 38]}", "celsius: gte takes one value."),
        ("{gte: $fever_threshold}", "[37, {a: 1}]", "celsius is text, a number, or true or false."),
        ("{gte: $fever_threshold}", "[]", "celsius is compared with nothing."),
        ("{gte: $fever_threshold}", "{}", "celsius is compared with nothing."),
        ("{gte: $fever_threshold}", "null", "celsius is text, a number, or true or false."),
        ("celsius: {gte: $fever_threshold}", "celcius: 37, methd: x",
         "temperature.read has no field celcius. Did you mean celsius? "
         "temperature.read has no field methd. Did you mean method?"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_condition_is_said(complaint: Complaint, old: str, new: str, said: str) -> None:
    assert complaint(old, new) == f"{FILE}:18: when.where: {said}"


def test_a_choice_a_field_never_has_is_refused(complaint: Complaint) -> None:
    said = complaint("when: isolation.started", "when: {fact: isolation.started, where: {kind: [home, centrl]}}")

    assert said == f"{FILE}:7: when.where: kind is never centrl. Did you mean central?"


def test_a_choice_of_a_list_field_is_checked_item_by_item(complaint: Complaint) -> None:
    said = complaint("when: isolation.started", "when: {fact: symptoms.reported, where: {symptoms: fevr}}")

    assert said == f"{FILE}:7: when.where: symptoms is never fevr. Did you mean fever?"


def test_the_values_of_a_parameter_are_checked_where_it_is_used(problems: Callable[..., list[Problem]]) -> None:
    wrong = """
    - clause: L-1
      cites: 试
      title: {zh: 甲, en: A}
      duties:
        - {duty: a, when: isolation.started, within: $fever_threshold, must: medic.assessed, by: cdc}
        - {duty: b, when: isolation.started, every: {day: $fever_threshold}, must: medic.assessed, by: cdc}
    """

    said = [problem.to("en") for problem in problems({FILE: wrong})]

    assert said[0].startswith(f"{FILE}:5: within: 37.3 is not a period of fixed length.")
    assert said[1].startswith(f"{FILE}:6: every.day: 37.3 is not a slot of the day.")


def test_every_mistake_is_said_at_once(complaint: Complaint) -> None:
    said = complaint(
        "      within: PT2H\n      must: medic.assessed\n      by: township_clinic",
        "      within: 2h\n      must: medic.asessed\n      by: nobody\n      colour: red",
    )

    assert [line.split(": ")[1] for line in said.splitlines()] == ["within", "must", "by", "colour"]


def test_every_complaint_is_also_chinese(problems: Callable[..., list[Problem]]) -> None:
    said = problems({FILE: "- {clause: L-1, cites: 试, titel: {zh: 甲, en: A}}"})

    assert [problem.to("zh") for problem in said] == [
        f"{FILE}:1: title: 缺少这一项。",
        f"{FILE}:1: 条款没有任何执行形式。"
        "至少写一种：duties, checklist, guard, criterion, target, groups, register, shows, principle。",
        f"{FILE}:1: titel: 计划语言没有这一项。是否想写 title？",
    ]
