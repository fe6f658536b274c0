"""Why an act about a bed, a device or a patient is refused, and what to do instead."""

from collections.abc import Sequence

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.text import Text
from bulou.no_miss.treatment.models import Bed, Device

_WHY = {
    "taken": Text(zh="床上有人。请另选空床。", en="Somebody is in it. Choose a free bed."),
    "unclean": Text(
        zh="上一位患者离开后还没有终末消毒。请先消毒并登记。",
        en="It has not had terminal disinfection since the last patient left. Disinfect it, record that, then admit.",
    ),
    "broken": Text(
        zh="床位已停用。请另选，或先恢复使用。", en="It is out of use. Choose another, or put it right first."
    ),
    "no_bed": Text(zh="这里不是登记过的床位。", en="This is not a bed on the books."),
}

_WHY_NOT_ON = {
    "taken": Text(
        zh="别的患者正在用。请另选，或先为那位患者撤机。",
        en="Somebody else is on it. Choose another, or take that patient off it first.",
    ),
    "unclean": Text(
        zh="上一位患者用后还没有消毒。请先消毒并登记。",
        en="It was not disinfected since the last patient. Disinfect it, record that, then put the patient on it.",
    ),
    "broken": Text(
        zh="设备已停用。请另选，或先恢复使用。", en="It is out of use. Choose another, or put it right first."
    ),
}


def not_to_be_had(bed: Bed, trouble: str) -> BulouError:
    """The bed is not free, and why."""
    return _refusal(
        f"bed.{trouble}",
        f"{bed.number} 床不能收治，没有登记。",
        f"Bed {bed.number} cannot be used; nothing was recorded.",
        _WHY[trouble],
    )


def device_not_to_be_had(device: Device, trouble: str) -> BulouError:
    """The device is not free, and why."""
    return _refusal(
        f"device.{trouble}",
        f"{device.number} 不能用，没有登记。",
        f"Device {device.number} cannot be used; nothing was recorded.",
        _WHY_NOT_ON[trouble],
    )


def device_in_use(device: Device) -> BulouError:
    return _refusal(
        "device.in_use",
        f"{device.number} 上还有患者，消毒没有登记。",
        f"Somebody is still on device {device.number}; no disinfection was recorded.",
        Text(zh="撤机后再消毒。", en="Do it when the patient is off it."),
    )


def no_device() -> BulouError:
    return _refusal(
        "device.unknown",
        "在您的属地内没有这台设备，没有登记。",
        "There is no such device in your area; nothing was recorded.",
        Text(zh="请从设备页选择。", en="Choose one from the page of devices."),
    )


def device_elsewhere(device: Device) -> BulouError:
    return _refusal(
        "device.elsewhere",
        f"患者不在 {device.number} 所在的医院，没有登记。",
        f"The patient is not in the hospital that has {device.number}; nothing was recorded.",
        Text(zh="请先收治，再上机。", en="Admit the patient there first."),
    )


def has_one_already() -> BulouError:
    return _refusal(
        "patient.has_a_device",
        "此人已有一台同类设备，没有登记。",
        "The patient is on a device of this kind already; nothing was recorded.",
        Text(zh="要换一台，请先为患者撤机。", en="To change it, take the patient off it first."),
    )


def not_on_it(device: Device) -> BulouError:
    return _refusal(
        "patient.not_on_it",
        f"患者没有在用 {device.number}，没有登记。",
        f"The patient is not on device {device.number}; nothing was recorded.",
        Text(zh="请刷新页面看现在的情况。", en="Reload the page to see how it is now."),
    )


def kept(bed: Bed) -> BulouError:
    return _refusal(
        "bed.kept",
        f"{bed.number} 床已为另一人预留，没有登记。",
        f"Bed {bed.number} is kept for somebody else; nothing was recorded.",
        Text(zh="请另选，或先取消预留。", en="Choose another, or let the reservation go first."),
    )


def inhabited(bed: Bed) -> BulouError:
    return _refusal(
        "bed.inhabited",
        f"{bed.number} 床上还有人，终末消毒没有登记。",
        f"Somebody is still in bed {bed.number}; no terminal disinfection was recorded.",
        Text(zh="患者离开后再做终末消毒。", en="Do it when the patient has left."),
    )


def no_bed() -> BulouError:
    return _refusal(
        "bed.unknown",
        "在您的属地内没有这张床，没有登记。",
        "There is no such bed in your area; nothing was recorded.",
        Text(zh="请从病区页选择。", en="Choose one from the ward's page."),
    )


def none_free(kind: str) -> BulouError:
    return _refusal(
        "bed.none_free",
        "这类床位已没有空床，没有登记。",
        f"No {kind} bed is free here; nothing was recorded.",
        Text(zh="请换一类床位，或转其他定点医院。", en="Choose another kind, or another designated hospital."),
    )


def no_patient() -> BulouError:
    return _refusal(
        "patient.unknown",
        "在您的属地内没有这个病例，没有登记。",
        "There is no such case in your area; nothing was recorded.",
        Text(zh="请先登记疑似或确诊。", en="Record the suspicion or the diagnosis first."),
    )


def has_a_bed() -> BulouError:
    return _refusal(
        "patient.has_a_bed",
        "此人已有床位，一人一床，没有登记。",
        "This patient has a bed already, and can be in one only; nothing was recorded.",
        Text(
            zh="换床请用“调换床位”；在别院的，请先由那里转出。",
            en="To change beds use “Move”; if they are in another hospital, have them passed on there first.",
        ),
    )


def not_in_hospital() -> BulouError:
    return _refusal(
        "patient.not_in_hospital",
        "此人现在不在院，没有登记。",
        "This patient is in no hospital now; nothing was recorded.",
        Text(zh="请先收治。", en="Admit them first."),
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


def may_not_go(missing: Sequence[Text]) -> BulouError:
    zh, en = "；".join(text.zh for text in missing), "; ".join(text.en for text in missing)
    return _refusal(
        "discharge.guard",
        f"还不能出院，没有登记。未满足：{zh}。",
        f"The patient may not go home yet; nothing was recorded. Not met: {en}.",
        Text(
            zh="请先补齐；确需提前的，一人申请、另一人批准。",
            en="Have it done first; where it cannot wait, one account asks and another agrees.",
        ),
    )


def not_asked() -> BulouError:
    return _refusal(
        "dependants.not_asked",
        "还没有问过家里有没有需要照料的人，转运没有发起。",
        "Nobody has asked yet who is left at home in need of care; the move was not begun.",
        Text(
            zh="请先在本页登记：没有，或是谁、需要什么；随后即可转运。",
            en="Record it on this page first: nobody, or who and what they need. Then the move can begin.",
        ),
    )


def _refusal(code: str, zh: str, en: str, remedy: Text) -> BulouError:
    return BulouError(Problem(code, Text(zh=zh, en=en), remedy))
