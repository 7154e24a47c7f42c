"""The world around the cast stands, and could have come about."""

import pytest

from tests.world import build

pytestmark = pytest.mark.django_db


def test_the_world_is_built_through_the_citys_own_actions(cast, at):
    world = build(cast, at)
    assert world["tonight"].state == "published"
    assert world["sheet:tonight:unit"].closed_at is None
    assert world["leave"].state == "asked"
    assert not world["tonight"].entries.filter(person=cast.people["outsider"]).exists()
