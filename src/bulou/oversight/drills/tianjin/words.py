"""The words of the Tianjin line list: what each phrase of its free text means.

The list was typed by hand from daily announcements, so `reading.read` also accepts near misses of these phrases.
"""

from dataclasses import dataclass
from enum import StrEnum

from bulou.kernel.text import Text


class Relation(StrEnum):
    """What a case is to the case it is linked to."""

    FAMILY = "family"
    RELATIVE = "relative"
    WIFE = "wife"
    HUSBAND = "husband"
    MOTHER = "mother"
    SON = "son"
    DAUGHTER = "daughter"
    BROTHER = "brother"
    SISTER = "sister"
    SON_IN_LAW = "son_in_law"
    COWORKER = "coworker"
    WORKPLACE = "workplace"
    CLOSE_CONTACT = "close_contact"
    NAMED = "named"

    @property
    def group(self) -> str:
        """`family`, `work`, `contact`, or `named` where the text names a case and not the relation."""
        if self in (Relation.COWORKER, Relation.WORKPLACE):
            return "work"
        return {Relation.CLOSE_CONTACT: "contact", Relation.NAMED: "named"}.get(self, "family")

    @property
    def sex(self) -> str | None:
        """`F` or `M` where the word says so."""
        return _SEX.get(self)

    @property
    def text(self) -> Text:
        zh, en = _TITLES[self]
        return Text(zh=zh, en=en)


_SEX = {
    Relation.WIFE: "F",
    Relation.MOTHER: "F",
    Relation.DAUGHTER: "F",
    Relation.SISTER: "F",
    Relation.HUSBAND: "M",
    Relation.SON: "M",
    Relation.BROTHER: "M",
    Relation.SON_IN_LAW: "M",
}
_TITLES = {
    Relation.FAMILY: ("家人", "family"),
    Relation.RELATIVE: ("亲属", "relative"),
    Relation.WIFE: ("妻子", "wife"),
    Relation.HUSBAND: ("丈夫", "husband"),
    Relation.MOTHER: ("母亲", "mother"),
    Relation.SON: ("儿子", "son"),
    Relation.DAUGHTER: ("女儿", "daughter"),
    Relation.BROTHER: ("兄弟", "brother"),
    Relation.SISTER: ("姐妹", "sister"),
    Relation.SON_IN_LAW: ("女婿", "son-in-law"),
    Relation.COWORKER: ("同事", "coworker"),
    Relation.WORKPLACE: ("到过其工作场所", "was at the workplace"),
    Relation.CLOSE_CONTACT: ("密切接触者", "close contact"),
    Relation.NAMED: ("来源(关系未载)", "named as source"),
}


class Setting(StrEnum):
    """Where a case was exposed, as its own row says."""

    WUHAN = "wuhan"
    HUBEI = "hubei"
    ARRIVAL_CONTACT = "arrival_contact"
    TRAIN = "train"
    TRAIN_IMPORT = "train_import"
    MALL = "mall"
    MALL_WORKER = "mall_worker"
    MALL_NEIGHBOUR = "mall_neighbour"
    BAODI = "baodi"
    VILLAGE = "village"
    SCHOOL = "school"
    TRAVEL = "travel"
    CONFIRMED = "confirmed_patient"
    PARTNER = "business_partner"
    UNKNOWN = "unknown"


class Cluster(StrEnum):
    """The outbreak a case belongs to. The order is the order of precedence: a local chain before its import."""

    TRAIN = "train"
    MALL = "mall"
    WUHAN = "wuhan"
    TRAVEL = "travel"
    UNKNOWN = "unknown"


CLUSTER_OF = {
    Setting.WUHAN: Cluster.WUHAN,
    Setting.HUBEI: Cluster.WUHAN,
    Setting.ARRIVAL_CONTACT: Cluster.WUHAN,
    Setting.TRAIN: Cluster.TRAIN,
    Setting.TRAIN_IMPORT: Cluster.TRAIN,
    Setting.MALL: Cluster.MALL,
    Setting.MALL_WORKER: Cluster.MALL,
    Setting.MALL_NEIGHBOUR: Cluster.MALL,
    Setting.BAODI: Cluster.MALL,
    Setting.VILLAGE: Cluster.MALL,
    Setting.TRAVEL: Cluster.TRAVEL,
}
IMPORTED = frozenset({Setting.WUHAN, Setting.HUBEI, Setting.TRAIN_IMPORT, Setting.TRAVEL})


@dataclass(frozen=True, slots=True)
class Ignored:
    """A word that carries nothing of its own."""


IGNORED = Ignored()
Meaning = Relation | Setting | Ignored

