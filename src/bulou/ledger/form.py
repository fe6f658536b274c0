"""The form of a fact, before anything it says is read: the keys it has, what each holds, and text that can be kept."""

from collections.abc import Iterator, Mapping
from typing import Any

from bulou.kernel.errors import Problem
from bulou.kernel.facts import Fact
from bulou.kernel.text import Text

DEEPEST = 16
"""Levels of nesting inside one fact."""
LONGEST_ID = 40
TEXT, OBJECT = "text", "an object"
KEYS: Mapping[str, tuple[str, bool]] = {
    "id": (TEXT, True),
    "kind": (TEXT, True),
    "subject": (TEXT, True),
    "area": (TEXT, True),
    "at": (TEXT, True),
    "by": (TEXT, False),
    "data": (OBJECT, False),
    "supersedes": (TEXT, False),
}
"""The keys of a fact: what each holds, and whether it must be there."""
_NESTS = frozenset({dict, list, tuple})
_SPOKEN = ("id", "kind", "subject", "area", "by", "supersedes")
REMEDIES: Mapping[str, Text] = {
    "fact.malformed": Text(zh="请按事实格式重写这一项。", en="Write it as the form of a fact asks."),
    "fact.absent": Text(zh="请补上这一项。", en="Add it."),
    "fact.unknown_key": Text(zh=f"可用：{'、'.join(KEYS)}。", en=f"Known: {', '.join(KEYS)}."),
    "fact.text": Text(zh="请删去空字符和残缺的字符。", en="Take out null characters and halves of characters."),
    "fact.deep": Text(zh=f"最多 {DEEPEST} 层。", en=f"At most {DEEPEST} levels."),
    "fact.id": Text(
        zh="请用 UUID，如 0197c1de-0000-7000-8000-000000000000。", en="Use a UUID, made where the fact is made."
    ),
    "fact.kind": Text(zh="可用的事实类型见事实参考。", en="The kinds are listed in the reference of facts."),
    "fact.subject": Text(
        zh="写作 person: 加 UUID，或 area: 加区划代码等。",
        en="Write person: and a UUID, area: and a code, and the like.",
    ),
    "fact.by": Text(zh="写作 unit: 或 account: 加编号。", en="Write unit: or account: and an id."),
    "fact.data": Text(zh="各项的要求见事实参考。", en="What each field holds is in the reference of facts."),
    "fact.area": Text(
        zh="请写 2、4、6、9、12 或 15 位区划代码。", en="Write an area code of 2, 4, 6, 9, 12 or 15 digits."
    ),
    "fact.outside": Text(zh="请由当地或上级单位记录。", en="Have it recorded by a unit there, or by one above both."),
    "fact.itself": Text(zh="请写被更正事实的编号。", en="Name the fact that is to be corrected."),
    "fact.withdrawn": Text(zh="请写被撤回事实的编号。", en="Name the fact that is withdrawn."),
}
"""What to do about a refusal, where its own words do not say it already."""


def problem(code: str, zh: str, en: str, field: str = "") -> Problem:
    """A finding about a fact, with what to do about it."""
    return Problem(code, Text(zh=zh, en=en), REMEDIES.get(code), field=field)


def flaw(item: Any) -> Problem | None:
    """What keeps an item from being read as a fact at all; None where nothing does."""
    if isinstance(item, Fact):
        return _misspoken(item)
    if not isinstance(item, Mapping):
        return problem("fact.malformed", "一条事实须为 JSON 对象。", "A fact is a JSON object.")
    for name, value in item.items():
        if found := _unfit(name, str(name)[:LONGEST_ID]) or _unfit(value, str(name)[:LONGEST_ID]):
            return found
    for name in item:
        if name not in KEYS:
            return problem(
                "fact.unknown_key", f"事实没有 {name} 这一项。", f"A fact has no key {name}.", str(name)[:40]
            )
    return next(_absent_or_other(item), None)


def is_plain(item: Any) -> bool:
    """True where a glance shows the form to be right: known keys, text where text belongs, data without nesting.

    Whether each text can be kept is then seen by whoever reads it. False says only: look with `flaw`.
    """
    if type(item) is dict and item.keys() <= KEYS.keys():
        find = item.get
        said = type(find("at")) is type(find("area")) is str
        id, kind, subject, data = find("id"), find("kind"), find("subject"), find("data")
        by, supersedes = find("by"), find("supersedes")
    elif isinstance(item, Fact):
        said = type(item.area) is str
        id, kind, subject, data = item.id, item.kind, item.subject, item.data
        by, supersedes = item.by, item.supersedes
    else:
        return False
    return (
        said
        and type(id) is type(kind) is type(subject) is str
        and (by is None or type(by) is str)
        and (supersedes is None or type(supersedes) is str)
        and (data is None or (type(data) is dict and _NESTS.isdisjoint(map(type, data.values()))))
    )


def stray_id(item: Any) -> str:
    """The id of an item that was refused, where it is fit to be sent back."""
    found = item.id if isinstance(item, Fact) else item.get("id") if isinstance(item, Mapping) else None
    return found[:LONGEST_ID] if isinstance(found, str) and is_storable(found) else ""


def is_storable(text: str) -> bool:
    """False for half a surrogate pair, or a null character."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _misspoken(fact: Fact) -> Problem | None:
    """The same of a fact that was made in the program: its words are text, and can be kept."""
    for name in _SPOKEN:
        value = getattr(fact, name)
        if value is None and not KEYS[name][1]:
            continue
        if not isinstance(value, str):
            return _other(name)
        if not is_storable(value):
            return _unkept(name)
    return _unfit(fact.data, "data")


def _absent_or_other(item: Mapping[Any, Any]) -> Iterator[Problem]:
    for name, (kind, required) in KEYS.items():
        value = item.get(name)
        if value is None and required:
            yield problem("fact.absent", f"缺少 {name}。", f"{name} is missing.", name)
        if value is not None and not isinstance(value, Mapping if kind == OBJECT else str):
            yield _other(name)


def _other(name: str) -> Problem:
    kind = KEYS[name][0]
    what = "对象" if kind == OBJECT else "文本"
    return problem("fact.malformed", f"{name} 须为{what}。", f"{name} must be {kind}.", name)


def _unkept(field: str) -> Problem:
    shown = field if is_storable(field) else ""
    return problem("fact.text", "含有不能保存的字符。", "It holds characters that cannot be kept.", shown)


def _unfit(item: Any, field: str) -> Problem | None:
    """Nesting too deep to be a fact, or text no database keeps, in a value of `field`."""
    if isinstance(item, str):
        return None if is_storable(item) else _unkept(field)
    waiting = [(item, 2)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            return problem("fact.deep", "嵌套过深。", "It is nested too deeply.", "data")
        if isinstance(value, Mapping):
            waiting += [(part, depth + 1) for part in (*value, *value.values())]
        elif isinstance(value, list | tuple):
            waiting += [(part, depth + 1) for part in value]
        elif isinstance(value, str) and not is_storable(value):
            return _unkept(field)
    return None
