"""The planner's pages: ask in plain words, watch, read the proof, publish or drop."""

from __future__ import annotations

import pytest
from django.urls import reverse

from groundwork.duty.actions import planning
from groundwork.duty.models import PlanRun, Post
from groundwork.duty.tests.make import gate_of, order_of, shift_of
from groundwork.duty.tests.plans import TOMORROW, call_all, ready

pytestmark = pytest.mark.django_db
State = PlanRun.State


@pytest.fixture
def order(cast, at):
    return order_of(cast)


@pytest.fixture
def client(cast):
    return cast.client("city_operator")


def asked(client, order, **changes):
    """Send the form as it stands, with some answers changed."""
    url = reverse("duty:runs", args=[order.public_id])
    form = client.get(url).context["form"]
    said = {name: form.initial.get(name) for name in form.fields}
    said = {name: value for name, value in (said | changes).items() if value is not None}
    return client.post(url, said)


def test_the_form_keeps_its_weights_with_the_run_and_begins_with_them_again(client, order):
    answer = asked(client, order, unfilled_lead=300, keep=9, across=12)
    run = PlanRun.objects.get()
    assert answer.url == reverse("duty:run", args=[run.public_id])
    assert (run.weights["unfilled"]["lead"], run.weights["keep"]) == (300, 9)
    assert run.weights["travel"][3] == 12
    planning.drop_run(run.public_id, by=planning.PLANNER)
    form = client.get(reverse("duty:runs", args=[order.public_id])).context["form"]
    assert (form.initial["unfilled_lead"], form.initial["across"]) == (300, 12)


def test_prices_that_make_no_sense_are_refused_in_words(client, order):
    answer = asked(client, order, second=9, third=1)
    assert answer.status_code == 422
    assert "后一档不能比前一档低" in answer.content.decode()
    assert not PlanRun.objects.exists()


def test_while_it_computes_the_page_asks_again_and_then_shows_the_whole(cast, client, order):
    run = ready(
        cast, order, [], state=State.RUNNING, progress={"seconds": 3, "cost": 90, "bound": 81}
    )
    url = reverse("duty:run", args=[run.public_id])
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "10.00%" in part
    assert "<html" not in part
    PlanRun.objects.update(state=State.READY)
    answer = client.get(url, headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"


def test_the_result_says_the_proof_in_one_sentence_and_publishes_in_one_tap(cast, client, order):
    shift = shift_of(gate_of(cast, order), 1, general=1)
    call_all(cast, order, "staff")
    run = ready(cast, order, [("staff", shift, "general")], cost=1000, bound=992)
    url = reverse("duty:run", args=[run.public_id])
    page = client.get(url).content.decode()
    assert "总代价最多还能省 0.80%" in page
    assert "独立核验：没有违反规则" in page
    PlanRun.objects.update(bound=0)
    assert "最多差多少，这次没有证明" in client.get(url).content.decode()
    done = client.post(reverse("duty:run_publish", args=[run.public_id]), follow=True)
    assert "新排 1 个班次" in done.content.decode()
    assert Post.objects.get().person == cast.people["staff"]


def test_a_plan_with_faults_shows_them_and_no_button(cast, client, order):
    run = ready(cast, order, [], violations=[{"rule": "rest"}, {"rule": "rest"}])
    page = client.get(reverse("duty:run", args=[run.public_id])).content.decode()
    assert "两班之间休息不足 11 小时" in page
    assert reverse("duty:run_publish", args=[run.public_id]) not in page


def test_a_dropped_plan_tells_nobody(cast, client, order):
    run = ready(cast, order, [])
    client.post(reverse("duty:run_drop", args=[run.public_id]))
    assert PlanRun.objects.get().state == State.DROPPED
    assert run.first_day == TOMORROW
    assert not Post.objects.exists()
