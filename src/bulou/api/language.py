"""Which language an answer is in: what the request asks for, else the account's, else Chinese."""

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from bulou.directory.models import Account

CHINESE, ENGLISH = "zh-hans", "en"


def language_of(request: HttpRequest) -> str:
    """`zh-hans` or `en`."""
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if code.startswith("zh"):
            return CHINESE
        if code.startswith("en"):
            return ENGLISH
    account = getattr(request, "auth", None)
    return account.language if isinstance(account, Account) else CHINESE
