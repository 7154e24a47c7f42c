"""The phone clerk's one screen: keyboard only, the next call at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from groundwork.matters.models import Category, Matter
from groundwork.matters.tests.make import at_state, raise_one

pytestmark = pytest.mark.django_db
URL, EARLIER = "/matters/raise/phone/", "/matters/raise/phone/earlier/"
CALL = {
    "phone": "138-0000-5678",
    "place_q": "澄浪",
    "words": "小区电梯又停了，老人下不来楼。",
    "kind": "help",
    "urgency": "urgent",
}


def call(**more):
    return CALL | {"client_key": str(uuid4())} | more


def test_a_call_is_written_down_and_the_next_can_come(cast, at):
    client = cast.client("dispatcher")
    values = call()
    saved = client.post(URL, values)
    assert saved["Location"] == URL
    matter = Matter.objects.get()
    assert (matter.door, matter.urgency, matter.category.code) == ("phone", "urgent", "property")
    assert matter.raisers.get().phone == "13800005678"
    page = client.get(URL).content.decode()
    assert matter.receipt in page
    assert "电梯" not in page.partition("</form>")[0].partition('id="phone"')[2]  # empty again
    assert matter.receipt not in client.get(URL).content.decode()
    client.post(URL, values)
    assert Matter.objects.count() == 1


def test_a_chosen_category_is_kept_and_words_that_say_nothing_are_other_matters(cast, at):
    client = cast.client("clerk")
    noise = Category.objects.get(code="noise")
    client.post(URL, call(category=noise.public_id))
    client.post(URL, call(words="想问一问几点上班。"))
    codes = list(Matter.objects.order_by("pk").values_list("category__code", flat=True))
    assert codes == ["noise", "other-matters"]


def test_what_is_missing_comes_back_with_what_was_typed(cast, at):
    answer = cast.client("dispatcher").post(URL, call(place_q="月亮湾", phone="不肯说"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert CALL["words"] in page
    assert "不像是电话号码" in page


def test_what_stands_already_is_shown_while_the_call_goes_on_and_can_be_joined(cast, at):
    matter = at_state(cast, "handling", public_text="小区电梯停了三天，老人下不了楼。")
    hidden = at_state(cast, "handling", words=CALL["words"], public_text="")
    client, near = cast.client("clerk"), reverse("matters:phone_near")
    page = client.post(near, {"place_q": "澄浪", "words": CALL["words"]}).content.decode()
    assert matter.public_id in page
    assert hidden.public_id not in page
    assert 'form="phone"' in page
    assert matter.public_id not in client.post(near, {"words": CALL["words"]}).content.decode()
    assert cast.client("staff").post(near, CALL).status_code == 403
    assert client.post(URL, call(to=matter.public_id)).status_code == 302
    matter.refresh_from_db()
    assert (matter.raisers_count, Matter.objects.count()) == (2, 2)
    assert "已加入" in client.get(URL).content.decode()
    gone = client.post(URL, call(to=hidden.public_id))
    assert gone.status_code == 422
    assert CALL["words"] in gone.content.decode()  # nothing typed is lost


def test_only_a_dispatcher_sees_what_the_number_brought_before(cast, at):
    known = raise_one(cast, "路灯坏了三天。", phone="13800005678").matter
    raise_one(cast, "别人的事情。", phone="13800005679")
    page = cast.client("dispatcher").post(EARLIER, {"phone": "138 0000 5678"}).content.decode()
    assert known.title in page
    assert "别人的事情" not in page
    assert cast.client("clerk").post(EARLIER, {"phone": "13800005678"}).status_code == 403
    assert cast.client("staff").get(URL).status_code == 403
    assert cast.client("clerk").get(URL).status_code == 200


def test_the_caller_of_a_withheld_matter_and_the_confidential_one_of_ones_own_stay_hidden(cast, at):
    raise_one(cast, "还没到公开时间。", phone="13800005678", withheld_until=at + timedelta(days=1))
    own = at_state(
        cast, "handling", lead="bureau", words="举报内部浪费。", phone="13800005678",
        confidential=True,
    )  # fmt: skip
    other = at_state(
        cast, "handling", lead="unit", words="学校门口太乱。", phone="13800005678",
        confidential=True,
    )  # fmt: skip
    page = cast.client("dispatcher").post(EARLIER, {"phone": "13800005678"}).content.decode()
    assert "还没到公开时间" not in page
    assert own.title not in page  # the dispatcher works at the bureau
    assert other.title in page


def test_the_directory_of_units_names_units_only(client, cast, at):
    page = client.get(reverse("matters:portal_units"), {"q": "教育局"}).content.decode()
    assert "海曙区教育局" in page
    assert "办公室" not in client.get(
        reverse("matters:portal_units"), {"q": "办公室"}
    ).content.decode().replace("街道办事处", "")
