"""Templates woven into functions say what Django says, letter by letter."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.template import Context, Template, TemplateDoesNotExist, engines
from django.template.base import NodeList
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from bulou.kernel.text import Text
from bulou.ledger.selectors import DutyRow
from bulou.web.weaving import loader, parsed, writing
from bulou.web.weaving.addresses import address

Enter = Callable[..., Client]
DATA = Path(__file__).parents[1] / "data"
TEMPLATES = Path(loader.__file__).parents[1] / "templates"
ID = UUID(int=7)


class Person:
    """What pages show: attributes, methods, what must not be called, what fails."""

    name = "张<三> & \"Co\" 'x'"
    age = 41

    def __init__(self) -> None:
        self.tags = ["a", "b"]
        self.nothing = None
        self.tall = lambda: True

    def greeting(self) -> str:
        return f"<b>{self.name}</b>"

    def marked(self) -> str:
        return mark_safe("<i>safe</i>")

    def of(self, other: str) -> str:
        return other

    def erase(self) -> str:
        raise AssertionError("a page erased somebody")

    erase.alters_data = True  # type: ignore[attr-defined]

    @property
    def broken(self) -> str:
        raise AttributeError("inside")


def values() -> dict[str, Any]:
    return {
        "person": Person(),
        "people": [{"name": "甲", "n": 1}, {"name": "<乙>", "n": 2}, {"name": "丙", "n": None}],
        "pairs": [("x", 1), ("y", 2)],
        "table": {"row": {"deep": [10, 20]}, "items": "shadowed"},
        "n": 3,
        "one": 1,
        "half": 0.5,
        "money": Decimal("12.50"),
        "day": date(2020, 2, 3),
        "at": datetime(2020, 2, 3, 4, 5, tzinfo=UTC),
        "text": "a <b> & c",
        "safe": mark_safe("<u>s</u>"),
        "lazy": gettext_lazy("Misses"),
        "token_like": lazystr("<z>"),
        "title": Text(zh="标题", en="Title"),
        "none": None,
        "yes": True,
        "empty": [],
        "cell": "components/state.html",
        "sign": SimpleNamespace(name="met", icon="check", word="好"),
        "id": ID,
        "csrf_token": "abc",
        "numbers": iter([1, 2]),
        "page_name": "person",
    }


PIECES = (DATA / "weaving.txt").read_text("utf-8").splitlines()
"""A template a line."""


def both(source: str, given: Callable[[], dict[str, Any]] = values) -> tuple[str, str]:
    """What Django makes of a template, and what is made of it woven."""
    text = "{% load i18n static bulou %}" + source.replace("⏎", "\n")
    made = Template(text, engine=engines["django"].engine)
    plain = made.render(Context(given()))
    loader.weave(made)
    assert isinstance(made.nodelist, loader.Woven)
    return plain, made.render(Context(given()))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("source", PIECES)
def test_what_is_woven_says_what_django_says(source: str, language: str) -> None:
    with translation.override(language):
        plain, woven = both(source)

    assert woven == plain


@pytest.mark.parametrize(
    "source",
    ["{% for a, b, c in people %}{% endfor %}", "{{ person.broken }}", "{% url 'nowhere' %}", "{% url 'person' 'x' %}"],
)
def test_what_fails_in_django_fails_woven(source: str) -> None:
    made = Template("{% load i18n bulou %}" + source, engine=engines["django"].engine)
    with pytest.raises(Exception) as plain:
        made.render(Context(values()))
    loader.weave(made)

    with pytest.raises(type(plain.value)):
        made.render(Context(values()))


def test_what_is_made_ready_for_one_language_is_not_shown_in_another() -> None:
    made = Template("{% load i18n %}{% translate 'Misses' %}", engine=engines["django"].engine)
    loader.weave(made)

    said = []
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            said.append(made.render(Context()))

    assert said[0] == said[2] != said[1] == "Misses"


def test_a_template_that_is_not_there_is_missed_as_django_misses_it() -> None:
    with pytest.raises(TemplateDoesNotExist):
        both("{% include 'no/such.html' %}")


def test_without_escaping_a_piece_runs_as_django_runs_it() -> None:
    made = Template("{{ text }}", engine=engines["django"].engine)
    loader.weave(made)

    assert made.render(Context(values(), autoescape=False)) == "a <b> & c"


def pieces() -> Iterator[tuple[str, loader.Woven]]:
    """Every piece of every template of the house."""
    engine = engines["django"].engine
    for path in sorted(TEMPLATES.rglob("*.html")):
        template = engine.get_template(str(path.relative_to(TEMPLATES)))
        for nodes in (template.nodelist, *(block.nodelist for block in parsed.blocks(template.nodelist))):
            if isinstance(nodes, loader.Woven):
                yield nodes.name, nodes


def test_no_piece_of_a_page_is_left_to_django() -> None:
    left = [name for name, nodes in pieces() if writing.written(nodes.engine, nodes) is None]

    assert left == []


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each piece a page shows is made by Django too; gives the names of those that were compared."""
    woven, names = loader.Woven.render, []

    def render(self: loader.Woven, context: Context) -> str:
        before = [dict(each) for each in context.dicts]
        made = woven(self, context)
        for each, kept in zip(context.dicts, before, strict=True):
            each.clear()
            each.update(kept)
        assert made == NodeList.render(self, context), self.name
        names.append(self.name)
        return made

    monkeypatch.setattr(loader.Woven, "render", render)
    return names


