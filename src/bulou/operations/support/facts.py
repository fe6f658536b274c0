"""Facts of support: help asked, given and confirmed, volunteers, calls, what people ask about their data, notices."""

from datetime import date
from typing import Literal

from pydantic import Field

from bulou.directory.facts import Code, Ref, Words
from bulou.kernel.facts import FactData, fact

REQUEST = "The request it is about, a fact id; absent: every open one of this need"
RIGHT = "What is asked: a copy, a correction, or erasure"
Right = Literal["copy", "correction", "erasure"]


class Help(FactData):
    """A need of a person, or of an area."""

    need: Code | None = Field(None, title="需求", description="Code of the need, such as food, medicine or police")
    words: Words | None = Field(None, title="说明", description="In the words of who asks or answers")


class OfRequest(Help):
    """Something that happens to one request."""

    request: Ref | None = Field(None, title="求助", description=REQUEST)


@fact("help.requested", on="person area", zh="求助", en="Help requested")
class HelpRequested(Help):
    """Somebody asks for help."""

    need: Code = Field(title="需求", description="Code of the need, such as food, medicine or police")
    channel: Literal["own_page", "hotline", "visit", "round"] | None = Field(
        None, title="渠道", description="How it was asked"
    )


@fact("help.answered", on="person area", zh="响应求助", en="Help answered")
class HelpAnswered(OfRequest):
    """Somebody has taken the request and is acting on it."""


@fact("help.assigned", on="person area", zh="指派志愿者", en="Volunteer assigned")
class HelpAssigned(OfRequest):
    """A volunteer goes and sees to it."""

    volunteer: Ref = Field(title="志愿者", description="Who goes, a person id")


@fact("help.referred", on="person area", zh="转介", en="Help referred")
class HelpReferred(OfRequest):
    """The request goes on to another unit, such as a psychological service, which answers for it from now on."""

    to: Ref = Field(title="转介单位", description="Unit that takes it over")


@fact("help.delivered", on="person area", zh="送达", en="Help delivered")
class HelpDelivered(OfRequest):
    """Whoever saw to it says it is done; the person has not confirmed it yet."""


@fact("help.unmet", on="person area", zh="未解决", en="Need not met")
class HelpUnmet(OfRequest):
    """The person says that what was said to be done is not."""


@fact("help.closed", on="person area", zh="求助办结", en="Help closed")
class HelpClosed(OfRequest):
    """The person confirms that the need is met: by themselves, or to somebody other than who saw to it."""

    confirmed: Literal["own_page", "call", "visit"] | None = Field(
        None, title="确认方式", description="How the person confirmed it"
    )


@fact("call.taken", on="area person", zh="热线来电", en="Call taken")
class CallTaken(FactData):
    """Somebody rang the hotline, and this came of it."""

    topic: Code = Field(title="事由", description="What it was about, such as information, psychological or complaint")
    outcome: Literal["answered", "request", "referred"] = Field(
        title="处理", description="Answered at once; put down as a request; sent on to somebody else"
    )
    words: Words | None = Field(None, title="要点", description="What was asked and said")


@fact("volunteer.joined", on="person", zh="志愿者加入", en="Volunteer joined")
class VolunteerJoined(FactData):
    """Somebody helps from now on. It is no enrolment: nobody manages them."""

    skills: Words | None = Field(None, title="特长", description="What they can help with, in words")


@fact("volunteer.left", on="person", zh="志愿者退出", en="Volunteer left")
class VolunteerLeft(FactData):
    """Somebody helps no longer."""

    reason: Words | None = Field(None, title="原因", description="Why they stop")


@fact("history.told", on="person", zh="报告旅居接触史", en="Travel and contacts told")
class HistoryTold(FactData):
    """Somebody tells where a member of their family was, or whom they met."""

    member: Words = Field(title="家人", description="Who it is about, by name")
    relation: Words | None = Field(None, title="关系", description="What they are to whoever tells it")
    from_area: Words | None = Field(None, title="旅居地", description="Where they were, in words")
    left_at: date | None = Field(None, title="离开日期", description="Day they left there")
    arrived_at: date | None = Field(None, title="到达日期", description="Day they came here")
    contacts: Words | None = Field(None, title="接触情况", description="Whom they met, and when")
    told_unit: Words | None = Field(None, title="已告知单位", description="Employer or school that was told already")


@fact("contact.corrected", on="person", zh="更正联系方式", en="Contact corrected")
class ContactCorrected(FactData):
    """A person put right how they are reached. The number itself is in no fact."""

    what: Literal["phone"] = Field(title="更正内容", description="What was put right")


@fact("rights.requested", on="person", zh="个人信息请求", en="Request about personal data")
class RightsRequested(FactData):
    """A person asks for a copy of what is kept about them, to have it corrected, or to be erased."""

    right: Right = Field(title="请求", description=RIGHT)
    words: Words | None = Field(None, title="说明", description="In the words of who asks")


@fact("rights.answered", on="person", zh="答复个人信息请求", en="Request about personal data answered")
class RightsAnswered(FactData):
    """Such a request is granted or declined, with the reason. Erasure follows once nobody manages the person."""

    right: Right = Field(title="请求", description=RIGHT)
    decision: Literal["granted", "declined"] = Field(title="决定", description="Granted, or declined")
    reason: Words = Field(title="理由", description="Why, and what happens next, in words for the person")
    request: Ref | None = Field(
        None, title="所答请求", description="The request it is about, a fact id; absent: the open ones"
    )


@fact("notice.published", on="area person", zh="告知", en="Notice published")
class NoticePublished(Help):
    """The public of an area, or one person, was told something."""

    topic: Code | None = Field(None, title="主题", description="What it is about")


@fact("guidance.given", on="person place unit area", zh="指导", en="Guidance given")
class GuidanceGiven(FactData):
    """Somebody who knows told somebody who must act how to act."""

    topic: Code = Field(title="内容", description="What about, such as protection, security or infection_control")
    means: Literal["visit", "phone", "written"] | None = Field(None, title="方式", description="How it was given")
    words: Words | None = Field(None, title="要点", description="What was advised")


@fact("rumour.noted", on="area", zh="发现不实信息", en="Rumour noted")
class RumourNoted(FactData):
    """Something untrue is going round."""

    scope: Literal["domestic", "overseas"] | None = Field(None, title="范围", description="Where it goes round")
    words: Words | None = Field(None, title="内容", description="What is being said")


KINDS = (
    HelpRequested,
    HelpAnswered,
    HelpAssigned,
    HelpReferred,
    HelpDelivered,
    HelpUnmet,
    HelpClosed,
    CallTaken,
    VolunteerJoined,
    VolunteerLeft,
    HistoryTold,
    ContactCorrected,
    RightsRequested,
    RightsAnswered,
    NoticePublished,
    GuidanceGiven,
    RumourNoted,
)
