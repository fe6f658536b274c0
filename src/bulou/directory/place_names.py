"""English names of divisions: pinyin without tones, and the kind of division translated.

Written for the whole nation at once: a character at a time, through pypinyin's phrases only where a phrase is read
otherwise than its characters (长 in 长安), which is one name in seventy.
"""

from functools import cache

from bulou.directory.sounds import normal, phrase, phrases, syllable

OWN_NAMES = {
    "内蒙古自治区": "Inner Mongolia",
    "广西壮族自治区": "Guangxi",
    "西藏自治区": "Xizang",
    "宁夏回族自治区": "Ningxia",
    "新疆维吾尔自治区": "Xinjiang",
    "陕西省": "Shaanxi",
    "香港特别行政区": "Hong Kong",
    "澳门特别行政区": "Macao",
    "大城县": "Daicheng County",
    "市辖区": "Urban districts",
    "县": "Counties",
    "省直辖县级行政区划": "Counties under the province",
    "自治区直辖县级行政区划": "Counties under the region",
}
READINGS = {
    "朝阳": "chaoyang",
    "洪洞": "hongtong",
    "涡阳": "guoyang",
    "浚县": "xunxian",
    "单县": "shanxian",
    "什邡": "shifang",
    "长治": "changzhi",
    "长葛": "changge",
    "长垣": "changyuan",
    "繁峙": "fanshi",
    "穆棱": "muling",
    "筠连": "junlian",
    "会稽": "kuaiji",
    "乌什": "wushi",
    "伽师": "jiashi",
    "六合": "luhe",
    "珲春": "hunchun",
    "漯河": "luohe",
    "召陵": "shaoling",
    "宁都": "ningdu",
    "宕昌": "tanchang",
}
"""Places pypinyin reads as their characters are read elsewhere."""
KINDS = {
    "province": {"省": "", "市": ""},
    "city": {"自治州": "Prefecture", "地区": "Prefecture", "盟": "League", "市": ""},
    "county": {
        "自治县": "Autonomous County",
        "自治旗": "Autonomous Banner",
        "新区": "New Area",
        "县": "County",
        "区": "District",
        "市": "City",
        "旗": "Banner",
    },
    "town": {
        "街道办事处": "Subdistrict",
        "街道": "Subdistrict",
        "民族乡": "Ethnic Township",
        "开发区": "Development Zone",
        "工业园区": "Industrial Park",
        "农场": "Farm",
        "林场": "Forest Farm",
        "苏木": "Sumu",
        "地区": "Area",
        "镇": "Town",
        "乡": "Township",
    },
    "village": {
        "社区居民委员会": "Community",
        "社区居委会": "Community",
        "社区委员会": "Community",
        "居民委员会": "Community",
        "居委会": "Community",
        "社区": "Community",
        "村村民委员会": "Village",
        "村村委会": "Village",
        "村民委员会": "Village",
        "村委会": "Village",
        "村": "Village",
    },
    "grid": {"网格": "Grid"},
}


def english(name: str, level: str) -> str:
    """`东华门街道`, town → `Donghuamen Subdistrict`. One syllable keeps its kind: `蔚县` → `Yuxian County`."""
    if name in OWN_NAMES:
        return OWN_NAMES[name]
    for ending, kind in KINDS.get(level, {}).items():
        if name.endswith(ending) and len(name) > len(ending):
            stem = name[: -len(ending)]
            return f"{pinyin(stem if len(stem) > 1 else name)} {kind}".rstrip()
    return pinyin(name)


def pinyin(name: str) -> str:
    """`长安` → `Changan`. What has no reading stays as it is."""
    if any(name[i : i + 2] in _odd_pairs() for i in range(len(name) - 1)):
        for place, reading in READINGS.items():
            name = name.replace(place, reading)
        return phrase(name).capitalize()
    return "".join(map(syllable, name)).capitalize()


@cache
def _odd_pairs() -> frozenset[str]:
    """The first two characters of every phrase that is read otherwise than its characters one by one."""
    return frozenset(place[:2] for place in READINGS) | frozenset(
        said[:2]
        for said, readings in phrases().items()
        if any(normal(reading[0]) != syllable(c) for reading, c in zip(readings, said, strict=False))
    )
