"""One search over everything one may see, and nothing beyond."""

from __future__ import annotations

from django.urls import reverse

from groundwork.desk import queries
from groundwork.study.tests.make import an_evening


def found(cast, who: str, q: str) -> dict[str, list[str]]:
    groups = queries.search(cast.actor(who), q)
    return {group.hits[0].kind: [hit.title for hit in group.hits] for group in groups}


def test_people_are_found_by_name_initials_and_number_inside_ones_part_only(cast):
    person = cast.people["staff"]
    for q in (person.name, person.initials, person.work_number):
        assert found(cast, "unit_secretary", q)["registry.person"] == [person.name]
        assert "registry.person" not in found(cast, "other_secretary", q)


def test_evenings_and_bodies_come_in_groups_of_their_own(cast, at):
    evening = an_evening(cast.bodies["unit"], title="海曙区教育工作专题")
    groups = found(cast, "staff", "海曙")
    assert groups["study.evening"] == [evening.title]
    assert "海曙区教育局" in groups["registry.body"]


def test_more_hits_than_fit_are_said_to_be_more(cast):
    groups = queries.search(cast.actor("city_operator"), "局", limit=1)
    bodies = next(group for group in groups if group.hits[0].kind == "registry.body")
    assert len(bodies.hits) == 1
    assert bodies.more


def test_as_one_types_only_the_results_come(cast):
    client, page = cast.client("staff"), reverse("desk:search")
    whole = client.get(page, {"q": "海曙"}).content.decode()
    part = client.get(page, {"q": "海曙"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert "海曙区教育局" in part


def test_an_empty_search_says_how_and_a_vain_one_that_nothing_is_there(cast):
    client, page = cast.client("staff"), reverse("desk:search")
    assert "拼音首字母" in client.get(page).content.decode()
    assert "没有找到" in client.get(page, {"q": "查无此事"}).content.decode()


def test_search_needs_a_sign_in(db, client):
    answer = client.get(reverse("desk:search"), {"q": "海曙"})
    assert answer.status_code == 302