SOURCES: dict[str, Meaning] = {
    **dict.fromkeys(("family", "family member", "family members"), Relation.FAMILY),
    **dict.fromkeys(("relative", "relatives"), Relation.RELATIVE),
    **dict.fromkeys(("coworker", "coworkers", "colleague", "colleagues"), Relation.COWORKER),
    **dict.fromkeys(("brother", "younger brother"), Relation.BROTHER),
    **dict.fromkeys(("close contact", "close contacts", "closing contact"), Relation.CLOSE_CONTACT),
    "appeared in workplaces": Relation.WORKPLACE,
    "wife": Relation.WIFE,
    "husband": Relation.HUSBAND,
    "mother": Relation.MOTHER,
    "son": Relation.SON,
    "daughter": Relation.DAUGHTER,
    "sister": Relation.SISTER,
    "son in law": Relation.SON_IN_LAW,
    "affect by": Relation.NAMED,
    "wuhan": Setting.WUHAN,
    "hubei": Setting.HUBEI,
    "living in hubei": Setting.HUBEI,
    "person from wuhan": Setting.ARRIVAL_CONTACT,
    **dict.fromkeys(("train", "train crew", "worker in the train company"), Setting.TRAIN),
    "train import": Setting.TRAIN_IMPORT,
    **dict.fromkeys(("mall", "shopping mall", "superstore", "shopping", "shopper", "shopped"), Setting.MALL),
    **dict.fromkeys(("superstore worker", "temporary worker in the mall"), Setting.MALL_WORKER),
    **dict.fromkeys(
        (
            "living in the mall proximity",
            "living at the proximity of the mall",
            "living at proximity of baodi shopping mall",
        ),
        Setting.MALL_NEIGHBOUR,
    ),
    "baodi": Setting.BAODI,
    "living in baodi": Setting.BAODI,
    "contact with shoppers living in the same village": Setting.VILLAGE,
    "high school": Setting.SCHOOL,
    **dict.fromkeys(("travel", "trip", "dalian", "hebei", "huhehaote"), Setting.TRAVEL),
    "confirmed patient": Setting.CONFIRMED,
    "business partner": Setting.PARTNER,
    **dict.fromkeys(("unknown", "unclear", "unclear infection source"), Setting.UNKNOWN),
    **dict.fromkeys(("of", "a", "the", "in", "at", "to", "with"), IGNORED),
}
"""Every phrase that may stand in `Infection_source`, beside the case numbers."""

NOTED_SETTINGS: dict[str, Setting] = {
    "shopping": Setting.MALL,
    "hometown": Setting.TRAVEL,
    "travel": Setting.TRAVEL,
    "bj": Setting.TRAVEL,
}
"""What a note adds where the source itself names no place."""


class Window(StrEnum):
    """What the end of the exposure window stands for, by the row's note."""

    ONSET = "onset"
    ARRIVAL = "arrival"
    QUARANTINE = "quarantine"
    CONFIRMATION = "confirmation"
    SHOPPING = "shopping"
    WORK = "work"
    STAY = "stay"
    CONTACT = "contact"
    UNSTATED = "unstated"


WINDOWS: dict[str, Window] = {
    "quarantine": Window.QUARANTINE,
    "quarantined": Window.QUARANTINE,
    "confirmation": Window.CONFIRMATION,
    **dict.fromkeys(("arrival", "returning", "return", "left"), Window.ARRIVAL),
    **dict.fromkeys(("shopping",), Window.SHOPPING),
    **dict.fromkeys(("last day of working", "working time"), Window.WORK),
    "visit clinic": Window.UNSTATED,
    **dict.fromkeys(("visiting", "visit", "staying", "travelling", "travel"), Window.STAY),
    **dict.fromkeys(
        ("contacting", "contact", "contacts", "containg", "meeting", "dinner", "working with"), Window.CONTACT
    ),
    **dict.fromkeys(("symptom onset", "onset"), Window.ONSET),
}


class Symptom(StrEnum):
    """The normalised vocabulary of symptoms."""

    FEVER = "fever"
    COUGH = "cough"
    DRY_COUGH = "dry_cough"
    SPUTUM = "sputum"
    SORE_THROAT = "sore_throat"
    NASAL_CONGESTION = "nasal_congestion"
    RUNNY_NOSE = "runny_nose"
    SNEEZING = "sneezing"
    SHORTNESS_OF_BREATH = "dyspnoea"
    CHEST_TIGHTNESS = "chest_tightness"
    RESPIRATORY = "respiratory_symptoms"
    FATIGUE = "fatigue"
    MYALGIA = "myalgia"
    HEADACHE = "headache"
    DIZZINESS = "dizziness"
    CHILLS = "chills"
    DIARRHOEA = "diarrhoea"
    NAUSEA = "nausea"
    VOMITING = "vomiting"
    ABDOMINAL_PAIN = "abdominal_pain"
    DISCOMFORT = "discomfort"


NO_SYMPTOM = "none"
NOT_RECORDED = "not recorded"

SYMPTOMS: dict[str, Symptom | str] = {
    "fever": Symptom.FEVER,
    "cough": Symptom.COUGH,
    "dry cough": Symptom.DRY_COUGH,
    "sputum": Symptom.SPUTUM,
    **dict.fromkeys(("sore throat", "throat discomfort", "throat pain", "dry throat"), Symptom.SORE_THROAT),
    "stuffy nose": Symptom.NASAL_CONGESTION,
    "running nose": Symptom.RUNNY_NOSE,
    "sneeze": Symptom.SNEEZING,
    "short of breath": Symptom.SHORTNESS_OF_BREATH,
    "chest tightness": Symptom.CHEST_TIGHTNESS,
    "respiratory symptoms": Symptom.RESPIRATORY,
    **dict.fromkeys(("fatigue", "general weakness"), Symptom.FATIGUE),
    **dict.fromkeys(("body aches", "muscle ache", "sore limbs"), Symptom.MYALGIA),
    **dict.fromkeys(("headache", "head ache"), Symptom.HEADACHE),
    **dict.fromkeys(("dizziness", "dizzy"), Symptom.DIZZINESS),
    "cold": Symptom.CHILLS,
    "diarrhea": Symptom.DIARRHOEA,
    "nausea": Symptom.NAUSEA,
    "vomit": Symptom.VOMITING,
    "abdominal pain": Symptom.ABDOMINAL_PAIN,
    "discomfort": Symptom.DISCOMFORT,
    "none": NO_SYMPTOM,
    "na": NOT_RECORDED,
}
"""Every phrase of `symptom_type`."""

SEVERITIES = {"normal": "moderate", "severe": "severe", "minor": "mild", "unclassified": "unclassified"}
"""The list's severities and ours, the national protocol's mild, moderate (普通型) and severe."""
