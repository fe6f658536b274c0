"""Facts of support: help asked and given, guidance, and what the public is told."""

from typing import Literal

from pydantic import Field

from bulou.directory.facts import Code, Words
from bulou.kernel.facts import FactData, fact


class Help(FactData):
    """A need of a person, or of an area."""

    need: Code | None = Field(None, title="需求", description="Code of the need, such as food, medicine or police")
    words: Words | None = Field(None, title="说明", description="In the words of who asks or answers")


@fact("help.requested", on="person area", zh="求助", en="Help requested")
class HelpRequested(Help):
    """Somebody asks for help."""

    need: Code = Field(title="需求", description="Code of the need, such as food, medicine or police")


@fact("help.answered", on="person area", zh="响应求助", en="Help answered")
class HelpAnswered(Help):
    """Somebody has taken the request and is acting on it."""


@fact("help.closed", on="person area", zh="求助办结", en="Help closed")
class HelpClosed(Help):
    """The need is met."""


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


KINDS = (HelpRequested, HelpAnswered, HelpClosed, NoticePublished, GuidanceGiven, RumourNoted)
