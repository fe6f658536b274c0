"""Facts of testing: a specimen from the swab to the result."""

from typing import Literal

from pydantic import Field

from bulou.directory.facts import Code, Count, Ref
from bulou.kernel.facts import FactData, fact

Risk = Literal["at_risk", "routine"]


@fact("specimen.collected", on="person tube", zh="采样", en="Specimen collected")
class SpecimenCollected(FactData):
    """A swab is in the tube."""

    risk: Risk = Field("routine", title="人群", description="People at risk, or routine testing: their clocks differ")
    tube: Ref | None = Field(None, title="试管", description="Tube id, where the subject is a person")
    site: Literal["nasopharyngeal", "oropharyngeal", "nasal", "sputum", "lavage", "blood", "anal", "surface"] | None = (
        Field(None, title="部位", description="What was sampled")
    )
    pool: Count | None = Field(None, title="混样人数", description="Persons in one tube, count")


@fact("specimen.received", on="person tube", zh="收样", en="Specimen received")
class SpecimenReceived(FactData):
    """The laboratory has the tube."""

    risk: Risk = Field("routine", title="人群", description="People at risk, or routine testing")
    tube: Ref | None = Field(None, title="试管", description="Tube id, where the subject is a person")
    laboratory: Ref | None = Field(None, title="实验室", description="Unit that received it")


@fact("specimen.resulted", on="person tube", zh="检测结果", en="Specimen resulted")
class SpecimenResulted(FactData):
    """The result is out."""

    result: Literal["negative", "positive", "inconclusive"] = Field(title="结果", description="Result of the test")
    assay: Code | None = Field(None, title="方法", description="Kind of test, such as nucleic_acid or igm_igg")
    ct: float | None = Field(None, ge=0, le=60, title="Ct 值", description="Lowest cycle threshold, cycles")
    risk: Risk = Field("routine", title="人群", description="People at risk, or routine testing")
    tube: Ref | None = Field(None, title="试管", description="Tube id, where the subject is a person")
    laboratory: Ref | None = Field(None, title="实验室", description="Unit that tested it")


@fact("result.reported", on="person tube", zh="检测结果上报", en="Result reported")
class ResultReported(FactData):
    """The laboratory told the authority above of a result."""

    to: Ref | None = Field(None, title="报送对象", description="Unit that was told and answered")


KINDS = (SpecimenCollected, SpecimenReceived, SpecimenResulted, ResultReported)
