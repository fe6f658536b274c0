"""Facts in, and the kinds of facts there are."""

from functools import cache
from typing import Any

from ninja import Router

from bulou.api import intake, reading
from bulou.api.access import Request
from bulou.api.errors import shown
from bulou.api.schemas import KindOut, ReceiptOut, RefusalOut
from bulou.kernel.facts import KINDS, FactData

router = Router(tags=["facts"])
ONE = {"$ref": "#/components/schemas/FactIn"}
MANY = {"type": "array", "items": ONE, "maxItems": reading.AT_MOST}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            reading.ARRAY: {"schema": {"oneOf": [MANY, ONE]}},
            reading.LINES: {"schema": {"type": "string", "description": "One fact a line"}},
        },
    }
}


@router.post("/facts", response=ReceiptOut, openapi_extra=BODY)
def record(request: Request) -> ReceiptOut:
    """Record one fact or a batch of up to 10,000, as a JSON array or JSON Lines.

    All that can be taken is taken in one transaction: the facts sent are the sum of created, unchanged and refused.
    Sending a batch again changes nothing.
    """
    receipt = intake.take(reading.read(request), request.auth)
    return ReceiptOut(
        created=receipt.created,
        unchanged=receipt.unchanged,
        refused=[
            RefusalOut(
                place=refusal.place,
                id=refusal.id,
                code=refusal.problem.code,
                field=refusal.problem.field,
                **shown(refusal.problem).model_dump(),
            )
            for refusal in receipt.refused
        ],
    )


@router.get("/kinds", response=list[KindOut])
def kinds(request: Request) -> list[KindOut]:
    """Every kind of fact, with the JSON Schema of its data."""
    return [_kind(data) for data in KINDS.values()]


@cache
def _kind(data: type[FactData]) -> KindOut:
    return KindOut(
        kind=data.kind,
        on=sorted(data.on),
        title=data.title,
        about=" ".join((data.__doc__ or "").split()),
        json_schema=data.model_json_schema(by_alias=True),
    )
