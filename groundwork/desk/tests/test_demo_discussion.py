"""The demo city's discussion: built by the rules, with something left for whoever tries it out."""

from __future__ import annotations

from groundwork.base.actor import system
from groundwork.base.clock import day_of
from groundwork.campaigns.models import Adoption, Campaign, Contribution, Finding, FindingCheck
from groundwork.campaigns.queries.discussion import campaign_page
from groundwork.desk.demo.discussion import FOUND, write_discussion
from groundwork.registry.models import Person
from tests.cast import EVENING


def test_a_discussion_is_under_way_copied_spoken_in_and_what_was_found_stands_in_every_state(
    cast, at
):
    people, by = list(Person.objects.order_by("pk")), system("demo")
    top, district, own = (cast.bodies[key] for key in ("party", "haishu_party", "unit"))
    assert write_discussion(top, district, own, people, EVENING, by=by) == 2
    made = Campaign.objects.get(upper=None)
    page = campaign_page(cast.actor("staff"), made, day_of(EVENING))
    assert [line.when for line in page.phases] == ["after", "open", "open"]
    assert len(page.phases[2].points) == 5
    assert campaign_page(cast.actor("city_operator"), made, day_of(EVENING)).waits
    states = list(Contribution.objects.values_list("state", flat=True))
    assert {"shown", "waiting"} == set(states)
    assert Adoption.objects.count() == 1
    found = Finding.objects.order_by("pk").values_list("matter__state", flat=True)
    assert list(found)[:4] == ["handling", "redo", "answered", "handling"]
    assert len(found) <= len(FOUND)
    looks = FindingCheck.objects.order_by("pk").values_list("found", flat=True)
    assert list(looks) == ["fixed", "back"]


def test_one_unit_alone_has_a_discussion_too(cast, at):
    people = list(Person.objects.filter(unit=cast.bodies["unit"]))
    top, own = cast.bodies["party"], cast.bodies["unit"]
    assert write_discussion(top, None, own, people, EVENING, by=system("demo")) == 1
    assert Finding.objects.count() == 1
