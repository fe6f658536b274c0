"""What a column of an import can hold, and the names it goes by."""

import dataclasses
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from bulou.kernel.text import Text

MALE, FEMALE = ("男", "男性", "m", "male", "1"), ("女", "女性", "f", "female", "2")


@dataclass(frozen=True)
class Column:
    """One field. `reads`: how its cells are read (`values.READERS`); `options`: value to its words."""

    field: str
    title: Text
    says: tuple[str, ...] = ()
    reads: str = "text"
    options: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    required: bool = False
    example: str = ""
    day_first: bool | None = None
    """Of dates as 05/01/2020, where the file shows which it is: True for the fifth of January."""

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Every word of the options to its value; a value's own letters before anybody's words."""
        found = {plain(value): value for value in self.options}
        for value, said in self.options.items():
            for name in said:
                found.setdefault(plain(name), value)
        return found

    @property
    def names(self) -> Iterable[str]:
        """Everything a heading may call it."""
        return (self.field, self.title.zh, self.title.en, *self.says)

    def but(self, **changed: object) -> "Column":
        return replace(self, **changed)  # type: ignore[arg-type]


def plain(text: str) -> str:
    """A word without width, case and spaces."""
    return unicodedata.normalize("NFKC", text).casefold().replace(" ", "")


def column(name: str, zh: str, en: str, *says: str, **more: object) -> Column:
    """A column in short."""
    return Column(name, Text(zh=zh, en=en), says, **more)  # type: ignore[arg-type]


SEXES = {
    "male": MALE,
    "female": FEMALE,
    "other": ("其他", "other"),
    "unknown": ("未知", "不详", "未说明", "unknown", "0", "9"),
}
ID_KINDS = {
    "resident": ("居民身份证", "身份证", "二代身份证", "1", "01"),
    "passport": ("护照", "passport", "2"),
    "hk_macau_permit": ("港澳居民来往内地通行证", "港澳通行证", "回乡证", "港澳居民居住证"),
    "taiwan_permit": ("台湾居民来往大陆通行证", "台胞证", "台湾居民居住证"),
    "foreign_permanent": ("外国人永久居留身份证", "外国人永久居留证", "永居证"),
    "other": ("其他证件", "其他", "军官证", "户口簿", "other"),
}
AREA = column(
    "area",
    "现住地编码",
    "Area",
    *(
        "区划代码",
        "行政区划代码",
        "属地",
        "属地编码",
        "地区编码",
        "所属社区",
        "社区",
        "村居",
        "所属村居",
        "村社区",
        "网格",
    ),
    *(
        "所属网格",
        "现住地",
        "居住地",
        "所在社区",
        "所属区域",
        "现住地行政区划",
        "社区村",
        "area code",
        "location",
        "community",
    ),
    *("location.responsiblecommunity", "responsiblecommunity", "responsibledistrict", "responsibleregion"),
    *("addresses 1 location", "addresses0locationid", "adm"),
    reads="area",
    required=True,
    example="120101001001",
)
NAME = column(
    "name",
    "姓名",
    "Name",
    "人员姓名",
    "被检人",
    "受检者姓名",
    "患者姓名",
    "密接姓名",
    "full name",
    required=True,
    example="演示甲",
)
PARTS = (
    column("family_name", "姓", "Family name", "surname", "last name", "lastname", "person.lastname"),
    column("given_name", "名", "Given name", "first name", "firstname", "person.firstname"),
)
"""A name in two columns."""
PERSON = (
    NAME,
    *PARTS,
    column("sex", "性别", "Sex", "gender", "person.sex", reads="option", options=SEXES, example="女"),
    column(
        "birth_date",
        *(
            "出生日期",
            "Date of birth",
            "出生年月日",
            "出生年月",
            "生日",
            "birthday",
            "dob",
            "birthdate",
            "person.birthdate",
        ),
        reads="date",
        example="1970-01-01",
    ),
    column("birth_year", "出生年", "Birth year", "person.birthdateyyyy", reads="count"),
    column("birth_month", "出生月", "Birth month", "person.birthdatemm", reads="count"),
    column("birth_day", "出生日", "Birth day", "person.birthdatedd", reads="count"),
    column(
        "id_kind",
        *("证件类型", "Document", "证件种类", "证件类别", "document type", "id type"),
        reads="option",
        options=ID_KINDS,
        example="居民身份证",
    ),
    column(
        "id_number",
        *(
            "身份证号",
            "ID number",
            "证件号码",
            "身份证号码",
            "证件号",
            "公民身份号码",
            "居民身份证号",
            "身份证",
            "证件编号",
        ),
        *("id no", "identity number", "national id", "person.nationalhealthid", "person.passportnumber"),
        reads="id_number",
        example="",
    ),
    column(
        "phone",
        *("手机号", "Phone", "联系电话", "手机号码", "电话", "联系方式", "本人电话", "手机", "电话号码", "移动电话"),
        *("mobile", "telephone", "phone number", "person.phone", "addresses 1 phone number", "addresses0phonenumber"),
        reads="phone",
        example="19900000001",
    ),
    column("nationality", "国籍", "Nationality", "国家", "国籍代码", "citizenship", reads="country", example="CHN"),
    AREA,
    column(
        "address",
        *(
            "现住址",
            "Address",
            "详细地址",
            "家庭住址",
            "居住地址",
            "现住地址",
            "现居住地址",
            "现住地详址",
            "住址",
            "地址",
        ),
        *("门牌号", "home address", "person.address.street", "addresses 1 address line 1", "addresses0addressline1"),
        reads="address",
        example="演示路1号",
    ),
)
"""A person's own columns."""
LEFT = (
    "序号",
    "编号",
    "户主",
    "户主姓名",
    "与户主关系",
    "关系",
    "年龄",
    "备注",
    "填报人",
    "填报单位",
    "问题与处理",
    "What is wrong, what to do",
    "no",
    "age",
    "remarks",
)
"""Headings everybody has and no field stands for: told as left out, not asked about."""
AT = column(
    "at",
    "时间",
    "Time",
    *("发生时间", "日期", "登记时间", "登记日期", "上报时间", "报告时间", "报告日期", "填报时间", "date", "date time"),
    *("reportdate", "report date", "dateofreporting", "date of reporting", "reportdatetime"),
    reads="instant",
    example="2020-02-03 08:00",
)
SUBJECT = column("subject", "对象编号", "Subject", "人员编号", "subject id", reads="subject")
FACT = column("fact", "事实编号", "Fact", "fact id", reads="uuid")
HOUSEHOLD = column("household", "户编号", "Household", "household id", reads="uuid")
"""Ids that files of our own carry, by which they are known when they come back."""
