"""The headings clerks write are known in both languages, and near misses are found."""

import pytest

from bulou.exchange.imports.headings import chosen, guess
from bulou.exchange.imports.kinds import kind, kinds
from bulou.kernel.errors import BulouError

CLERKS = ["姓名", "性别", "出生日期", "身份证号", "手机号", "现住地编码", "现住址", "密接类别", "末次接触日期"]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("姓名", "name"),
        ("姓 名", "name"),
        ("*姓名（必填）", "name"),
        ("Full name", "name"),
        ("证件号码", "id_number"),
        ("身份证号码", "id_number"),
        ("公民身份证号码", "id_number"),
        ("联系电话", "phone"),
        ("联系电话号码", "phone"),
        ("所属社区", "area"),
        ("网格", "area"),
        ("详细地址", "address"),
        ("现居住详细地址", "address"),
        ("出生年月日", "birth_date"),
        ("Date of birth", "birth_date"),
        ("person.lastName", "family_name"),
    ],
)
def test_a_heading_means_its_field(heading: str, field: str) -> None:
    assert guess(kind("people"), [heading]) == {0: field}


@pytest.mark.parametrize("heading", ["序号", "户主", "与户主关系", "年龄", "备注", "今天天气", ""])
def test_a_heading_that_means_no_field_is_left_out(heading: str) -> None:
    assert guess(kind("people"), [heading]) == {}


def test_each_field_is_taken_once_and_the_exact_heading_wins() -> None:
    assert guess(kind("people"), ["联系电话号", "手机号", "联系电话"]) == {1: "phone"}


def test_a_contact_list_is_understood_whole() -> None:
    fields = list(guess(kind("contacts"), CLERKS).values())

    assert fields == ["name", "sex", "birth_date", "id_number", "phone", "area", "address", "degree", "last_exposure"]


def test_results_are_understood() -> None:
    found = guess(kind("results"), ["姓名", "采样管编号", "检测时间", "检测结果", "检测机构", "CT值"])

    assert list(found.values()) == ["name", "tube", "at", "result", "laboratory", "ct"]


def test_what_somebody_says_outranks_the_guess() -> None:
    assert chosen(kind("people"), ["姓名", "电话"], {"姓名": "address", "电话": ""}) == {0: "address"}


@pytest.mark.parametrize("mapping", [{"没有": "name"}, {"姓名": "colour"}])
def test_a_mapping_of_what_is_not_there_is_refused(mapping: dict[str, str]) -> None:
    with pytest.raises(BulouError):
        chosen(kind("people"), ["姓名"], mapping)


@pytest.mark.parametrize("name", list(kinds()))
def test_every_kind_understands_its_own_titles_in_both_languages(name: str) -> None:
    for language in ("zh", "en"):
        headings = [column.title.to(language) for column in kind(name).columns]
        assert list(guess(kind(name), headings).values()) == [column.field for column in kind(name).columns]


def test_every_fact_kind_can_be_imported() -> None:
    from bulou.kernel.facts import KINDS

    for name in KINDS:
        assert kind(name).fact == name
    with pytest.raises(BulouError):
        kind("nonsense")