@pytest.mark.parametrize("path", ["/", "/my/", "/misses/", "/duties/", "/people/", "/plans/", "/account/", "/design/"])
def test_a_whole_page_is_the_same_to_the_letter(world: Any, enter: Enter, compared: list[str], path: str) -> None:
    browser = enter(world.commander)

    answer = browser.get(path)

    assert answer.status_code == 200
    assert {"base.html", "components/top.html"} & set(compared)


def test_a_persons_file_and_the_answer_to_a_tap_are_the_same_to_the_letter(
    world: Any, enter: Enter, compared: list[str]
) -> None:
    browser = enter(world.grid_worker)
    groups = browser.get("/my/").context["groups"]
    rows: list[DutyRow] = [task.row for group in groups for task in group.tasks]

    answers = [browser.get(f"/people/{row.subject.partition(':')[2]}/") for row in rows[:3]]
    answers.append(
        browser.post(
            "/my/record/", {"key": rows[0].key, "group": groups[0].key, "id": str(ID)}, headers={"HX-Request": "true"}
        )
    )

    assert all(answer.status_code in (200, 409, 422) for answer in answers)
    assert "field/answer.html" in compared


def named() -> Iterator[tuple[str, list[Any]]]:
    """Names of addresses, with parts that fit each."""
    for name, ways in get_resolver().reverse_dict.lists():
        if isinstance(name, str):
            for possible, _pattern, _defaults, converters in ways:
                for _text, params in possible:
                    yield name, [_example(converters.get(param)) for param in params]


def _example(converter: Any) -> Any:
    return {"UUIDConverter": ID, "IntConverter": 5}.get(type(converter).__name__, "guangxi-2020-9")


def test_every_address_is_the_one_django_gives() -> None:
    found = {name: (address(name, *parts), reverse(name, args=parts)) for name, parts in named() if _fits(name, parts)}

    assert len(found) > 60
    assert all(ours == theirs for ours, theirs in found.values())


def _fits(name: str, parts: list[Any]) -> bool:
    try:
        reverse(name, args=parts)
    except NoReverseMatch:
        return False
    return True


@pytest.mark.parametrize("part", ["a b", "甲", "a%b", "x?y", "a&b", "..", "%s"])
def test_parts_of_an_address_are_quoted_as_django_quotes_them(part: str) -> None:
    assert address("plan", part) == reverse("plan", args=[part])


def test_an_address_that_does_not_fit_is_refused() -> None:
    for name, parts in (("person", ["no-id"]), ("person", []), ("nowhere", []), ("plan", ["a/b"])):
        with pytest.raises(NoReverseMatch):
            address(name, *parts)
