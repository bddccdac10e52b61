"""Every page, in every state and both languages, is sound HTML without inline script or style."""

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from api.pages.rendering import render
from api.wording import LOCALES

API = Path(__file__).parents[3] / "api"
VOID = {"meta", "link", "input", "br", "hr", "img"}
REFERENCES = ("for", "aria-labelledby", "aria-describedby")
Pages = Callable[[str], dict[str, tuple[str, Any]]]

pytestmark = pytest.mark.parametrize("locale", LOCALES)


class Reader(HTMLParser):
    """Collects tags and complains of what is not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.names: list[tuple[str, str]] = []
        self.feed(html)
        self.faults += [f"<{tag}> never closed" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        twice = [name for name, count in Counter(name for name, _ in attrs).items() if count > 1]
        self.faults += [f"<{tag}> has {name} twice" for name in twice]
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            if tag in {"button", "a", "summary", "option", "label", "legend", "h1"}:
                self.names.append((tag, dict(attrs).get("aria-label") or ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if self.names and data.strip():
            tag, name = self.names[-1]
            self.names[-1] = (tag, name + data.strip())


def rendered(pages: Pages, locale: str) -> dict[str, str]:
    return {name: render(template, view) for name, (template, view) in pages(locale).items()}


def readers(pages: Pages, locale: str) -> dict[str, Reader]:
    return {name: Reader(html) for name, html in rendered(pages, locale).items()}


def test_tags_are_closed_in_order(pages: Pages, locale: str) -> None:
    assert {name: r.faults for name, r in readers(pages, locale).items() if r.faults} == {}


def test_ids_are_unique_and_references_meet_one(pages: Pages, locale: str) -> None:
    for name, reader in readers(pages, locale).items():
        ids = Counter(attrs["id"] for _, attrs in reader.tags if "id" in attrs)
        assert [key for key, count in ids.items() if count > 1] == [], name
        wanted = {
            target
            for _, attrs in reader.tags
            for key in REFERENCES
            for target in (attrs.get(key) or "").split()
        }
        assert wanted - set(ids) == set(), name


def test_nothing_is_inline_so_that_the_policy_can_be_strict(pages: Pages, locale: str) -> None:
    for name, reader in readers(pages, locale).items():
        for tag, attrs in reader.tags:
            assert not [key for key in attrs if key == "style" or key.startswith("on")], (
                name,
                tag,
            )
            assert tag != "style", name
            if tag == "script":
                assert "src" in attrs or attrs.get("type") == "application/json", name


def test_a_page_asks_nobody_else_for_anything(pages: Pages, locale: str) -> None:
    for name, reader in readers(pages, locale).items():
        for tag, attrs in reader.tags:
            for key in ("src", "href", "action", "data-roads"):
                address = attrs.get(key)
                if address is not None:
                    assert re.match(r"/(?!/)|#|tel:|geo:", address), (name, tag, address)


def test_every_file_a_page_names_is_there(pages: Pages, locale: str) -> None:
    icons = set(re.findall(r'id="([\w-]+)"', (API / "static/icons.svg").read_text()))
    for name, reader in readers(pages, locale).items():
        for tag, attrs in reader.tags:
            address = attrs.get("src") or attrs.get("href") or ""
            if address.startswith("/static/"):
                path, _, part = address.removeprefix("/").partition("#")
                assert (API / path).is_file(), (name, tag, address)
                assert not part or part in icons, (name, part)


def test_every_control_has_a_name(pages: Pages, locale: str) -> None:
    for name, reader in readers(pages, locale).items():
        assert [tag for tag, text in reader.names if not text] == [], name
        labelled = {attrs.get("for") for tag, attrs in reader.tags if tag == "label"}
        for tag, attrs in reader.tags:
            is_quiet = attrs.get("type") in {"hidden", "radio", "checkbox", "submit"}
            if tag in {"input", "select", "textarea"} and not is_quiet:
                assert attrs.get("id") in labelled, (name, attrs)


def test_each_page_has_a_title_a_language_a_main_part_and_one_heading(
    pages: Pages, locale: str
) -> None:
    for name, html in rendered(pages, locale).items():
        reader = Reader(html)
        tags = Counter(tag for tag, _ in reader.tags)
        assert (tags["h1"], tags["main"]) == (1, 1), name
        assert f'<html lang="{locale}"' in html, name
        assert re.search(r"<title>\s*\S", html), name


def test_forms_that_change_something_carry_the_token_or_the_proof(
    pages: Pages, locale: str
) -> None:
    for name, html in rendered(pages, locale).items():
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.DOTALL):
            if name.startswith("landing"):
                continue  # the second fact is what this form proves
            assert 'name="csrf_token"' in form or 'name="proof"' in form, (name, form[:120])


@pytest.mark.fault("S8")
def test_what_a_view_holds_is_escaped(pages: Pages, locale: str) -> None:
    from dataclasses import replace

    template, view = pages(locale)["visit"]
    wicked = replace(view, stop=replace(view.stop, address='"><script>alert(1)</script>'))
    assert "<script>alert" not in render(template, wicked)
    template, view = pages(locale)["day"]
    route = replace(view.routes[0], label="</script><b>")
    html = render(template, replace(view, routes=(route,)))
    assert "</script><b>" not in html
