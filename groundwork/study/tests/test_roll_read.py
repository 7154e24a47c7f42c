"""Who reads a roll, and whose names stand on it."""

from __future__ import annotations

import pytest

from groundwork.base.errors import NotFound
from groundwork.study.actions.roll import tick_people
from groundwork.study.queries import roll as queries
from groundwork.study.tests.make_roll import TONIGHT, signed_in, the_sheet, tonight


@pytest.mark.parametrize("who", ["city_operator", "district_operator", "auditor"])
def test_who_watches_over_a_unit_reads_its_whole_roll(cast, who, at):
    evening = tonight(cast)
    signed_in(cast, evening, "staff", "colleague")
    sheet = the_sheet(cast, evening)
    keeper = queries.lines(sheet, cast.actor("unit_secretary"))
    lines = queries.lines(sheet, cast.actor(who))
    assert [line.person for line in lines] == [line.person for line in keeper]
    assert queries.tally(lines).here == 2
    assert len(lines) > 2
    page = cast.client(who).get(f"/study/rolls/{sheet.public_id}/")
    assert cast.people["staff"].name in page.content.decode()


def test_a_branch_secretary_reads_the_own_branch_and_a_watcher_ticks_nobody(cast):
    sheet = the_sheet(cast, tonight(cast))
    branch = queries.lines(sheet, cast.actor("branch_secretary"))
    assert {line.person.branch_id for line in branch} == {cast.bodies["branch"].pk}
    assert not queries.people_of(sheet, cast.actor("auditor")).exists()
    with pytest.raises(NotFound):
        tick_people(
            sheet.public_id,
            [cast.people["outsider"].public_id],
            by=cast.actor("unit_secretary"),
            at=TONIGHT,
        )


@pytest.mark.parametrize("term", ["0001-H1", "9999-H2", "-H1", "2026-H2"])
def test_a_register_opens_whatever_half_year_is_asked_for(cast, at, term):
    unit = cast.bodies["unit"].public_id
    page = cast.client("unit_secretary").get(f"/study/register/{unit}/", {"term": term})
    assert page.status_code == 200
    assert "2026" in page.content.decode()
