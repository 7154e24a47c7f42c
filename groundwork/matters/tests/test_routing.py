"""To whom a matter goes: rules first, then what became of similar ones; a complaint never home."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base.errors import Forbidden
from groundwork.matters.actions.settings import add_route, close_route
from groundwork.matters.queries.routing import propose
from groundwork.matters.rules import routing as rules
from groundwork.matters.rules.handling import NotALead
from groundwork.matters.rules.settings import ClosedAlready, RouteTaken
from groundwork.matters.tests.make import at_state, raise_one, the_category

PATHS = ["0001", "00010001", "00010002", "000100020001", "0001000200010001", "0002"]


def by_rule(cast, matter, at):
    proposal = propose(matter, by=cast.actor("dispatcher"), at=at)
    return proposal.body if proposal.by == "rule" else None


def test_the_deepest_place_wins_then_the_category_before_its_parent(cast, at):
    matter = raise_one(cast).matter  # 噪声扰民, 澄浪社区
    by = cast.actor("dispatcher")
    noise, city = the_category("noise"), the_category("city")
    places, bodies = cast.places, cast.bodies
    assert by_rule(cast, matter, at) is None
    add_route(city, places["city"], bodies["bureau"], by=by, at=at)
    assert by_rule(cast, matter, at) == bodies["bureau"]
    add_route(noise, places["city"], bodies["other_unit"], by=by, at=at)
    assert by_rule(cast, matter, at) == bodies["other_unit"]
    add_route(city, places["nanmen"], bodies["street"], by=by, at=at)  # deeper, though the parent
    assert by_rule(cast, matter, at) == bodies["street"]
    here = add_route(noise, places["chenglang"], bodies["unit"], by=by, at=at)
    assert by_rule(cast, matter, at) == bodies["unit"]
    add_route(noise, places["liujin"], bodies["bureau"], by=by, at=at)  # the neighbour's
    assert by_rule(cast, matter, at) == bodies["unit"]
    close_route(here.public_id, by=by, at=at)
    assert by_rule(cast, matter, at) == bodies["street"]
    with pytest.raises(ClosedAlready):
        close_route(here.public_id, by=by, at=at)


def test_a_rule_is_passed_over_where_it_leads_to_the_body_complained_of(cast, at):
    by = cast.actor("dispatcher")
    noise = the_category("noise")
    add_route(noise, cast.places["chenglang"], cast.bodies["unit"], by=by, at=at)
    add_route(noise, cast.places["haishu"], cast.bodies["street"], by=by, at=at)
    add_route(noise, cast.places["city"], cast.bodies["bureau"], by=by, at=at)
    complaint = {"kind": "complaint"}
    unit = raise_one(cast, concerns=cast.bodies["unit"], **complaint).matter
    district = raise_one(cast, concerns=cast.bodies["haishu_party"], **complaint).matter
    assert by_rule(cast, unit, at) == cast.bodies["street"]
    assert by_rule(cast, district, at) == cast.bodies["bureau"]


def test_a_route_is_set_for_the_own_places_to_a_unit_of_the_city_once(cast, at):
    noise, district = the_category("noise"), cast.actor("district_operator")
    add_route(noise, cast.places["haishu"], cast.bodies["unit"], by=district, at=at)
    with pytest.raises(RouteTaken):
        add_route(noise, cast.places["haishu"], cast.bodies["street"], by=district, at=at)
    with pytest.raises(Forbidden):
        add_route(noise, cast.places["yinzhou"], cast.bodies["unit"], by=district, at=at)
    with pytest.raises(NotALead):
        add_route(noise, cast.places["nanmen"], cast.bodies["outside"], by=district, at=at)


def test_without_a_rule_the_most_similar_solved_ones_speak_with_their_numbers(
    cast, at, django_assert_max_num_queries
):
    for n in range(8):
        at_state(cast, "solved", words=f"工地夜里打桩太吵，第{n}天。", lead="unit")
    for n in range(3):
        at_state(cast, "solved", words=f"工地打桩噪音，第{n}晚。", lead="street")
    at_state(cast, "solved", words="广场舞音响。", lead="street")
    at_state(cast, "solved", words="工地打桩。", lead="other_unit", place="dongsheng")  # elsewhere
    at_state(cast, "handling", words="工地夜里打桩太吵。", lead="other_unit")  # not solved
    matter = raise_one(cast, "又有工地夜里打桩，太吵了。").matter
    with django_assert_max_num_queries(8):
        proposal = propose(matter, by=cast.actor("dispatcher"), at=at)
        reason = proposal.reason
    assert (proposal.by, proposal.body, proposal.n) == ("similar", cast.bodies["unit"], 11)
    assert [(share.body, share.count) for share in proposal.shares] == [
        (cast.bodies["unit"], 8),
        (cast.bodies["street"], 3),
    ]
    assert reason == "11 件最相似的已解决诉求中 8 件由海曙区教育局办理。"
    assert all("打桩" in similar.text for similar in proposal.similar)


def test_a_similar_matter_proposes_nobody_the_complaint_names_and_nothing_unseen(cast, at):
    for n in range(4):
        at_state(cast, "solved", words=f"工地夜里打桩太吵，第{n}天。", lead="unit")
    words = "又有工地夜里打桩，太吵了。"
    against = raise_one(cast, words, kind="complaint", concerns=cast.bodies["haishu_party"]).matter
    proposal = propose(against, by=cast.actor("dispatcher"), at=at)
    assert (proposal.by, proposal.body, proposal.n) == ("none", None, 0)
    plain = raise_one(cast, words, place="dongsheng").matter
    assert propose(plain, by=cast.actor("dispatcher"), at=at).body is None  # of another district


def test_no_majority_is_no_proposal_but_the_counts_are_shown(cast, at):
    for lead in ("unit", "unit", "street", "street"):
        at_state(cast, "solved", words="工地夜里打桩太吵。", lead=lead)
    matter = raise_one(cast, "工地夜里又打桩。").matter
    proposal = propose(matter, by=cast.actor("dispatcher"), at=at)
    assert (proposal.by, proposal.body) == ("none", None)
    assert sorted(share.count for share in proposal.shares) == [2, 2]


@given(st.sampled_from(PATHS), st.sampled_from(PATHS))
def test_what_lies_below_a_body_belongs_to_it_but_the_root_owns_only_itself(path, body):
    below = path == body or (path.startswith(body) and body not in ("0001", "0002"))
    assert rules.named_in_complaint(path, body) == below
    assert not rules.named_in_complaint(path, None)


ways = st.lists(
    st.builds(
        rules.Way,
        key=st.integers(),
        category=st.integers(1, 3),
        place=st.sampled_from(PATHS),
        body=st.sampled_from(PATHS),
    ),
    max_size=6,
)


@given(ways, st.sampled_from(PATHS), st.sampled_from([None, *PATHS]))
def test_no_way_leads_to_the_body_complained_of_and_none_that_fits_is_deeper(found, place, named):
    best = rules.best(found, category=1, parent=2, place=place, concerns=named)
    fitting = [
        way
        for way in found
        if way.category in (1, 2)
        and place.startswith(way.place)
        and not rules.named_in_complaint(way.body, named)
    ]
    assert (best is None) == (not fitting)
    if best is not None:
        deepest = max(len(way.place) for way in fitting)
        own = any(way.category == 1 for way in fitting if len(way.place) == deepest)
        assert len(best.place) == deepest
        assert (best.category == 1) == own
