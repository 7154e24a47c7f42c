"""See what others said and join it: by choice, or with the very same words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from groundwork.base import clock
from groundwork.matters.models import Matter, Step
from groundwork.matters.tests.make import at_state
from groundwork.matters.tests.portal import RAISE, WORDS, followed, sending

pytestmark = pytest.mark.django_db


def test_similar_matters_are_shown_with_reasons_nearest_first(cast, at, client):
    public = "广场舞音响夜里太吵，孩子没法睡觉。"
    here = at_state(cast, "handling", public_text=public)
    near = at_state(cast, "handling", public_text=public, place="liujin")
    other = at_state(cast, "handling", public_text="路灯不亮了三天。")
    at_state(cast, "handling", public_text=public, place="dongsheng")  # another district
    at_state(cast, "solved", public_text=public)
    at_state(cast, "handling", public_text=public, kind="complaint")
    at_state(cast, "handling", public_text="")
    at_state(cast, "handling", public_text=public, withheld_until=at + timedelta(days=1))
    answer = client.post(RAISE, sending(cast, at, step="1"))
    around = answer.context["around"]
    assert [n.matter.pk for n in around.alike] == [here.pk, near.pk]
    assert "广场" in "".join(around.alike[0].words) or "音响" in around.alike[0].words
    assert [n.matter.pk for n in around.community] == [other.pk]
    assert "同一社区" in answer.content.decode()


def test_looking_around_costs_the_same_however_many_stand(
    cast, at, client, django_assert_max_num_queries
):
    client.get(RAISE)
    for _ in range(5):
        at_state(cast, "handling", public_text=WORDS)
    with django_assert_max_num_queries(8):
        client.post(RAISE, sending(cast, at, step="1"))


def test_joining_gives_an_own_link_and_counts(cast, at, client):
    matter = at_state(cast, "handling", public_text=WORDS)
    looked = client.post(RAISE, sending(cast, at, step="2", to=matter.public_id))
    assert looked.context["step"] == 3
    assert looked.context["joined"] == matter
    values = sending(cast, at, join=matter.public_id, phone="13805741234", category="")
    joined = followed(client.post(RAISE, values))
    assert (joined.matter, joined.first, joined.words) == (matter, False, WORDS)
    assert followed(client.post(RAISE, values)) == joined
    matter.refresh_from_db()
    assert matter.raisers_count == 2
    assert Step.objects.get(matter=matter, verb="join").audience == "staff"
    page = client.get(reverse("matters:receipt", args=["x"]))
    assert page.status_code == 404


def test_who_wants_to_stay_unknown_and_joins_makes_the_matter_confidential(cast, at, client):
    matter = at_state(cast, "handling", public_text=WORDS)
    client.post(RAISE, sending(cast, at, join=matter.public_id, confidential="on"))
    matter.refresh_from_db()
    assert matter.confidential


def read_own(client, receipt_page):
    return client.get(receipt_page.replace("/receipt/", "/mine/")).content.decode()


@pytest.mark.parametrize("more", [{"public_text": ""}, {"kind": "complaint"}])
def test_what_the_board_does_not_show_cannot_be_joined(cast, at, client, more):
    matter = at_state(cast, "handling", **more)
    answer = client.post(RAISE, sending(cast, at, join=matter.public_id))
    assert answer.status_code == 404
    assert WORDS in answer.content.decode()
    assert matter.raisers.count() == 1


def test_a_matter_closed_meanwhile_is_told_and_the_words_stay(cast, at, client):
    matter = at_state(cast, "solved", public_text="路灯坏了三天。")
    answer = client.post(RAISE, sending(cast, at, join=matter.public_id))
    assert answer.status_code == 409
    assert answer.context["step"] == 2
    assert WORDS in answer.content.decode()


def test_two_hundred_identical_texts_are_one_matter_with_two_hundred_raisers(cast, at, client):
    texts = [WORDS, WORDS.replace("，", " , ")] * 10
    raisers = [
        followed(Client(REMOTE_ADDR=f"10.0.0.{n}").post(RAISE, sending(cast, at, words=text)))
        for n, text in enumerate(texts)
    ]
    assert len({raiser.matter_id for raiser in raisers}) == 1
    matter = Matter.objects.get()
    assert matter.raisers_count == matter.raisers.count() == 20
    assert Step.objects.filter(matter=matter).count() == 1
    assert len({raiser.digest for raiser in raisers}) == 20
    elsewhere = sending(cast, at, place=cast.places["liujin"].public_id)
    assert followed(client.post(RAISE, elsewhere)).first
    complaint = sending(cast, at, kind="complaint", concerns=cast.bodies["unit"].public_id)
    assert followed(client.post(RAISE, complaint)).first
    with clock.at(at + timedelta(hours=25)):
        later = sending(cast, at + timedelta(hours=25))
        assert followed(client.post(RAISE, later)).first


def test_who_joined_reads_the_own_words_always_and_never_the_first_ones(cast, at, client):
    own = "楼上半夜放音乐，我家老人心脏不好。"
    client.post(RAISE, sending(cast, at))  # not accepted: not on the board
    same = WORDS.replace("，", " , ")
    page = read_own(client, Client().post(RAISE, sending(cast, at, words=same))["Location"])
    assert same in page
    assert WORDS not in page
    matter = at_state(cast, "handling", words="五幢张家夜里放音响。", public_text="夜里音响太吵。")
    values = sending(cast, at, join=matter.public_id, words=own)
    page = read_own(client, client.post(RAISE, values)["Location"])
    assert own in page
    assert "夜里音响太吵。" in page
    assert "张家" not in page  # not in the heading either


def test_the_joined_of_identical_words_is_told_kindly(cast, at, client):
    client.post(RAISE, sending(cast, at))
    page = client.get(client.post(RAISE, sending(cast, at))["Location"]).content.decode()
    assert "已有一位邻居提了同一件事" in page
