"""The design holds: icons exist, Chinese is never slanted, colours can be read, nothing is loaded from elsewhere."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from bulou.web import words
from bulou.web.desk import plan_words

WEB = Path(words.__file__).parent
STATIC = WEB / "static" / "web"
STYLES = {path.name: path.read_text("utf-8") for path in STATIC.glob("*.css")}
TEMPLATES = {path: path.read_text("utf-8") for path in WEB.rglob("templates/**/*.html")}
OUTLINES = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    named = {name for text in TEMPLATES.values() for name in re.findall(r'{% icon "([\w-]+)"', text)}
    named |= {name for text in TEMPLATES.values() for name in re.findall(r'icon="([\w-]+)"', text)}

    assert named - OUTLINES == set()


def test_every_icon_the_code_names_is_in_the_sprite() -> None:
    signs = [*words.STATES.values(), *words.NO_MISSES.values(), *plan_words.FORM_SIGNS.values()]
    named = {sign.icon for sign in (*signs, words.UNOWNED, words.ORGANISATION)}
    code = "".join(path.read_text("utf-8") for path in WEB.rglob("*.py"))
    named |= set(re.findall(r'FormShown\(\s*"([\w-]+)"', code) + re.findall(r'Room\([^"]*"[^"]*"\), "([\w-]+)"', code))

    assert named - OUTLINES == set()


def test_the_sprite_holds_no_outline_nobody_shows() -> None:
    text = "".join([*TEMPLATES.values(), *(path.read_text("utf-8") for path in WEB.rglob("*.py"))])

    assert {name for name in OUTLINES if f'"{name}"' not in text} == set()


def test_chinese_is_never_slanted() -> None:
    assert all("font-style: italic" not in style for style in STYLES.values())
    assert "font-synthesis-style: none" in STYLES["bulou.css"]


def test_figures_stand_in_columns() -> None:
    assert "tabular-nums" in STYLES["bulou.css"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_page_loads_from_elsewhere_or_carries_scripts_and_styles(path: Path) -> None:
    text = TEMPLATES[path]

    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert not re.search(r"<script(?![^>]*src=)", text)
    assert not re.search(r'\sstyle="|\son\w+="|<style', text)


THEMES = {
    theme: dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))
    for theme, block in re.findall(r'\[data-bs-theme="(\w+)"\] \{\n(.*?)\n\}', STYLES["bulou.css"], re.DOTALL)
}
STATES = ("due", "done", "late", "missed", "unowned", "waived", "void")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_the_colour_of_a_state_can_be_read_on_its_grounds(theme: str, state: str) -> None:
    colours = THEMES[theme]

    for ground in (f"{state}-soft", "surface", "paper"):
        assert contrast(colours[state], colours[ground]) >= 4.5, (theme, state, ground)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "ink-2", "ink-3", "brand"])
def test_text_can_be_read_on_every_ground(theme: str, ink: str) -> None:
    colours = THEMES[theme]

    assert all(contrast(colours[ink], colours[ground]) >= 4.5 for ground in ("surface", "paper"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_button_can_be_read(theme: str) -> None:
    assert contrast(THEMES[theme]["brand"], THEMES[theme]["brand-ink"]) >= 4.5


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2), 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_a_phone_loads_first_weighs_little(world: Any, enter: Callable[..., Client]) -> None:
    """150 kB compressed is three seconds on a slow line: my list with everything its page names, printed."""
    page = enter(world.grid_worker).get("/my/")
    named = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page.text))
    weights = {name: len(gzip.compress(Path(str(finders.find(name))).read_bytes())) for name in named}
    weights["/my/"] = len(gzip.compress(page.content))

    print(f"my list, first load: {sum(weights.values()) / 1000:.1f} kB compressed, {len(weights)} files")
    assert "web/lists.js" in named
    assert sum(weights.values()) < 150_000


MODES = {
    (theme, "more"): dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))
    for theme, block in re.findall(
        r'\[data-contrast="more"\]\[data-bs-theme="(\w+)"\] \{\n(.*?)\n\}', STYLES["modes.css"], re.DOTALL
    )
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "ink-2", "ink-3", "brand", *STATES])
def test_high_contrast_is_seven_to_one(theme: str, ink: str) -> None:
    colours = THEMES[theme] | MODES[theme, "more"]

    assert all(contrast(colours[ink], colours[ground]) >= 7 for ground in ("surface", "paper"))


def test_every_component_is_on_the_page_of_the_design_system() -> None:
    shown = TEMPLATES[WEB / "templates" / "design" / "design.html"] + TEMPLATES[WEB / "templates" / "base.html"]
    tags = {"state": "{% state", "tile": "{% tile", "proportions": "{% proportions"}
    within = {"due", "owner", "paging", "messages", "path", "duty_tabs", "printed", "phone"}
    parts = {path.stem for path in TEMPLATES if path.parent.name == "components"} - within

    assert {
        part for part in parts if f"components/{part}.html" not in shown and tags.get(part, "?") not in shown
    } == set()
