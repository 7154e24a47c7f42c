"""The first page on a phone stays light, and everything on it is our own."""

from __future__ import annotations

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

BUDGET = 150 * 1024  # bytes, gzipped, page and all it loads
OWN = re.compile(r'(?:src|href)="/static/([^"#]+)')


def weight(page: str) -> int:
    """Give the gzipped bytes of a page with its styles, scripts and pictures."""
    total = len(gzip.compress(page.encode()))
    for path in set(OWN.findall(page)):
        found = finders.find(path)
        assert isinstance(found, str), path
        with open(found, "rb") as file:
            total += len(gzip.compress(file.read()))
    return total


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["web:catalogue_phone", "web:catalogue"])
def test_a_first_page_weighs_at_most_150_kb(client, name):
    page = client.get(reverse(name)).content.decode()
    assert len(set(OWN.findall(page))) >= 4
    assert weight(page) <= BUDGET


def test_styles_load_nothing_from_elsewhere():
    with open(str(finders.find("web/groundwork.css"))) as file:
        assert re.findall(r"url\(([^)]*)\)|@import", file.read()) == ['"chevron.svg"']


def test_styles_keep_to_what_old_in_app_browsers_know():
    """Chromium 79 drops a whole rule over these; `:focus-visible` is meant to be dropped."""
    with open(str(finders.find("web/groundwork.css"))) as file:
        css = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    assert not re.findall(r":is\(|:where\(|:has\(|\binset:|margin-inline:|padding-inline:", css)


def test_scripts_keep_to_es2019():
    for name in ("app", "pick", "send-queue"):
        with open(str(finders.find(f"web/{name}.js"))) as file:
            code = file.read()
        assert not re.findall(r"\?\.[a-zA-Z(\[]|\?\?|\|\|=|&&=|\bimport\b|replaceAll", code), name
