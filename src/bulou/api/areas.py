"""Divisions: public knowledge, for everyone who is signed in."""

from typing import Annotated

from django.http import Http404
from ninja import Path, Router

from bulou.api.access import Request
from bulou.api.schemas import AreaOut, AreaRef
from bulou.directory import selectors as directory

router = Router(tags=["areas"])


@router.get("/areas/{code}", response=AreaOut)
def area(request: Request, code: Annotated[str, Path(pattern=r"^[0-9]{2,15}$")]) -> AreaOut:
    """A division by its code, the path down to it, and the divisions one level below."""
    found = directory.area(code)
    if found is None:
        raise Http404
    return AreaOut(
        **AreaRef.model_validate(found).model_dump(),
        path=[AreaRef.model_validate(step) for step in directory.area_path(code)],
        children=[AreaRef.model_validate(child) for child in directory.area_children(code)],
    )
