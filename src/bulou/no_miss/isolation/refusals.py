"""Why an act about a room or a person in isolation is refused, and what to do instead."""

from collections.abc import Sequence

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text
from bulou.no_miss.isolation.models import Room

_WHY = {
    "taken": Text(
        zh="房间里有人。一人一间：请另选空闲房间；确需同住的（如儿童与监护人），先申请并由另一人批准。",
        en="Somebody is in it. One person, one room: choose a free one; where two cannot be apart (a child and its "
        "guardian), ask first and have another account agree.",
    ),
    "unclean": Text(
        zh="上一位离开后还没有终末消毒。请先消毒并登记，再安排入住。",
        en="It has not had terminal disinfection since the last person left. Disinfect it, record that, then admit.",
    ),
    "broken": Text(
        zh="房间已停用。请另选，或先恢复使用。", en="It is out of use. Choose another, or put it right first."
    ),
    "full": Text(zh="同住已满员。请另选房间。", en="It is full, even for those who share. Choose another room."),
    "no_room": Text(zh="这里不是登记过的房间。", en="This is not a room on the books."),
}


def not_to_be_had(room: Room, trouble: str) -> BulouError:
    """The room is not free, and why."""
    return _refusal(
        f"room.{trouble}",
        f"{room.number} 房不能入住，没有登记。",
        f"Room {room.number} cannot be used; nothing was recorded.",
        _WHY[trouble],
    )


def not_open(room: Room) -> BulouError:
    return _refusal(
        "site.not_open",
        f"隔离点没有启用，{room.number} 房不能入住，没有登记。",
        f"The site is not open, so nobody goes into room {room.number}; nothing was recorded.",
        Text(
            zh="请在房间图下“启用、自查和专班”里逐项自查，全部合格后启用。",
            en="Below the room board, “Opening, checks and team”: record the checks; all in order, open it.",
        ),
    )


def not_fit(failing: Sequence[tuple[Text, Sequence[Text]]]) -> BulouError:
    """Why a site may not open: each check with what was wanting, or that it was never gone through."""
    zh = "；".join(f"{title.zh}：{'、'.join(one.zh for one in wanting) or '从未自查'}" for title, wanting in failing)
    en = "; ".join(
        f"{title.en}: {', '.join(one.en for one in wanting) or 'never gone through'}" for title, wanting in failing
    )
    return _refusal(
        "site.not_fit",
        f"还不能启用，没有登记。{zh}。",
        f"It may not open yet; nothing was recorded. {en}.",
        Text(zh="请整改后重新自查，再启用。", en="Put it right, record the check again, then open it."),
    )


def still_here(number: int) -> BulouError:
    return _refusal(
        "site.inhabited",
        f"还有 {number} 人在住，不能停用，没有登记。",
        f"It does not close over those who are in it ({number}); nothing was recorded.",
        Text(zh="请先逐人解除或移交。", en="Release them or hand them over first."),
    )


def kept(room: Room) -> BulouError:
    return _refusal(
        "room.kept",
        f"{room.number} 房已为另一人预留，没有登记。",
        f"Room {room.number} is kept for somebody else; nothing was recorded.",
        Text(zh="请另选，或先取消预留。", en="Choose another, or let the reservation go first."),
    )


def inhabited(room: Room) -> BulouError:
    return _refusal(
        "room.inhabited",
        f"{room.number} 房里还有人，终末消毒没有登记。",
        f"Somebody is still in room {room.number}; no terminal disinfection was recorded.",
        Text(zh="人离开后再做终末消毒；在住期间请登记日常消毒。", en="Do it when they have left; until then, routine."),
    )


def no_room() -> BulouError:
    return _refusal(
        "room.unknown",
        "在您的属地内没有这个房间，没有登记。",
        "There is no such room in your area; nothing was recorded.",
        Text(zh="请从房间图上选择。", en="Choose one from the room board."),
    )


def no_person() -> BulouError:
    return _refusal(
        "person.unknown",
        "在您的属地内没有这个人，没有登记。",
        "There is no such person in your area; nothing was recorded.",
        Text(zh="请先查找或建档。", en="Search for them, or open a file first."),
    )


def no_stay() -> BulouError:
    return _refusal(
        "stay.none",
        "此人现在不在您这里的集中隔离中，没有登记。",
        "This person is not in an isolation site of yours now; nothing was recorded.",
        Text(zh="请刷新房间图核对。", en="Refresh the room board and look again."),
    )


def has_a_room() -> BulouError:
    return _refusal(
        "person.has_a_room",
        "此人已经在隔离，一人只能有一处，没有登记。",
        "This person is in isolation already, and can be in one place only; nothing was recorded.",
        Text(
            zh="换房间请用“调换房间”；在别处的，请先由那里解除或交接。",
            en="To change rooms use “Move”; if they are elsewhere, have them released or handed over there first.",
        ),
    )


def no_request() -> BulouError:
    return _refusal(
        "request.none",
        "没有这项申请，没有登记。",
        "There is no such request; nothing was recorded.",
        Text(zh="请先由一人提出申请。", en="Have somebody ask first."),
    )


def two_people() -> BulouError:
    return _refusal(
        "request.two_people",
        "批准要由申请人以外的另一个账号作出，没有登记。",
        "Another account than the one that asked must agree; nothing was recorded.",
        Text(zh="请另一位负责人登录自己的账号批准。", en="Have another person in charge sign in and agree."),
    )


def just_begun() -> BulouError:
    return _refusal(
        "stay.just_begun",
        "隔离就在此刻开始，不能同时结束，没有登记。",
        "The isolation began this very moment and cannot end in it; nothing was recorded.",
        Text(zh="演练时钟请先走动，再解除。", en="In a drill, move the clock on first."),
    )


def may_not_go(missing: Sequence[Text]) -> BulouError:
    zh, en = "；".join(text.zh for text in missing), "; ".join(text.en for text in missing)
    return _refusal(
        "release.guard",
        f"还不能解除，没有登记。未满足：{zh}。",
        f"The person may not go yet; nothing was recorded. Not met: {en}.",
        Text(
            zh="请先补齐；确需提前的，一人申请、另一人批准。",
            en="Have it done first; where it cannot wait, one account asks and another agrees.",
        ),
    )


def _refusal(code: str, zh: str, en: str, remedy: Text) -> BulouError:
    return BulouError(Problem(code, Text(zh=zh, en=en), remedy))
