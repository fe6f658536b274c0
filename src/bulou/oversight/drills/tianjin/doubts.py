"""What does not fit together: within a case, and between the cases it names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bulou.kernel.text import Text
from bulou.oversight.drills.tianjin import notes
from bulou.oversight.drills.tianjin.links import Link, inverse
from bulou.oversight.drills.tianjin.model import Case, Doubt
from bulou.oversight.drills.tianjin.rows import CONFIRMED, NOTE, ONSET, SEX, SOURCE, SYMPTOM, TO
from bulou.oversight.drills.tianjin.words import Relation


def with_relations(case: Case, cases: Mapping[int, Case]) -> tuple[Case, list[Doubt]]:
    """The case with the relation of a merely named source supplied from elsewhere in its row, where that is possible.

    `TJ87, shopping with wife` makes TJ87 the wife; a note that speaks of family members makes the named ones family.
    """
    named = [link for link in case.links if link.relation is Relation.NAMED]
    relation = notes.relation(case.note)
    if len(named) == 1 and len(case.unlisted) == 1 and case.unlisted[0].sex == cases[named[0].to].sex:
        case, relation = replace(case, unlisted=()), inverse(case.unlisted[0])
    if relation is None or not named:
        return case, []
    links = tuple(Link(li.to, relation, li.prefix) if li in named else li for li in case.links)
    names = "、".join(f"TJ{link.to}" for link in named)
    doubt = _doubt(
        case,
        "relation-inferred",
        SOURCE,
        f"与 {names} 的关系({relation.text.zh})由行内其他文字推定",
        f"the relation to {names.replace('、', ', ')} ({relation.text.en}) is inferred from the rest of the row",
    )
    return replace(case, links=links), [doubt]


def about(case: Case, cases: Mapping[int, Case]) -> Iterator[Doubt]:
    """Every doubt that comparing the case's fields, and the cases it names, raises."""
    yield from _of_sex(case)
    yield from _of_days(case)
    yield from _of_note(case)
    yield from _of_links(case, cases)
    if case.without_symptoms and case.onset:
        yield _doubt(case, "symptoms-contradict", SYMPTOM, "载无症状,却有发病日期", "no symptoms, yet a day of onset")


def to_recheck(cases: Sequence[Case]) -> Iterator[Doubt]:
    """The cases whose original information the compilers themselves doubted."""
    named = {number for case in cases for number in notes.to_recheck(case.remark)}
    for case in cases:
        if case.number in named:
            zh, en = "编者注明原始信息待复核", "the compilers ask to check the original information again"
            yield _doubt(case, "to-recheck", "notes", zh, en)


def _of_sex(case: Case) -> Iterator[Doubt]:
    for link in case.links:
        if link.relation.sex and case.sex and link.relation.sex != case.sex:
            zh = f"载为 TJ{link.to} 的{link.relation.text.zh},性别却为 {case.sex}"
            en = f"said to be the {link.relation.text.en} of TJ{link.to}, but the sex is {case.sex}"
            yield _doubt(case, "sex-contradicts", SEX, zh, en)
    pronoun = notes.pronoun(case.note)
    if pronoun and case.sex and pronoun != case.sex:
        zh, en = "备注中的代词与性别不符", "the pronoun in the note contradicts the sex"
        yield _doubt(case, "sex-contradicts", NOTE, zh, en)


def _of_days(case: Case) -> Iterator[Doubt]:
    if case.exposed_from and case.exposed_to and case.exposed_from > case.exposed_to:
        yield _doubt(case, "window-reversed", TO, "暴露期止早于起", "the exposure window ends before it starts")
    if case.onset and case.exposed_to and case.exposed_to > case.onset:
        yield _doubt(case, "window-after-onset", TO, "暴露期止晚于发病", "the exposure window ends after the onset")
    if case.onset and case.confirmed and case.onset > case.confirmed:
        yield _doubt(case, "onset-after-confirmation", ONSET, "发病晚于确诊", "the onset is after the confirmation")
    if case.died and case.confirmed and case.died < case.confirmed:
        yield _doubt(
            case, "death-before-confirmation", CONFIRMED, "死亡早于确诊", "the death is before the confirmation"
        )


def _of_note(case: Case) -> Iterator[Doubt]:
    known = {case.exposed_from, case.exposed_to, case.onset, case.confirmed}
    for _, day in notes.days(case.note):
        if day not in known:
            zh, en = f"备注另提日期 {day}", f"the note names another day, {day}"
            yield _doubt(case, "note-names-a-day", NOTE, zh, en)
    linked = {link.to for link in case.links}
    for number in notes.cases(case.note):
        if number not in linked:
            zh, en = f"备注另提病例 {number}", f"the note names another case, {number}"
            yield _doubt(case, "note-names-a-case", NOTE, zh, en)


def _of_links(case: Case, cases: Mapping[int, Case]) -> Iterator[Doubt]:
    for link in case.links:
        other = cases[link.to]
        if case.confirmed and other.confirmed and other.confirmed > case.confirmed:
            zh, en = f"来源 {other.name} 确诊更晚", f"its source {other.name} was confirmed later"
            yield _doubt(case, "source-confirmed-later", SOURCE, zh, en)
    for relation in case.unlisted:
        zh = f"所述{relation.text.zh}不在名单内"
        en = f"the {relation.text.en} it mentions is nobody on the list"
        yield _doubt(case, "unlisted-relation", SOURCE, zh, en)


def _doubt(case: Case, code: str, column: str, zh: str, en: str) -> Doubt:
    return Doubt(case.number, code, column, Text(zh=zh, en=en))
