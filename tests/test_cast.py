"""The cast is whole: trees, scopes and roles stand as its drawing says."""

import pytest

from groundwork.base.actor import Role
from groundwork.registry import policy
from groundwork.registry.models import Body, Place
from tests.cast import PARTS, ROLES

pytestmark = pytest.mark.django_db


def test_the_trees_are_sound(cast):
    for tree in (Place, Body):
        assert not any(tree.objects.find_problems())


def test_everybody_has_an_actor_and_only_what_the_part_says(cast):
    for who in ROLES:
        actor = cast.actor(who)
        held = {grant.role for grant in actor.grants}
        part = PARTS.get(who)
        assert held == ({part.role} if part and part.role else held & {Role.ENTERPRISE})


def test_a_secretary_sees_the_own_unit_and_nobody_of_the_other(cast):
    seen = set(policy.visible_people(cast.actor("unit_secretary")))
    assert seen >= {cast.people["staff"], cast.people["colleague"]}
    assert not seen & {cast.people["outsider"], cast.people["other_secretary"]}


def test_the_city_operator_sees_everybody(cast):
    assert set(policy.visible_people(cast.actor("city_operator"))) == set(cast.people.values())


def test_the_clock_stands_on_a_tuesday_evening(at):
    assert (at.isoweekday(), at.hour, at.minute) == (2, 18, 20)
