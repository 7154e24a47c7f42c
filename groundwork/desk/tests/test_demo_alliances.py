"""The demo city's alliances: built by the rules, with something left for whoever tries it out."""

from __future__ import annotations

from random import Random

from groundwork.base.actor import system
from groundwork.campaigns.models import Alliance, Entry, Link, Member, Pair, Posting, Project
from groundwork.campaigns.queries import alliance_todo
from groundwork.campaigns.queries.alliances import alliance_page
from groundwork.desk.demo.alliances import MEMBERS, write_alliances
from groundwork.desk.demo.projects import write_projects
from groundwork.registry.models import Body, Person
from tests.cast import EVENING


def firms(cast, n: int) -> list[Body]:
    Body.objects.bulk_create(
        Body(
            path=f"{8000 + k:04d}", depth=1, numchild=0, code=f"E{k}", name=f"宁波{k}号有限公司",
            kind=Body.Kind.ENTERPRISE, place=cast.places["chenglang"],
        )
        for k in range(n)
    )  # fmt: skip
    rows = Body.objects.filter(kind=Body.Kind.ENTERPRISE).select_related("place")
    return sorted(rows, key=lambda body: body.pk != cast.bodies["enterprise_body"].pk)


def test_an_alliance_is_built_in_which_the_card_s_enterprise_is_asked(cast, at):
    bodies = [*firms(cast, 2 * (MEMBERS + 1)), cast.bodies["unit"], cast.bodies["branch"]]
    by, rng = system("demo"), Random(3)
    assert write_alliances(cast.bodies["unit"], bodies, EVENING, by=by, rng=rng) == 1
    made = Alliance.objects.get()
    assert made.led_by == cast.bodies["branch"], "a unit itself leads no alliance"
    assert made.members.get(part="lead").body == cast.bodies["enterprise_body"]
    assert Member.objects.count() == MEMBERS + 1
    assert Link.objects.count() == MEMBERS
    assert {"proposed", "agreed"} <= set(Pair.objects.values_list("state", flat=True))
    assert Entry.objects.filter(side="need", state="open", kind="guarantees").count() == 1
    own = cast.actor("enterprise")
    assert alliance_todo.todo(own, EVENING), "its own need waits for its word"
    page = alliance_page(own, made, EVENING)
    assert (page.whole, len(page.members), len(page.needs)) == (False, 1, 2)


def test_a_city_with_too_few_enterprises_has_no_alliance(cast, at):
    bodies, rng = [*firms(cast, MEMBERS - 2), cast.bodies["branch"]], Random(3)
    assert write_alliances(cast.bodies["unit"], bodies, EVENING, by=system("demo"), rng=rng) == 0
    assert not Alliance.objects.exists()


def test_two_people_of_a_unit_were_sent_and_one_project_has_its_end(cast, at):
    people = list(Person.objects.order_by("pk"))
    assert write_projects(cast.bodies["unit"], people, EVENING, by=system("demo")) == 2
    assert list(Project.objects.order_by("pk").values_list("state", flat=True)) == [
        "running",
        "ended",
    ]
    assert Posting.objects.filter(last_day=None).count() == 1
