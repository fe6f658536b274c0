"""The program a phone keeps: which files, by the hash of their content, and the pages around them; nobody in them."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext, override
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from bulou.kernel.errors import BulouError
from bulou.web.field.sync.said import said

LANGUAGES = {"zh-Hans": "zh-hans", "en": "en"}
"""The language of a shell, as HTML and as Django write it."""
STYLES = ("web/bulou.css", "web/parts.css", "web/pages.css", "web/lists.css", "web/modes.css")
SCRIPTS = ("web/theme.js", "web/bulou.js", "vendor/dexie/dexie.min.mjs")
OWN = ("reset.css", "phone.css", "bar.js", "entries.js", "keeper.js", "online.js", "seal.js", "shell.js", "store.js")
MORE = ("wipe.js", "leaving.js", "words.js")
FILES = ("web/icons.svg", "web/mark.svg", *STYLES, *SCRIPTS, *(f"web/field/{name}" for name in (*OWN, *MORE)))
FRESH = {"Cache-Control": "no-cache"}
SIZES = {"icon-192.png": "192x192", "icon-512.png": "512x512"}


@require_GET
@gzip_page
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with what it keeps written at its head: it changes when any of that does."""
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8", headers=FRESH)


@require_GET
@gzip_page
def shell(request: HttpRequest, language: str) -> HttpResponse:
    """The empty page that draws what a phone keeps. It is the same for everybody, so it may be kept itself."""
    if language not in LANGUAGES:
        raise Http404
    return HttpResponse(_shell(language), headers=FRESH)


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to put My list on its home screen."""
    icons: list[dict[str, Any]] = [
        {"src": static(f"web/field/{name}"), "sizes": size, "type": "image/png", "purpose": purpose}
        for name, size in SIZES.items()
        for purpose in ("any", "maskable")
    ]
    given = {
        "id": "/my/",
        "start_url": "/my/",
        "scope": "/",
        "display": "standalone",
        "name": gettext("Bulou: my list"),
        "short_name": gettext("Bulou"),
        "description": gettext("What my unit owes today, with and without signal."),
        "lang": request.LANGUAGE_CODE,
        "background_color": "#f4f5f3",
        "theme_color": "#0d5c63",
        "icons": icons,
    }
    return JsonResponse(given, content_type="application/manifest+json", headers=FRESH)


@cache
def _worker() -> str:
    kept = {static(name): _hash(_file(name).read_bytes()) for name in FILES}
    kept |= {f"/my/shell/{language}/": _hash(_shell(language).encode()) for language in LANGUAGES}
    version = _hash(json.dumps(kept).encode())
    source = _file("web/field/worker.js").read_text("utf-8")
    return f"const SHELL = {json.dumps(kept, indent=1)};\nconst VERSION = {json.dumps(version)};\n{source}"


@cache
def _shell(language: str) -> str:
    with override(LANGUAGES[language]):
        return render_to_string("field/shell.html", {"lang": language, "phone_words": said()})


def _file(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise BulouError.of(
            "field.file", f"缺少文件 {name}。请运行 make setup。", f"The file {name} is missing. Run `make setup`."
        )
    return Path(found)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
