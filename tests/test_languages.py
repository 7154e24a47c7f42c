"""Both languages are whole: the catalogues, and what really stands on the pages.

What people wrote themselves (names, titles, reasons) stays as they wrote it. Such data is known:
it is what the tables hold. Whatever else is Chinese on an English page was never translated.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import models
from django.http import HttpResponse
from django.urls import reverse

from tests.matrix import Page, pages
from tests.sheets import ROWS
from tests.world import build
from tools import messages

HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN = re.compile(r"[A-Za-z]{2,}")
SHOWN = {"alt", "title", "aria-label", "placeholder", "data-done", "label", "content"}
# Said the same in both languages, by both kinds of reader.
SAME_IN_BOTH = {"简体中文", "中文", "地气", "叶坤"}  # the last: an example of a name to look for
SEAL = "地"  # the one character on the product's seal
LATIN_IN_CHINESE = {
    *("RSS", "Atom", "CSV"),
    *("OBS", "AAC", "kbps", "FLV", "MKV", "MOV", "WebVTT"),  # as a host's own program names them
    *("English", "Groundwork", "Excel", "xlsx", "csv", "ics", "pdf", "QR", "KB", "MB", "ID", "IP"),
    *(
        "https",
        "http",
        "URL",
        "JSON",
        "TOTP",
        "JavaScript",
        "Apache",
        "GB",
        "Python",
        "FreeOTP",
        "USB",
    ),
    *("iCalendar", "iPhone", "Android", "Outlook", "WebAuthn", "passkey", "GitHub", "NBS", "PIN"),
    *(
        "Enter",
        "Esc",
        "Tab",
        "Ctrl",
        "ABC",
        "webcal",
        "WPS",
        "PDF",
        "PNG",
        "SVG",
        "PPT",
        "Word",
        "Internet",
        "Thunderbird",
        "yk",
        "WTFPL",
        "npm",
        "china",
        "division",
        "nbsp",
    ),
}


class Words(HTMLParser):
    """Collect what a reader can see or hear of a page, in the page's language."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.skipped: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self.language = found.get("lang") or ""
        elif self.skipped:
            self.skipped += [tag] if tag == self.skipped[-1] else []
        elif self._is_no_language(tag, found):
            self.skipped.append(tag)
        if not self.skipped and (tag != "meta" or found.get("name") == "description"):
            self.words += [text for name, text in attrs if name in SHOWN and text]
        if tag == "input" and found.get("type") in {"submit", "button"}:
            self.words.append(found.get("value") or "")

    @staticmethod
    def _is_no_language(tag: str, found: dict[str, str | None]) -> bool:
        """Tell what is not in the page's language: code, identifiers, the switch's own name."""
        identifier = "mono" in (found.get("class") or "").split() and tag != "input"
        return (
            tag in {"script", "style", "svg", "template", "code"} or identifier or "lang" in found
        )

    def handle_endtag(self, tag: str) -> None:
        if self.skipped and self.skipped[-1] == tag:
            self.skipped.pop()

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.words.append(data)


def read(response: HttpResponse) -> Words:
    words = Words()
    words.feed(response.content.decode())
    return words


def written() -> list[str]:
    """List every text that somebody wrote into a table, the longest first."""
    found: set[str] = {str(settings.CITY_NAME), "宁波市", "宁波"}
    for model in apps.get_models():
        if not model.__module__.startswith("groundwork."):
            continue
        columns = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
            and not field.choices
        ]
        for row in model._default_manager.values_list(*columns):
            found.update(text for value in row for text in _texts(value))
    return sorted(found, key=len, reverse=True)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value.strip()
        yield from (line.strip() for line in value.splitlines() if line.strip())
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def without(text: str, data: list[str]) -> str:
    for piece in data:
        if len(piece) > 1 and piece in text:
            text = text.replace(piece, " ")
    return text


@pytest.fixture
def city(cast, at):
    cache.clear()
    world = build(cast, at)
    return world, pages(world)


def opened(world, page: Page, locale: str) -> HttpResponse | None:
    response = world.cast.client(page.who, locale).get(page.url)
    assert response.status_code == 200, f"{page.name}: {response.status_code}"
    html = response.get("Content-Type", "").startswith("text/html")
    return response if html else None


# --- catalogues -----------------------------------------------------------------------------------


def test_every_text_of_every_area_has_its_english():
    areas = sorted(p for p in messages.AREAS.iterdir() if (p / "__init__.py").exists())
    assert not [fault for area in areas for fault in messages.check(area)]


# --- pages ----------------------------------------------------------------------------------------


def seen(city, locale: str) -> tuple[dict[str, Words], list[str]]:
    """Open every page; give what each says, and what people wrote, as it stands afterwards."""
    world, all_pages = city
    found = {}
    for page in all_pages:
        if response := opened(world, page, locale):
            found[f"{page.name} as {page.who}"] = read(response)
    in_the_sheet = [cell for row in ROWS for cell in row]  # an import is kept packed
    return found, sorted({*written(), *in_the_sheet}, key=len, reverse=True)


@pytest.mark.django_db
def test_english_pages_are_english_except_for_what_people_wrote(city):
    found, data = seen(city, "en")
    data = [piece for piece in data if HAN.search(piece)] + sorted(SAME_IN_BOTH)
    wrong = {}
    for page, words in found.items():
        text = without("\n".join(words.words), data)
        text = re.sub("“[^”]*”", " ", text)  # quoted: a column's name, an answer
        left = [piece for piece in HAN.findall(text) if piece != SEAL]
        if left or not words.language.startswith("en"):
            wrong[page] = left[:6] or words.language
    assert not wrong, "\n".join(f"{page}: {left}" for page, left in wrong.items())


@pytest.mark.once  # PostgreSQL has opened every page in English
@pytest.mark.django_db
def test_chinese_pages_hold_no_english_left_over(city):
    found, data = seen(city, "zh-hans")
    data = [piece for piece in data if LATIN.search(piece)]
    wrong = {}
    for page, words in found.items():
        text = re.sub(r"https?://\S+|\S+@\S+|[\w.-]*\d[\w.-]*", " ", "\n".join(words.words))
        left = set(LATIN.findall(without(text, data))) - LATIN_IN_CHINESE
        if left or words.language.lower() != "zh-hans":
            wrong[page] = sorted(left)[:6] or words.language
    assert not wrong, "\n".join(f"{page}: {left}" for page, left in wrong.items())


@pytest.mark.django_db
def test_a_reader_switches_the_language_and_it_stays(cast, at):
    client = cast.client("staff")
    home = reverse("desk:home")
    assert read(client.get(home)).language.lower() == "zh-hans"
    answer = client.post(reverse("web:language"), {"language": "en", "next": home})
    assert answer.status_code == 302
    assert read(client.get(home)).language == "en"
    client.post(reverse("web:language"), {"language": "zh-hans", "next": home})
    assert read(client.get(home)).language.lower() == "zh-hans"


@pytest.mark.django_db
def test_a_browser_that_asks_for_neither_language_gets_chinese(client):
    answer = client.get(reverse("account_login"), headers={"accept-language": "fr"})
    assert read(answer).language.lower() == "zh-hans"
