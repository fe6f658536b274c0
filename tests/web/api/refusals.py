"""How a refusal is read by a test: one problem, in both languages, of a bearable length."""

import re
from typing import Any

from django.http import HttpResponse

from .conftest import Caller

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def refused(caller: Caller, fact: Any) -> tuple[str, str]:
    """Code and field of the one refusal of a fact."""
    receipt = caller.record([fact])
    (refusal,) = receipt["refused"]
    assert (receipt["created"], receipt["unchanged"], refusal["place"]) == (0, 0, 0)
    assert_bilingual(refusal)
    return refusal["code"], refusal["field"]


def failed(response: HttpResponse, status: int) -> dict[str, Any]:
    """The one problem of a request refused whole."""
    assert response.status_code == status, response.content.decode()
    (problem,) = response.json()["problems"]
    assert_bilingual(problem)
    return problem


def assert_bilingual(told: dict[str, Any]) -> None:
    assert CHINESE.search(told["zh"]), told
    assert re.search(r"[a-z]{3}", told["en"]), told
    assert max(len(told["zh"]), len(told["en"])) <= 300
