"""Where duty and voices meet: gate shifts on the own record, and as what a mark is tied to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.duty.models import Post
from groundwork.voices.queries.marks import what_happened
from tests.cast import EVENING
from tests.world import build as build_world


@pytest.fixture
def post(cast, at) -> Post:
    """A shift of the world's that 单晓芸 stood two days ago and the community confirmed."""
    world = build_world(cast, at)
    post = Post.objects.filter(shift__place__path__startswith=cast.places["nanmen"].path).first()
    assert post is not None, world
    start = EVENING - timedelta(days=2)
    type(post.shift).objects.filter(pk=post.shift_id).update(
        starts_at=start, ends_at=start + timedelta(hours=5), place=cast.places["chenglang"]
    )
    Post.objects.filter(shift=post.shift_id, person=cast.people["staff"]).exclude(
        pk=post.pk
    ).delete()
    Post.objects.filter(pk=post.pk).update(person=cast.people["staff"], state="approved")
    return post


def test_gate_shifts_stand_on_the_own_record_and_can_be_spoken_of(cast, at, post):
    page = cast.client("staff").get(reverse("voices:hours")).content.decode()
    assert "duty-hours" in page
    assert "5 小时" in page
    assert "duty-hours" not in cast.client("clerk").get(reverse("voices:hours")).content.decode()
    chief, place = cast.actor("community_secretary"), cast.places["chenglang"]
    found = what_happened(chief, cast.people["staff"], place, EVENING)
    assert ("duty.post", post.public_id) in {(one.kind, one.id) for one in found}
    assert not what_happened(chief, cast.people["staff"], cast.places["liujin"], EVENING)
