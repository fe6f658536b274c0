"""Which facts of handovers a person's chain takes: what breaks it is refused, and what counted goes on counting."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from bulou.custody.chain import HANDOVERS, Act, Breach, chain
from bulou.kernel.errors import Problem
from bulou.kernel.text import Text

LATE = Breach("too_late")


def refused(known: Sequence[Act], fresh: Iterable[Act]) -> dict[str, Breach]:
    """The fresh facts of handovers that do not fit among what is known of a person, by id.

    Late facts are welcome where they fit in their time, unless a receipt, an acceptance or another link that counts
    would then no longer count. Facts of other kinds are always taken: the chain follows them.
    """
    fresh = sorted(fresh, key=Act.order)
    links = [act for act in fresh if act.kind in HANDOVERS]
    kept = [*known, *(act for act in fresh if act.kind not in HANDOVERS)]
    before = chain(kept).void.keys()
    standing = {act.id for act in known if act.kind in HANDOVERS and act.id not in before}
    if not chain([*kept, *links]).void.keys() & (standing | {act.id for act in links}):
        return {}
    found: dict[str, Breach] = {}
    for act in links:
        void = chain([*kept, act]).void
        if act.id in void:
            found[act.id] = void[act.id]
        elif standing & void.keys():
            found[act.id] = LATE
        else:
            kept.append(act)
    return found


def problem(breach: Breach, names: Mapping[UUID, Text]) -> Problem:
    """A breach in words a tired person can act on."""
    text, remedy = _WORDS[breach.code]
    nobody = Text(zh="（未登记单位）", en="an unknown unit")
    name = names.get(breach.unit, nobody) if breach.unit else nobody
    said = Text(zh=text[0].format(name.zh), en=text[1].format(name.en))
    return Problem(f"custody.{breach.code}", said, Text(zh=remedy[0], en=remedy[1]))


_Words = tuple[tuple[str, str], tuple[str, str]]
_WORDS: dict[str, _Words] = {
    "nobody": (
        ("没有写明由哪个单位办理。", "It does not say which unit acts."),
        ("请在 by 中写明单位。", "Name the unit as by."),
    ),
    "unasked": (
        ("此人没有待办的交接；目前在{}手中。", "No handover of this person is under way; {} holds them."),
        (
            "请由其先发起交接；若已发起而尚未上传，请先上传。",
            "They request it first, or their request is uploaded first.",
        ),
    ),
    "under_way": (
        ("此人已在向{}交接途中。", "This person is already being handed over to {}."),
        ("请等待对方答复，或先撤销再发起。", "Wait for the answer, or cancel it and ask again."),
    ),
    "not_holder": (
        ("此人在{}手中，只有该单位可以发起交接。", "{} holds this person; only they can hand them over."),
        ("请联系该单位发起。", "Ask them to request it."),
    ),
    "not_sender": (
        ("移交方应是{}。", "The sender is {}."),
        ("请改正移交方，或留空。", "Correct the sender, or leave it out."),
    ),
    "no_receiver": (
        ("没有写明接收单位，或接收单位就是{}自己。", "It names no receiving unit, or {} itself."),
        ("请选择另一个接收单位。", "Choose another unit to receive the person."),
    ),
    "not_asked": (
        ("被请求接收的是{}，不是本单位。", "{} was asked to take this person, not you."),
        ("请由其办理；若接收方变更，请移交方撤销后重新发起。", "They must do it, or the sender cancels and asks anew."),
    ),
    "not_party": (
        (
            "只有移交方{}可以办理；出发也可由转运单位办理。",
            "This is for the sender, {}, or at departure the crew.",
        ),
        ("请联系移交方。", "Ring the sender."),
    ),
    "not_accepted": (
        ("{}尚未同意接收。", "{} has not accepted yet."),
        ("请先由其同意接收。", "Have them accept first."),
    ),
    "not_received": (
        ("{}尚未确认接收。", "{} has not confirmed receipt yet."),
        ("请先确认接收，再落实管理。", "Confirm receipt first, then settle."),
    ),
    "passed_on": (
        ("{}已把此人移交下一单位。", "{} has handed this person on already."),
        ("无需再落实管理。", "There is nothing to settle any more."),
    ),
    "already": (
        ("这一环节{}已经办结。", "{} has done this already."),
        ("无需再记。", "Nothing more needs recording."),
    ),
    "too_late": (
        ("补记会使其后已确认的交接失效。", "Recorded now, it would undo what was confirmed after it."),
        (
            "请先核对时间；确有其事的，先撤回其后的记录。",
            "Check its time; if true, first withdraw what came after.",
        ),
    ),
}
