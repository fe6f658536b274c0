"""The kinds of file there are: people, households, places, units, and what happened to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django.utils import translation
from django.utils.translation import pgettext

from bulou.exchange.imports.columns import AREA, AT, FACT, HOUSEHOLD, PERSON, SUBJECT, Column, column
from bulou.exchange.imports.refusing import bad_file
from bulou.exchange.imports.words import FIELDS, OPTIONS
from bulou.kernel.facts import KINDS, FactData
from bulou.kernel.text import Text

STATUS = {
    "episode.confirmed": ("确诊", "确诊病例", "confirmed", "confirm", "confirmed_no_symptoms"),
    "episode.suspected": (
        "疑似",
        "疑似病例",
        "suspected",
        "suspect",
        "probable",
        "not_classified",
        "not yet classified",
    ),
    "episode.asymptomatic": ("无症状", "无症状感染者", "asymptomatic"),
    "episode.excluded": ("排除", "排除病例", "excluded", "no_case", "not_a_case", "discarded"),
}
DISEASES = {"covid-19-2020": ("新冠", "新冠肺炎", "新型冠状病毒肺炎", "新型冠状病毒感染", "covid-19", "coronavirus")}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. `brings`: `people`, `households`, `places`, `units`, `cases` or `facts` of the kind `fact`."""

    name: str
    title: Text
    columns: tuple[Column, ...]
    brings: str
    fact: str = ""

    @property
    def fields(self) -> Mapping[str, Column]:
        return {column.field: column for column in self.columns}

    @property
    def is_about_people(self) -> bool:
        return any(column.field == "id_number" for column in self.columns)


def kind(name: str) -> Kind:
    """The kind of that name, a fact kind's own name among them. BulouError where there is none."""
    found = kinds().get(name)
    if found is None and name in KINDS:
        return fact_kind(name)
    if found is None:
        listed = ", ".join(kinds())
        raise bad_file(
            "kind",
            f"没有“{name}”这一类。可用：{listed}，或任一事实种类（如 temperature.read，见 docs/reference/facts.md）。",
            f"there is no kind {name!r}. There are: {listed}, and every fact kind (docs/reference/facts.md).",
        )
    return found


@cache
def kinds() -> Mapping[str, Kind]:
    """The kinds with names of their own, in the order a page shows them."""
    found = (_people(), _households(), _places(), _units(), _enrolments(), _contacts(), _cases(), _results())
    return {kind.name: kind for kind in found}


def _people() -> Kind:
    return Kind("people", Text(zh="人员", en="People"), (*PERSON, SUBJECT), "people")


def _households() -> Kind:
    address = next(column for column in PERSON if column.field == "address")
    return Kind(
        "households", Text(zh="户", en="Households"), (address.but(required=True), AREA, HOUSEHOLD), "households"
    )


def _places() -> Kind:
    columns = (
        column(
            "name", "场所名称", "Name", "名称", "单位名称", "学校名称", "place name", required=True, example="演示小学"
        ),
        column(
            "kind",
            "场所类型",
            "Kind",
            "类型",
            "类别",
            "场所类别",
            "kind of place",
            reads="code",
            required=True,
            example="school",
        ),
        column("parent", "上级场所", "Lies in", "所属场所", "parent", example=""),
        column("unit", "责任单位", "Unit", "主管单位", "管理单位", "responsible unit", reads="unit", example=""),
        AREA,
        SUBJECT,
    )
    return Kind("places", Text(zh="场所", en="Places"), columns, "places")


def _units() -> Kind:
    columns = (
        column("name", "单位名称", "Name", "名称", "机构名称", "unit name", required=True, example="演示居委会"),
        column("name_en", "英文名称", "English name", "name en"),
        column(
            "roles",
            "职责",
            "Roles",
            "单位职责",
            "role",
            "承担职责",
            reads="roles",
            required=True,
            example="village_committee",
        ),
        column(
            "phone", "电话", "Phone", "值班电话", "联系电话", "办公电话", reads="plain_phone", example="022-10000000"
        ),
        AREA,
        SUBJECT,
    )
    return Kind("units", Text(zh="单位", en="Units"), columns, "units")


