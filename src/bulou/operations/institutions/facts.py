"""Facts of institutions: today's checklist, today's zero, and what staff were taught."""

from pydantic import Field

from bulou.directory.facts import Code, Count, Words
from bulou.kernel.facts import FactData, fact


@fact("checklist.completed", on="place unit", zh="完成清单", en="Checklist completed")
class ChecklistCompleted(FactData):
    """Every item of a checklist was looked at."""

    checklist: Code = Field(title="清单", description="The checklist's id in its plan")
    failed: tuple[Code, ...] = Field((), title="不合格项", description="Items found wanting; empty where all hold")


@fact("zero_report.filed", on="place unit", zh="零报告", en="Zero report filed")
class ZeroReportFiled(FactData):
    """The daily count of the ill, also where it is zero."""

    count: Count = Field(title="人数", description="Persons with symptoms today, count")


@fact("training.held", on="place unit", zh="培训", en="Training held")
class TrainingHeld(FactData):
    """Staff were taught."""

    topic: Code = Field(title="内容", description="What was taught, such as case_finding or case_reporting")
    attended: Count | None = Field(None, title="参加人数", description="Staff who attended, count")
    note: Words | None = Field(None, title="备注", description="Material used, who taught")


KINDS = (ChecklistCompleted, ZeroReportFiled, TrainingHeld)
