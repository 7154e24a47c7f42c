"""Which central task a matter serves: said at acceptance, looked for, taken away, told by JSON."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from groundwork.access.actions import issue_token
from groundwork.base import clock
from groundwork.matters.models import Matter
from groundwork.matters.tests.make import at_state, raise_one
from groundwork.registry.actions import add_priority

pytestmark = pytest.mark.django_db


@pytest.fixture
def spring(cast, at):
    """Give the central task of the spring."""
    by = cast.actor("city_operator")
    return add_priority(name="防疫复工", valid_from=at.date(), by=by, at=at)


def test_the_dispatcher_says_at_acceptance_what_it_serves_and_a_page_that_did_not_ask_moves_nothing(
    cast, at, spring
):
    client = cast.client("dispatcher")
    for said, serves in (({"priority": spring.public_id}, spring), ({"priority": ""}, None)):
        matter = raise_one(cast).matter
        address = reverse("matters:accept", args=[matter.public_id])
        with clock.at(at):
            form = client.get(address).context["form"]
            sent = form.initial | {"checked": "on", "only": "1", "lead": ""}
            assert client.post(address, sent | said).status_code == 302
        assert Matter.objects.get(pk=matter.pk).priority == serves
    known = raise_one(cast, priority=spring).matter
    address = reverse("matters:accept", args=[known.public_id])
    with clock.at(at):
        sent = client.get(address).context["form"].initial | {"checked": "on", "only": "1"}
        assert client.post(address, sent | {"priority": "nothing"}).status_code == 422
        assert client.post(address, sent | {"priority": "", "lead": "x"}).status_code == 422
        sent.pop("priority")
        assert client.post(address, sent | {"lead": ""}).status_code == 302
    assert Matter.objects.get(pk=known.pk).priority == spring


def test_where_the_city_has_no_central_tasks_nothing_asks_for_one(cast, at):
    matter, client = raise_one(cast).matter, cast.client("dispatcher")
    with clock.at(at):
        form = client.get(reverse("matters:accept", args=[matter.public_id])).context["form"]
        assert "priority" not in form.fields
        assert "priority" not in client.get(reverse("matters:queue")).context["form"].fields


@pytest.mark.once
def test_desk_register_and_sheets_are_narrowed_to_what_serves_a_task(cast, at, spring):
    served, other = at_state(cast, "handling"), at_state(cast, "handling")
    Matter.objects.filter(pk=served.pk).update(priority=spring)
    asked, client = {"priority": spring.public_id}, cast.client("unit_secretary")
    unit = cast.bodies["unit"].public_id
    with clock.at(at):
        for name, args in (("matters:queue", []), ("matters:register", [unit])):
            page = client.get(reverse(name, args=args), asked).content.decode()
            assert served.receipt in page or served.public_id in page
            assert other.receipt not in page
            assert other.public_id not in page
        handler = cast.client("unit_handler")
        for name, args in (("matters:queue_export", []), ("matters:register_export", [unit])):
            taken = handler.get(reverse(name, args=args), asked).content
            [head, row] = (
                CalamineWorkbook.from_filelike(io.BytesIO(taken)).get_sheet_by_index(0).to_python()
            )
            assert dict(zip(head, row, strict=True))["服务中心工作"] == "防疫复工"
            assert row[0] == served.receipt
        nothing = client.get(reverse("matters:queue"), {"priority": "nothing"})
        assert nothing.status_code == 200


@pytest.mark.once
def test_the_staffs_json_tells_and_narrows_it_and_the_public_board_does_neither(
    cast, at, client, spring
):
    served, other = at_state(cast, "answered"), at_state(cast, "answered")
    Matter.objects.update(public_text="路灯坏了。")
    Matter.objects.filter(pk=served.pk).update(priority=spring)
    with clock.at(at):
        key = issue_token(name="t", by=cast.actor("city_operator"))
        headers = {"Authorization": f"Bearer {key}"}
        asked = {"priority": spring.public_id}
        found = client.get("/api/v1/matters", asked, headers=headers).json()["items"]
        assert [row["id"] for row in found] == [served.public_id]
        assert found[0]["priority"] == {"id": spring.public_id, "name": "防疫复工"}
        one = client.get(f"/api/v1/matters/{other.public_id}", headers=headers).json()
        assert one["priority"] is None
        shown = client.get("/api/v1/board", asked).json()
        assert "防疫复工" not in str(shown)
        assert {row["id"] for row in shown["items"]} == {served.public_id, other.public_id}
