"""Facts of institutions: their own schemes, today's checklist and zero, what staff were taught, school terms."""

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


@fact("training.held", on="place unit area", zh="培训", en="Training held")
class TrainingHeld(FactData):
    """Staff were taught."""

    topic: Code = Field(title="内容", description="What was taught, such as case_finding or case_reporting")
    attended: Count | None = Field(None, title="参加人数", description="Staff who attended, count")
    note: Words | None = Field(None, title="备注", description="Material used, who taught")


@fact("scheme.filed", on="place unit area", zh="方案预案备案", en="Scheme filed")
class SchemeFiled(FactData):
    """An institution or area has written down, or revised, its own way of doing something, and filed it."""

    scheme: Code = Field(title="方案", description="Which scheme, such as school-control or emergency")
    elements: tuple[Code, ...] = Field((), title="内容", description="Parts the scheme covers")
    words: Words | None = Field(None, title="说明", description="What changed, or where it is kept")


@fact("school.opened", on="place unit", zh="开学返校", en="School opened")
class SchoolOpened(FactData):
    """Pupils are back: the days of school begin."""

    grades: tuple[Code, ...] = Field((), title="年级", description="Grades that are back; all where empty")
    pupils: Count | None = Field(None, title="返校人数", description="Pupils back, count")


@fact("school.closed", on="place unit", zh="放假停课", en="School closed")
class SchoolClosed(FactData):
    """Holidays, or lessons suspended: the days of school end."""

    reason: Words | None = Field(None, title="原因", description="Holidays, or why lessons are suspended")


KINDS = (ChecklistCompleted, ZeroReportFiled, TrainingHeld, SchemeFiled, SchoolOpened, SchoolClosed)
