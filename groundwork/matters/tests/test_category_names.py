"""What a category is called: in the reader's language, where the office gave it a name in it."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from groundwork.base import clock
from groundwork.matters.models import Category
from groundwork.matters.queries.choices import category_groups
from groundwork.matters.queries.intake import grouped, offered_categories
from groundwork.matters.tests.make import at_state

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


def test_each_reader_reads_its_own_name_and_the_chinese_one_where_there_is_no_other(cast):
    noise = Category.objects.get(code="noise")
    assert str(noise) == "噪声扰民"
    with translation.override("en"):
        assert str(noise) == "Noise"
        groups = dict(category_groups(Category.objects.all()))
        assert (noise.public_id, "Noise") in groups["Building and upkeep"]
        assert (noise.public_id, "Noise") in dict(grouped(offered_categories()))[
            "Building and upkeep"
        ]
        noise.name_en = ""
        assert str(noise) == "噪声扰民"
    with translation.override(None):
        assert str(noise) == "噪声扰民"


def test_every_category_the_city_begins_with_has_an_english_name():
    assert not Category.objects.filter(name_en="").exists()


def test_pages_speak_the_readers_language_at_no_statement_more_and_sheets_chinese(
    cast, client, at, django_assert_max_num_queries
):
    for _n in range(3):
        at_state(cast, "answered")
    staff = cast.client("unit_handler")
    with clock.at(at):
        for who, name in ((client, "matters:board"), (staff, "matters:queue")):
            asked = {"tab": "waiting"}
            who.get(reverse(name), asked)
            with django_assert_max_num_queries(30) as chinese:
                said = who.get(reverse(name), asked).content.decode()
            with django_assert_max_num_queries(len(chinese)):
                english = who.get(reverse(name), asked, **ENGLISH).content.decode()
            assert "噪声扰民" in said
            assert "Noise" in english
            assert "噪声扰民" not in english
        taken = staff.get(reverse("matters:queue_export"), {"tab": "waiting"}, **ENGLISH)
        book = CalamineWorkbook.from_filelike(io.BytesIO(taken.content))
        cells = {cell for row in book.get_sheet_by_index(0).to_python() for cell in row}
        assert "噪声扰民" in cells
        told = client.get("/api/v1/categories").json()["items"]
        [row] = [row for row in told if row["code"] == "noise"]
        assert (row["name"], row["name_en"]) == ("噪声扰民", "Noise")
        assert (row["group"], row["group_en"]) == ("城乡建设", "Building and upkeep")


def test_the_office_names_it_in_english_or_takes_the_name_away(cast, at):
    noise, client = Category.objects.get(code="noise"), cast.client("city_operator")
    address = reverse("matters:category_edit", args=[noise.public_id])
    sent = {"name": "噪声扰民", "audience": "people", "words": "", "description": "", "order": "11"}
    for name in ("Noise at night", ""):
        with clock.at(at):
            assert client.post(address, sent | {"name_en": name}).status_code == 302
        noise.refresh_from_db()
        assert noise.name_en == name
