"""What a fact says that discharges a duty: sensible data for the kinds we know, valid data for any other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from bulou.kernel.facts import FactData, FactKinds
from bulou.oversight.drills.synthetic.model import Unit
from bulou.oversight.drills.synthetic.story import DISEASE, Story, celsius
from bulou.plan.matching import covers, holds
from bulou.plan.rules import Condition, Trigger

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """The duty to be discharged: about whom, where, when, and by which unit (None where nobody owns it)."""

    kind: str
    subject: str
    area: str
    at: datetime
    owner: Unit | None
    random: Random

    def one_of(self, *options: str) -> str:
        return self.random.choice(options)


def answer(story: Story, kinds: FactKinds, must: Trigger, question: Question) -> Data:
    """Data for the fact, of its schema and satisfying the conditions of the trigger that are in force."""
    known = _ANSWERS.get(question.kind)
    data = _fields(kinds[question.kind]) | (known(story, question) if known else {})
    for condition in must.where:
        if covers(condition, question.at.date()) and not holds(condition, data.get(condition.field)):
            data[condition.field] = _satisfying(condition)
    return {key: value for key, value in data.items() if value is not None}


def _satisfying(condition: Condition) -> Any:
    value = condition.value[0] if isinstance(condition.value, tuple) else condition.value
    if condition.op in ("in", "gte", "lte"):
        return value
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value - 1 if condition.op == "lt" else value + 1
    return not value if isinstance(value, bool) else "other"


@cache
def _fields(kind: type[FactData]) -> Data:
    """The least data of a kind: its required fields, each with a plain value its schema allows."""
    schema = kind.model_json_schema(by_alias=True)
    required = schema.get("required", ())
    return {name: _plain(schema["properties"][name]) for name in required}


def _plain(schema: Mapping[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    plain = {"integer": 1, "number": schema.get("minimum", 1), "boolean": True, "array": []}
    text = {"date-time": "2020-02-01T00:00:00+08:00", "date": "2020-02-01"}.get(schema.get("format", ""), "other")
    return plain.get(schema.get("type", "string"), text)


def _temperature(story: Story, question: Question) -> Data:
    fever = story.feverish(question.subject, question.at)
    return {"celsius": celsius(question.random, fever=fever), "method": "axillary"}


def _assessment(story: Story, question: Question) -> Data:
    if not story.feverish(question.subject, question.at):
        return {"finding": "well", "symptoms": [], "visit": "home"}
    ill = question.subject in story.leaves or story.chance.of("cough", question.subject).random() < 0.4
    if ill and question.subject not in story.suspected:
        story.suspected.add(question.subject)
        return {"finding": "suspect", "symptoms": ["fever", "cough"], "visit": "home"}
    return {"finding": "refer" if ill else "well", "symptoms": ["fever"], "visit": "home"}


def _symptoms(story: Story, question: Question) -> Data:
    return {"symptoms": ["fever"] if story.feverish(question.subject, question.at) else []}


def _check(story: Story, question: Question) -> Data:
    """The arrival as it was declared, measured and sent into isolation where its origin calls for it."""
    declared = story.origins.get(question.subject, {})
    outcome = "passed" if declared.get("risk") == "low" else "isolate"
    return {**declared, "celsius": celsius(question.random, fever=False), "outcome": outcome}


def _place(story: Story, question: Question) -> Data:
    person = story.people.get(question.subject)
    if person is None:
        return {"kind": "central", "days": 14}
    site = story.sites.get(("isolation_site", person.area[:6])) if question.subject in story.central else None
    place = site.subject if site else f"place:{person.household}"
    return {"kind": "central" if site else "home", "place": place, "days": 14}


def _manager(story: Story, question: Question) -> Data:
    surname = question.one_of(*"王李张刘陈杨赵黄周吴")
    return {"manager": f"{surname}{question.one_of('主任', '书记', '医生', '网格员')}", "phone": "19900999999"}


def _enrolment(story: Story, question: Question) -> Data:
    source = story.about.get(question.subject)
    return {"category": "close_contact" if source else "arrival", "ref": source}


def _visit(story: Story, question: Question) -> Data:
    home = question.subject.removeprefix("place:")
    size = story.members.get(home, 1)
    present = size if question.random.random() < 0.9 else max(size - 1, 0)
    return {"present": present, "expected": size, "symptomatic": 0}


def _hospital(story: Story, question: Question) -> Data:
    hospital = story.owners.of("designated_hospital", question.area)
    bed = f"{question.random.randint(1, 40):02}"
    return {"unit": hospital and f"unit:{hospital.id}", "ward": f"{question.random.randint(1, 8)}病区", "bed": bed}


def _register(story: Story, question: Question) -> Data:
    return {"register": "key_population", "persons": question.random.randint(5, 60)}


def _report(story: Story, question: Question) -> Data:
    return {"persons": question.random.randint(5, 60), "abnormal": question.random.choice((0, 0, 0, 1))}


def _episode(story: Story, question: Question) -> Data:
    episode = story.episodes.get(question.subject)
    return {"disease": DISEASE, "person": episode.person.subject} if episode else {}


def _consultation(story: Story, question: Question) -> Data:
    episode = story.episodes.get(question.subject)
    confirmed = episode.confirmed if episode else None
    level = question.one_of("county", "city")
    if confirmed and question.at > confirmed:
        return {"conclusion": "treat", "advice": "按现行诊疗方案，密切观察氧合", "level": level}
    return {"conclusion": "confirmed", "advice": "结合核酸与影像判定", "level": level}


def _fixed(data: Data) -> Callable[[Story, Question], Data]:
    return lambda story, question: dict(data)


_ANSWERS: dict[str, Callable[[Story, Question], Data]] = {
    "temperature.read": _temperature,
    "medic.assessed": _assessment,
    "symptoms.reported": _symptoms,
    "isolation.started": _place,
    "isolation.ordered": _place,
    "manager.named": _manager,
    "person.enrolled": _enrolment,
    "household.visited": _visit,
    "episode.admitted": _hospital,
    "episode.isolated": _hospital,
    "register.reported": _register,
    "report.filed": _report,
    "episode.excluded": _episode,
    "episode.confirmed": _episode,
    "expert.consulted": _consultation,
    "medic.notified": _fixed({"because": "temperature"}),
    "fever_clinic.visited": _fixed({"triage": "suspect", "exposure_history": True}),
    "visit.concluded": lambda story, q: {
        "outcome": q.random.choices(("home", "observed", "transferred"), (6, 3, 1))[0]
    },
    "arrival.checked": _check,
    "followup.made": lambda story, q: {"means": q.one_of("phone", "visit"), "reached": q.random.random() < 0.98},
    "patrol.made": lambda story, q: {"means": q.one_of("visit", "phone"), "present": q.random.random() < 0.992},
    "residence.checked": lambda story, q: {"lives_here": q.random.random() < 0.97},
    "release.assessed": _fixed({"outcome": "complete", "days": 14}),
    "file.opened": lambda story, q: {"number": f"TJ-{q.random.randint(100000, 999999)}"},
    "watch.kept": lambda story, q: {"officers": q.random.randint(2, 6), "incidents": 0},
    "group.formed": lambda story, q: {
        "members": q.random.randint(4, 14),
        "lead": q.one_of("王主任", "李书记", "张主任"),
    },
    "group.staffed": lambda story, q: {"staff": q.random.randint(6, 20), "short": q.random.randint(0, 2)},
    "medics.stationed": lambda story, q: {"doctors": q.random.randint(1, 3), "nurses": q.random.randint(2, 6)},
    "capacity.reported": lambda story, q: {"quantity": q.random.randint(5, 200)},
    "zero_report.filed": _fixed({"count": 0}),
    "checklist.completed": _fixed({"failed": []}),
    "episode.reported": _fixed({"system": "中国疾病预防控制信息系统"}),
    "treatment.planned": _fixed({"plan": "氧疗、抗病毒与对症支持，每日评估"}),
    "guidance.given": lambda story, q: {"means": q.one_of("visit", "phone")},
    "training.held": lambda story, q: {"attended": q.random.randint(12, 80)},
    "room.cleaned": _fixed({"kind": "routine", "agent": "含氯消毒剂 500 mg/L"}),
    "place.disinfected": _fixed({"kind": "terminal", "agent": "含氯消毒剂 1000 mg/L"}),
    "help.answered": lambda story, q: {"need": story.needs.get(q.subject), "words": "已联系并安排"},
    "arrival.declared": _fixed({"risk": "high"}),
    "specimen.collected": _fixed({"risk": "at_risk"}),
    "specimen.resulted": _fixed({"result": "negative", "assay": "nucleic_acid", "risk": "at_risk"}),
}
