"""The pages as a screen reader meets them: one heading, every field labelled, no id twice, every table with heads."""

from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from bulou.ledger import selectors
from web.world import World

Enter = Callable[..., Client]
VOID = {"input", "meta", "link", "br", "img", "hr", "use", "circle", "rect", "path", "col"}


class Outline(HTMLParser):
    """What a page consists of, as far as these tests ask."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.ids: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if identifier := given.get("id"):
            self.ids[identifier] += 1
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if tag == "label" and given.get("for"):
            self.labelled.add(given["for"] or "")
        if tag in ("input", "select", "textarea") and given.get("type") != "hidden":
            given["inside"] = "label" if "label" in self.open else ""
            self.fields.append(given)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag in self.open:
            self.wrong.append(f"{self.open[-1]} is not closed before </{tag}>")
            while self.open.pop() != tag:
                pass
        else:
            self.wrong.append(f"</{tag}> closes nothing")


@pytest.fixture(params=["commander", "grid_worker"])
def outlines(request: pytest.FixtureRequest, world: World, enter: Enter) -> dict[str, Outline]:
    """Every page an account opens, by address."""
    with world.everywhere():
        key = selectors.misses("120101", clause="GX-2.1.h").rows[0].key
    person, unit = f"/people/{world.first.pk}/", f"/units/{world.village.pk}/"
    plan = ["/plans/", "/plans/guangxi-2020-9/", "/plans/guangxi-2020-9/GX-2.1.h/", "/plans/compare/"]
    plan += ["/plans/guangxi-2020-9/picture/", "/plans/guangxi-2020-9/booklet/"]
    plan += ["/plans/compare/?left=guangxi-2020-9&right=shenyang-normalised", "/plans/wujin-2020-54/picture/?chapter=9"]
    lists = ["/", "/misses/", "/duties/", f"/duties/{key}/", "/my/", "/cases/", person, unit, "/account/", *plan]
    browser = enter(getattr(world, request.param), "en")
    return {path: Outline(browser.get(path).text) for path in lists}


def wrong(outlines: dict[str, Outline], find: Callable[[Outline], Any]) -> dict[str, Any]:
    return {path: found for path, outline in outlines.items() if (found := find(outline))}


def test_every_page_has_one_first_heading(outlines: dict[str, Outline]) -> None:
    assert wrong(outlines, lambda page: page.headings.count("h1") != 1) == {}


def test_no_id_is_there_twice(outlines: dict[str, Outline]) -> None:
    assert wrong(outlines, lambda page: [name for name, times in page.ids.items() if times > 1]) == {}


def test_every_field_has_a_label(outlines: dict[str, Outline]) -> None:
    def unlabelled(page: Outline) -> list[Any]:
        return [f for f in page.fields if not (f["inside"] or f.get("id") in page.labelled or f.get("aria-label"))]

    assert wrong(outlines, unlabelled) == {}


def test_tags_are_closed_in_the_order_they_were_opened(outlines: dict[str, Outline]) -> None:
    assert wrong(outlines, lambda page: page.wrong or page.open) == {}


def test_an_outline_sees_what_is_wrong() -> None:
    page = Outline('<h1>a</h1><h1>b</h1><i id="x"></i><b id="x"></b><input><p><span></p></em>')

    assert (page.headings, page.ids["x"], len(page.fields)) == (["h1", "h1"], 2, 1)
    assert page.wrong == ["span is not closed before </p>", "</em> closes nothing"]
