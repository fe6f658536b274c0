"""Facts of reporting: what was sent up, and what was made public."""

from pydantic import Field

from bulou.directory.facts import Code, Count, Ref
from bulou.kernel.facts import FactData, fact


@fact("report.filed", on="unit area place zone", zh="报送", en="Report filed")
class ReportFiled(FactData):
    """A report went up one level."""

    report: Code = Field(title="报告", description="Which report, such as temperature_summary")
    to: Ref | None = Field(None, title="报送对象", description="Unit that receives it")
    persons: Count | None = Field(None, title="涉及人数", description="Persons it counts")
    abnormal: Count | None = Field(None, title="异常人数", description="Persons it counts as abnormal")


@fact("bulletin.published", on="area unit", zh="发布疫情信息", en="Bulletin published")
class BulletinPublished(FactData):
    """The public was given figures."""

    report: Code = Field(title="通报", description="Which bulletin")


KINDS = (ReportFiled, BulletinPublished)