def _enrolments() -> Kind:
    base = fact_kind("person.enrolled")
    return Kind("enrolments", Text(zh="纳管名单", en="Enrolments"), base.columns, "facts", "person.enrolled")


def _contacts() -> Kind:
    base = fact_kind("contact.identified")
    return Kind("contacts", Text(zh="密接名单", en="Contacts"), base.columns, "facts", "contact.identified")


def _results() -> Kind:
    base = fact_kind("specimen.resulted")
    return Kind("results", Text(zh="检测结果", en="Laboratory results"), base.columns, "facts", "specimen.resulted")


def _cases() -> Kind:
    status = column(
        "status",
        *(
            "病例分类",
            "Classification",
            "病例类型",
            "诊断状态",
            "分类",
            "诊断分类",
            "caseclassification",
            "case status",
        ),
        reads="option",
        options=STATUS,
        required=True,
        example="确诊",
    )
    at = AT.but(says=(*AT.says, "确诊日期", "确诊时间", "诊断日期", "诊断时间", "date of diagnosis"), required=True)
    own = [
        c for c in _data_columns(KINDS["episode.confirmed"], "episode.confirmed") if c.field not in ("person", "links")
    ]
    person = [c.but(required=c.field == "area") for c in PERSON]
    return Kind("cases", Text(zh="病例名单", en="Line list"), (FACT, *person, at, status, *own), "cases")


def fact_kind(name: str) -> Kind:
    """What happened, of one fact kind: whom it is about, when, and the kind's own fields."""
    data = KINDS[name]
    about: tuple[Column, ...] = (SUBJECT,)
    if "person" in data.on:
        about = (SUBJECT, *(c.but(required=False) for c in PERSON))
    elif data.on & {"place", "unit"}:
        what = column(
            "subject_name", "名称", "Name", "场所名称", "单位名称", "场所", "单位", "机构名称", example="演示小学"
        )
        about = (SUBJECT, what, AREA.but(required=False))
    elif "area" in data.on:
        about = (AREA,)
    own = list(_data_columns(data, name))
    taken = {"fact", *(c.field for c in about)}
    own = [c.but(field=f"data.{c.field}") if c.field in taken else c for c in own]
    return Kind(
        name, data.title, (FACT, *about, AT.but(says=(*AT.says, *FIELDS.get(f"{name}.at", ()))), *own), "facts", name
    )


def _data_columns(data: type[FactData], name: str) -> Iterator[Column]:
    for attribute, info in data.model_fields.items():
        field = info.alias or attribute
        reads, options = _reading(info.annotation, field)
        if reads:
            said = (*FIELDS.get(field, ()), *FIELDS.get(f"{name}.{field}", ()))
            english = field.strip("_").replace("_", " ").capitalize()
            title = Text(zh=info.title or field, en=english)
            yield Column(field, title, said, reads, options, info.is_required())


def _reading(annotation: Any, field: str) -> tuple[str, Mapping[str, tuple[str, ...]]]:
    """How the cells of a field are read; empty for what no single cell can hold."""
    plain = _plain(annotation)
    if get_origin(plain) is Literal:
        return "option", {value: (value, *_said(value), *OPTIONS.get(value, ())) for value in get_args(plain)}
    if get_origin(plain) is tuple:
        inside = _reading(get_args(plain)[0], field)
        return (f"list:{inside[0]}", inside[1]) if inside[0] in ("text", "option", "code") else ("", {})
    if field == "disease":
        return "option", {value: (value, *said) for value, said in DISEASES.items()}
    names = {"unit": "unit", "laboratory": "unit", "hospital": "unit", "episode": "episode"}
    if field in names and plain is str:
        return names[field], {}
    simple = {"str": "text", "int": "count", "float": "number", "bool": "truth", "date": "date", "datetime": "instant"}
    return simple.get(getattr(plain, "__name__", ""), ""), {}


def _plain(annotation: Any) -> Any:
    """The type behind `X | None` and its limits."""
    if get_origin(annotation) in (Union, UnionType):
        return _plain(next(part for part in get_args(annotation) if part is not type(None)))
    return _plain(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


def _said(value: str) -> tuple[str, ...]:
    """A vocabulary word as the screens say it, in both languages."""
    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(pgettext("option", value.replace("-", "_")))
    return tuple(said)
