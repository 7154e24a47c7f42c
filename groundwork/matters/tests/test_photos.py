"""Photos of a matter where it is accepted, dispatched and handled: small, and for nobody else."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from PIL import Image

from groundwork.base import attachments, clock
from groundwork.base.actor import NOBODY
from groundwork.matters.models import MatterFile
from groundwork.matters.tests.make import at_state

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def with_photo(cast, state, at):
    """Give a matter on its way with a photo and a paper its raiser brought."""
    matter, raw = at_state(cast, state), io.BytesIO()
    Image.new("RGB", (1200, 900), "teal").save(raw, "PNG")
    sent = (
        (raw.getvalue(), "路灯.png", ("image/png",)),
        (b"notes", "a.txt", attachments.MATERIALS),
    )
    for content, name, allowed in sent:
        kept = attachments.store(content, name=name, by=NOBODY, at=at, allowed=allowed)
        MatterFile.objects.create(
            matter=matter, attachment=kept, from_raiser=True, added_at=matter.raised_at
        )
    return matter


@pytest.mark.parametrize(
    ("state", "who", "page"),
    [
        ("raised", "dispatcher", "accept"),
        ("accepted", "dispatcher", "assign"),
        ("handling", "unit_handler", "matter"),
    ],
)
def test_who_accepts_dispatches_or_handles_sees_the_photo_small_and_opens_it_whole(
    cast, at, state, who, page
):
    matter, client = with_photo(cast, state, at), cast.client(who)
    with clock.at(at):
        shown = client.get(reverse(f"matters:{page}", args=[matter.public_id])).content.decode()
        photo = matter.files.order_by("pk")[0].attachment
        whole = reverse("matters:staff_file", args=[matter.public_id, photo.public_id])
        assert f'<img src="{whole}?size=small" alt="照片 1"' in shown
        assert shown.count("<img") == 1, "a paper is a link"
        sides = []
        for address in (whole, f"{whole}?size=small"):
            got = client.get(address)
            assert got.headers["Cache-Control"] == "private, no-store"
            assert got.headers["Content-Type"] == "image/webp"
            with Image.open(io.BytesIO(got.content)) as drawn:
                sides.append(drawn.size)
    assert sides == [(1200, 900), (240, 180)]


def test_another_units_handler_and_the_public_see_none_of_it(cast, at, client):
    matter = with_photo(cast, "answered", at)
    photo = matter.files.order_by("pk")[0].attachment.public_id
    address = reverse("matters:staff_file", args=[matter.public_id, photo])
    with clock.at(at):
        assert cast.client("other_handler").get(f"{address}?size=small").status_code == 404
        assert client.get(f"{address}?size=small").status_code == 302
        assert photo not in client.get(f"/matters/board/{matter.public_id}/").content.decode()
        assert client.get(f"/matters/board/{matter.public_id}/files/{photo}/").status_code == 404
