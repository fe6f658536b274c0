"""Disease profiles: the same names in all, values with their sources, and mistakes said with file and line."""

from datetime import date
from pathlib import Path

import pytest

from bulou.kernel.errors import BulouError
from bulou.plan.disease_names import DEFINITIONS, NAMES
from bulou.plan.diseases import Profile, find_profile, profiles, read_profile

FOLDER = Path(__file__).parents[3] / "diseases"
WANTED = {"sars", "mers", "h7n9", "measles", "mpox", "cholera", "covid-19-2020", "covid-19-2022", "covid-19-2023"}
ALL = [pytest.param(path, id=path.stem) for path in sorted(FOLDER.glob("*.yaml"))]


@pytest.fixture
def measles(tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    copy = tmp_path / "measles.yaml"
    copy.write_text((FOLDER / "measles.yaml").read_text("utf-8"), "utf-8")
    return copy


def spoil(path: Path, old: str, new: str) -> str:
    """What is said of a profile after a change."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BulouError) as caught:
        read_profile(path)
    return caught.value.to("en")


def test_the_diseases_asked_for_are_there() -> None:
    assert profiles(FOLDER).keys() == WANTED


@pytest.mark.parametrize("path", ALL)
def test_every_profile_has_every_name_a_plan_may_ask_for(path: Path) -> None:
    profile = read_profile(path)

    assert profile.known.keys() >= NAMES.keys()
    assert profile.case_definitions.keys() >= set(DEFINITIONS)
    assert any(symptom.usual for symptom in profile.symptoms.values())
    assert any(published.value == "confirms" for test in profile.tests.values() for published in test.values.values())


@pytest.mark.parametrize("path", ALL)
def test_a_number_has_a_title_a_unit_a_source_and_the_day_it_was_verified(path: Path) -> None:
    profile = read_profile(path)

    for name, known in profile.known.items():
        assert profile.title_of(name).zh and profile.title_of(name).en and profile.unit_of(name)
        assert profile.verified(name) >= max(known.values)
        assert known.reason or not known.differs, name


@pytest.mark.parametrize("path", ALL)
def test_the_periods_of_a_disease_agree_with_each_other(path: Path) -> None:
    def latest(name: str) -> float:
        return float(str(read_profile(path).known[name].latest.value))

    assert latest("incubation_shortest") <= latest("incubation_median") <= latest("incubation_longest")


@pytest.mark.parametrize("path", ALL)
def test_a_class_managed_as_a_is_reported_in_two_hours_and_class_b_in_a_day(path: Path) -> None:
    known = read_profile(path).known
    hours = {"A": 2, "B-as-A": 2, "none": 2, "B": 24}

    assert known["report_within"].latest.value == hours[str(known["legal_class"].latest.value)]


def test_what_was_known_depends_on_the_day() -> None:
    observation = profiles(FOLDER)["covid-19-2022"].known["observation"]

    found = [observation.at(date(*day)) for day in ((2021, 1, 1), (2021, 6, 1), (2022, 7, 1), (2022, 12, 1))]

    assert [published and published.value for published in found] == [None, 14, 7, 5]


def test_null_says_that_there_is_no_such_number_and_why() -> None:
    observation = profiles(FOLDER)["covid-19-2023"].known["observation"].latest

    assert observation.value is None
    assert "不再判定密切接触者" in observation.reference


def test_a_missing_name_is_said(measles: Path) -> None:
    said = spoil(measles, "  case_isolation:", "  isolated:")

    assert "periods.case_isolation: Days a case is isolated, from onset or rash is missing." in said
    assert "periods.isolated: An entry of its own needs a title and a unit." in said


def test_values_that_differ_need_a_reason(measles: Path) -> None:
    said = spoil(measles, "2024-12-06: {value: 21, source", "2024-12-06: {value: 18, source")

    assert "measles.yaml:" in said
    assert "periods.incubation_longest: Its values differ: say why in reason." in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("source: national", "source: hearsay", "There is no such choice."),
        ("checked: summary", "checked: yes", "There is no such choice."),
        ("reference: ", "references: ", "reference: This key is missing."),
        ("value: 7,", "value: {},", "A number, text, or a list; null for none."),
        ("disease: measles", "disease: rubella", "measles holds the profile rubella. The two must agree."),
        ("unit: listed", "unit: ", "symptoms.fever.unit"),
    ],
)
def test_a_mistake_in_a_profile_is_said_with_its_place(measles: Path, old: str, new: str, said: str) -> None:
    assert said in spoil(measles, old, new)


def test_a_common_name_keeps_its_common_title(measles: Path) -> None:
    said = spoil(measles, "  observation:\n", "  observation:\n    unit: h\n")

    assert "periods.observation: Its title and unit are those of the common names." in said


def test_null_stands_alone(measles: Path) -> None:
    said = spoil(measles, "2024-12-06: {value: 21, source", "2024-12-06: {value: null, source")

    assert "Null stands alone" in said


def test_an_unknown_disease_names_the_nearest() -> None:
    with pytest.raises(BulouError) as caught:
        find_profile("measels", FOLDER)

    assert caught.value.to("en") == "There is no disease profile measels. Did you mean measles?"
    assert caught.value.to("zh") == "没有病种档案 measels。是否想写 measles？"


def test_a_profile_is_read_anew_when_its_file_changes(measles: Path) -> None:
    def title() -> str:
        return find_profile("measles", measles.parent).title.en

    before = title()
    measles.write_text(measles.read_text("utf-8").replace("en: Measles}", "en: Rubeola}", 1), "utf-8")

    assert (before, title()) == ("Measles", "Rubeola")


def test_a_profile_without_a_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(BulouError, match="There is no disease profile"):
        read_profile(tmp_path / "plague.yaml")


def test_the_numbers_come_in_the_order_of_the_common_names() -> None:
    def order(profile: Profile) -> list[str]:
        return [name for name in profile.known if name in NAMES]

    assert all(order(profile) == list(NAMES) for profile in profiles(FOLDER).values())
