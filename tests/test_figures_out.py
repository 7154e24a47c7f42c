"""What leaves the figures: sheets, CSV, JSON, open data, all by the policy of the pages."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, time

import openpyxl
import pytest
from django.core.cache import cache
from django.urls import reverse

from groundwork.access.actions import issue_token
from groundwork.base import clock
from groundwork.base.models import TrailEntry
from groundwork.figures.actions.editions import take_editions
from groundwork.figures.models import Edition
from groundwork.figures.queries import exporting
from groundwork.figures.rules.catalogue import CATALOGUE, FIGURES
from groundwork.matters.tests.make import at_state, raise_one

pytestmark = pytest.mark.django_db
NOVEMBER = {"period": "2026-11"}


@pytest.fixture
def town(cast, at):
    cache.clear()
    for state in ("solved", "handling", "handling"):
        at_state(cast, state)
    raise_one(cast, kind="complaint", concerns=cast.bodies["bureau"], words="=1+1 不给办。")
    return cast


def rows_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_sheet_holds_the_number_its_definition_and_the_records_the_reader_may_open(town):
    url = reverse("figures:export", args=["matters.raised", "xlsx"])
    answer = town.client("resident").get(url, NOVEMBER)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    said = {row[0]: row[1] for row in book["数据"].iter_rows(values_only=True)}
    assert said["数值"] == 4
    assert f"{said['截至（北京时间）']:%Y-%m-%d %H:%M}" == "2026-11-24 18:20", "the city's time"
    assert f"{said['最后一天']:%Y-%m-%d}" == "2026-11-30"
    assert said["怎么数的"] == FIGURES["matters.raised"].definition
    assert said["定义编号"] == FIGURES["matters.raised"].edition
    records = list(book["记录"].iter_rows(values_only=True))
    assert len(records) == 1 + 3 + 1
    assert "另有 1 条" in records[-1][0], "the complaint is counted, not listed"
    months = list(book["逐月和区县"].iter_rows(values_only=True))
    assert ("海曙区", "330203", 4, 4) in months


def test_a_share_leaves_as_a_percentage_with_its_parts_for_every_month_and_district(town):
    for _n in range(3):
        at_state(town, "solved")
    url = reverse("figures:export", args=["matters.resolution_rate", "xlsx"])
    book = openpyxl.load_workbook(io.BytesIO(town.client("resident").get(url, NOVEMBER).content))
    said = {row[0].value: row[1] for row in book["数据"].iter_rows()}
    assert (round(said["数值"].value, 3), said["数值"].number_format) == (0.667, "0.0%")
    assert (said["分子"].value, said["分母"].value) == (4, 6)
    lines = {row[0]: row[2:] for row in book["逐月和区县"].iter_rows(values_only=True)}
    assert lines["名称"] == ("数值", "分子", "分母", "记录数")
    assert lines["2026年11月"] == (pytest.approx(2 / 3), 4, 6, 4)
    assert lines["海曙区"] == (pytest.approx(2 / 3), 4, 6, 4)
    assert lines["鄞州区"] == ("0 / 0", 0, 0, 0), "under five no percentage"


def test_a_share_exports_its_part_and_its_whole(town):
    url = reverse("figures:export", args=["matters.resolution_rate", "csv"])
    client = town.client("resident")
    assert len(rows_of(client.get(url, NOVEMBER))) == 1 + 1
    assert len(rows_of(client.get(url, {**NOVEMBER, "which": "whole"}))) == 1 + 3
    assert client.get(url, {**NOVEMBER, "which": "nothing"}).status_code == 404
    assert client.get(url.replace("csv", "pdf"), NOVEMBER).status_code == 404


def test_who_takes_records_along_is_on_the_trail(town):
    url = reverse("figures:export", args=["study.attendance", "csv"])
    town.client("resident").get(url)
    assert not TrailEntry.objects.filter(verb="export").exists()
    town.client("city_operator").get(url)
    [entry] = TrailEntry.objects.filter(verb="export")
    assert (entry.kind, entry.object_id) == ("figures.figure", "study.attendance")


def test_no_cell_of_a_csv_begins_a_formula():
    text = exporting.as_csv([["=HYPERLINK()", "+1", "@x", "平常", -1]]).decode("utf-8-sig")
    assert text.strip() == "'=HYPERLINK(),'+1,'@x,平常,-1"


def test_a_long_list_says_how_many_it_leaves_out(town, monkeypatch):
    monkeypatch.setattr(exporting, "MOST_LINES", 2)
    url = reverse("figures:export", args=["matters.raised", "csv"])
    rows = rows_of(town.client("resident").get(url, NOVEMBER))
    assert len(rows) == 1 + 2 + 2
    assert "另有 1 条没有列出" in rows[-1][0]


def test_open_data_are_every_figure_of_city_and_districts_with_their_edition(town):
    client = town.client("resident")
    rows = rows_of(client.get(reverse("figures:open_csv"), NOVEMBER))
    assert tuple(rows[0]) == exporting.OPEN_HEADS
    districts = [figure for figure in CATALOGUE if not figure.city_only]
    assert len(rows) == 1 + len(CATALOGUE) + 2 * len(districts)
    data = json.loads(client.get(reverse("figures:open_json"), NOVEMBER).content)
    raised = [row for row in data["figures"] if row["key"] == "matters.raised"]
    assert [(row["place_code"], row["count"]) for row in raised] == [
        ("3302", 4), ("330203", 4), ("330212", 0),
    ]  # fmt: skip
    editions = {row["key"]: row["edition"] for row in data["definitions"]}
    assert editions == {figure.key: figure.edition for figure in CATALOGUE}
    assert data["licence"] == "CC BY 4.0"
    assert (data["forms"]["first"], data["forms"]["sends"]) == ("2026-10-01", 0)
    rate = next(row for row in data["figures"] if row["key"] == "matters.resolution_rate")
    assert (rate["part"], rate["whole"], rate["quotient"]) == (1, 3, None), "under five: no %"


def on(month: int, day: int):
    return clock.local(date(2026, month, day), time(6))


def test_a_month_of_open_data_is_taken_once_and_again_when_something_came_late(town):
    assert take_editions(at=on(12, 4)) == [], "rolls of the last days may still be open"
    [first] = take_editions(at=on(12, 5))
    assert (first.first, first.number) == (date(2026, 11, 1), 1)
    assert take_editions(at=on(12, 20)) == [], "taken, and October is from before"
    [december] = take_editions(at=on(1, 5).replace(year=2027))
    assert december.first == date(2026, 12, 1), "of November nothing is another"
    with clock.at(on(11, 30)):
        at_state(town, "handling")
    [second] = take_editions(at=on(1, 6).replace(year=2027))
    assert (second.first, second.number) == (date(2026, 11, 1), 2)
    assert take_editions(at=on(1, 7).replace(year=2027)) == []
    client = town.client("resident")
    counts = []
    for kept in (first, second):
        said = client.get(reverse("figures:edition", args=[kept.public_id, "json"])).json()
        counts.append(next(r["count"] for r in said["figures"] if r["key"] == "matters.raised"))
        rows = rows_of(client.get(reverse("figures:edition", args=[kept.public_id, "csv"])))
        assert tuple(rows[0]) == exporting.OPEN_HEADS
        assert len(rows) == 1 + len(said["figures"])
    assert counts == [4, 5], "the first says what it said"
    wrong = reverse("figures:edition", args=[first.public_id, "xlsx"])
    assert client.get(wrong).status_code == 404


def test_the_page_lists_editions_and_what_they_define_otherwise(town):
    client, url = town.client("resident"), reverse("figures:open")
    assert "还没有往期" in client.get(url).content.decode()
    take_editions(at=on(12, 5))
    [newest] = take_editions(at=on(1, 5).replace(year=2027))
    Edition.objects.exclude(pk=newest.pk).update(
        definitions=[one | {"edition": "x"} for one in newest.definitions[:1]]
        + newest.definitions[1:]
    )
    page = client.get(url).content.decode()
    assert "2026年11月 · 第 1 版" in page
    said = page.partition("定义变了或新增：")[2].partition("<")[0]
    assert said == newest.definitions[0]["title"]
    district = client.get(url, {"place": "330203"}).content.decode()
    assert "往期只按全市留存" in district


def test_programs_get_the_number_and_the_records_of_the_pages(town):
    client = town.client("resident")
    asked = {**NOVEMBER, "place": "330203"}
    said = client.get("/api/v1/figures/matters.raised", asked).json()
    assert (said["count"], said["place"]["code"], said["records"]) == (4, "330203", 4)
    assert [month["records"] for month in said["months"]] == [4]
    listed = client.get("/api/v1/figures/matters.raised/records", asked).json()
    assert (len(listed["items"]), listed["withheld"], listed["records"]) == (3, 1, 4)
    key = issue_token(name="t", by=town.actor("city_operator"))
    with_key = client.get(
        "/api/v1/figures/matters.raised/records", asked, headers={"Authorization": f"Bearer {key}"}
    ).json()
    assert with_key["withheld"] <= 1
    assert client.get("/api/v1/figures/matters.nothing").status_code == 404
    assert client.get("/api/v1/figures/matters.raised", {"period": "x"}).status_code == 404
    assert client.get("/api/v1/figures/matters.raised", {"place": "9999"}).status_code == 404
    whole = client.get("/api/v1/figures/matters.raised/records", {"which": "whole"})
    assert whole.status_code == 404, "a count is a part of nothing"


def test_a_link_shows_a_colleague_the_same_place_and_period(town):
    place = town.places["haishu"].public_id
    page = town.client("staff").get(
        reverse("figures:figure", args=["matters.raised"]), {**NOVEMBER, "place": place}
    )
    link = page.context["link"]
    assert link.endswith(f"?place={place}&period=2026-11")
    again = town.client("resident").get(link.removeprefix("http://testserver"))
    assert again.context["card"].value.n == page.context["card"].value.n == 4


def test_an_operator_of_one_district_begins_with_its_own_figures_and_the_city_is_one_tap_away(cast):
    page = reverse("figures:figures")
    own = cast.client("district_operator").get(page)
    assert own.context["asked"].place == cast.places["haishu"]
    city = cast.client("district_operator").get(own.context["city"])
    assert city.context["asked"].place == cast.places["city"]
    for who in ("city_operator", "resident", "auditor"):
        found = cast.client(who).get(page)
        assert (found.context["asked"].place, found.context["city"]) == (cast.places["city"], "")
