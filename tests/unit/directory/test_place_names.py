"""English names of divisions."""

import pytest

from bulou.directory.place_names import english, pinyin


@pytest.mark.parametrize(
    ("name", "level", "expected"),
    [
        ("天津市", "province", "Tianjin"),
        ("陕西省", "province", "Shaanxi"),
        ("山西省", "province", "Shanxi"),
        ("广西壮族自治区", "province", "Guangxi"),
        ("市辖区", "city", "Urban districts"),
        ("南宁市", "city", "Nanning"),
        ("滨海新区", "county", "Binhai New Area"),
        ("和平区", "county", "Heping District"),
        ("东华门街道", "town", "Donghuamen Subdistrict"),
        ("小站镇", "town", "Xiaozhan Town"),
        ("蓉芳里社区居委会", "village", "Rongfangli Community"),
        ("武家沟村村民委员会", "village", "Wujiagou Village"),
        ("蔚县", "county", "Yuxian County"),
        ("大城县", "county", "Daicheng County"),
        ("第3网格", "grid", "Di3 Grid"),
        ("社区", "village", "Shequ"),
    ],
)
def test_a_name_is_spelt_and_its_kind_translated(name: str, level: str, expected: str) -> None:
    assert english(name, level) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("长安", "Changan"), ("重庆", "Chongqing"), ("朝阳", "Chaoyang"), ("单县", "Shanxian"), ("A区", "Aqu")],
)
def test_characters_with_two_readings_follow_the_phrase(name: str, expected: str) -> None:
    assert pinyin(name) == expected
