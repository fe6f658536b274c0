"""The program a phone keeps: complete, named by its content, the same for everybody; and what travels is small."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from bulou.web.field.sync import program

SCRIPTS = Path(program.__file__).parents[2] / "static" / "web" / "field"
IMPORT = re.compile(r'from "(\./|\.\./\.\./)([^"]+)"')


def fetched(client: Client, path: str, **headers: str) -> tuple[Any, bytes]:
    """The answer, closed, and its bytes."""
    answer = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    content = b"".join(answer)
    answer.close()
    return answer, content


@pytest.fixture
def kept(client: Client, db: None) -> dict[str, str]:
    """Address to hash, as the worker has them."""
    text = client.get("/my/worker.js").text
    return dict(json.loads(text[len("const SHELL = ") : text.index("};") + 1]))


def test_every_file_is_kept_under_the_hash_of_its_content(client: Client, kept: dict[str, str]) -> None:
    for path, named in kept.items():
        if path.startswith(settings.STATIC_URL):
            found = finders.find(path.removeprefix(settings.STATIC_URL))
            assert isinstance(found, str)
            content = Path(found).read_bytes()
        else:
            content = client.get(path).content
        assert hashlib.sha256(content).hexdigest().startswith(named), path


def test_what_a_script_imports_and_a_page_links_is_kept(client: Client, kept: dict[str, str]) -> None:
    wanted = {
        f"{settings.STATIC_URL}{'web/field/' if near == './' else ''}{name}"
        for script in SCRIPTS.glob("*.js")
        for near, name in IMPORT.findall(script.read_text("utf-8"))
    }
    wanted |= set(re.findall(r'(?:href|src)="(/static/[^"#]+)', client.get("/my/shell/en/").text))

    assert wanted - kept.keys() == set()
    assert len(wanted) > 15


def test_no_page_but_the_empty_one_is_kept(kept: dict[str, str]) -> None:
    pages = {path for path in kept if not path.startswith(settings.STATIC_URL)}

    assert pages == {"/my/shell/zh-Hans/", "/my/shell/en/"}


def test_the_worker_runs_for_my_list_alone_and_is_asked_for_anew(client: Client, db: None) -> None:
    answer = client.get("/my/worker.js")

    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in answer


def test_the_empty_page_speaks_its_own_language_whoever_asks(client: Client, db: None) -> None:
    assert "Remove the list from this phone" in client.get("/my/shell/en/").text
    assert "从本机移除清单" in client.get("/my/shell/zh-Hans/").text
    assert client.get("/my/shell/fr/").status_code == 404


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "不漏：我的清单"), ("en", "Bulou: my list")])
def test_it_can_be_put_on_the_home_screen(client: Client, db: None, language: str, name: str) -> None:
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: language})

    manifest = json.loads(client.get("/my/app.webmanifest").content)

    assert (manifest["name"], manifest["start_url"], manifest["display"]) == (name, "/my/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        (size, purpose) for size in ("192x192", "512x512") for purpose in ("any", "maskable")
    }
    for icon in manifest["icons"]:
        assert fetched(client, icon["src"])[1].startswith(b"\x89PNG")


def test_the_content_policy_names_worker_and_manifest(client: Client, db: None) -> None:
    policy = client.get("/sign-in/")["Content-Security-Policy"]

    assert "worker-src 'self'" in policy
    assert "manifest-src 'self'" in policy


def test_static_text_travels_compressed_to_who_takes_it(client: Client, db: None) -> None:
    path = "/static/web/bulou.css"
    plain, content = fetched(client, path)
    answer, squeezed = fetched(client, path, Accept_Encoding="gzip, br")

    assert "Content-Encoding" not in plain
    assert (answer["Content-Encoding"], "Accept-Encoding" in answer["Vary"]) == ("gzip", True)
    assert int(answer["Content-Length"]) == len(squeezed) < len(content) // 2
    assert gzip.decompress(squeezed) == content
    assert fetched(client, path, Accept_Encoding="gzip")[1] == squeezed


def test_pictures_and_answers_without_content_are_left_alone(client: Client, db: None) -> None:
    picture, _ = fetched(client, "/static/web/field/icon-192.png", Accept_Encoding="gzip")
    since = fetched(client, "/static/web/bulou.css")[0]["Last-Modified"]
    unchanged, content = fetched(client, "/static/web/bulou.css", Accept_Encoding="gzip", If_Modified_Since=since)

    assert "Content-Encoding" not in picture
    assert (unchanged.status_code, content, "Content-Encoding" in unchanged) == (304, b"", False)
