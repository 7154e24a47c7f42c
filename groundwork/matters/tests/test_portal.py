"""The open door: three steps, nothing lost, one matter for one tap."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from groundwork.base import clock
from groundwork.base.actor import NOBODY
from groundwork.base.models import Attachment, Change, SearchEntry, TrailEntry
from groundwork.matters.actions import knocking
from groundwork.matters.actions.raising import Teller, Telling, raise_matter
from groundwork.matters.models import Category, Knock, LooseFile, Matter, Raiser, Step
from groundwork.matters.queries.timeline import timeline
from groundwork.matters.rules import intake
from groundwork.matters.tests.portal import RAISE, WORDS, file_of, followed, heic, opened, sending

pytestmark = pytest.mark.django_db


def test_a_resident_walks_the_three_steps_and_gets_a_receipt(cast, at, client):
    form = client.get(RAISE).context["form"]
    values = {"client_key": form.client_key, "_opened": opened(at), "go": "next"}
    first = client.post(RAISE, values | {"step": "1", "place_q": "澄浪", "words": WORDS})
    assert first.status_code == 200
    assert first.context["step"] == 2
    assert first.context["guess"].category.code == "noise"
    assert set(first.context["guess"].words) == {"广场舞", "太吵"}
    carried = dict(first.context["form"].carried())
    chosen = first.context["form"].data["category"]
    second = client.post(
        RAISE, values | carried | {"step": "2", "kind": "help", "category": chosen}
    )
    assert second.context["step"] == 3
    carried = dict(second.context["form"].carried())
    sent = client.post(RAISE, values | carried | {"step": "3", "phone": "138 0574 1234"})
    raiser = followed(sent)
    assert (raiser.phone, raiser.matter.place.name) == ("13805741234", "澄浪社区")
    page = client.get(sent["Location"])
    assert raiser.matter.receipt in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_an_ambiguous_name_is_a_choice_and_an_unknown_one_a_sentence(cast, at, client):
    cast.places["dongsheng"].name = "澄浪社区"
    cast.places["dongsheng"].save(update_fields=["name"])
    found = client.post(RAISE, {"step": "1", "place_q": "澄浪社区", "words": WORDS})
    assert found.status_code == 422
    page = found.content.decode()
    assert page.count('type="radio" name="place"') == 2
    assert "南门街道" in page
    assert "下应街道" in page
    lost = client.post(RAISE, {"step": "1", "place_q": "月亮湾", "words": WORDS})
    assert "没有找到" in lost.content.decode()
    assert WORDS in lost.content.decode()


def test_a_place_typed_anew_without_a_script_beats_the_one_chosen_before(cast, at, client):
    old = cast.places["dongsheng"].public_id
    answer = client.post(RAISE, {"step": "1", "place": old, "place_q": "澄浪", "words": WORDS})
    assert answer.context["form"].data["place"] == cast.places["chenglang"].public_id


def test_a_double_tap_is_one_matter_and_a_lost_answer_gives_the_same_link(cast, at, client):
    values = sending(cast, at)
    one, two = (client.post(RAISE, values) for _ in range(2))
    other = Client().post(RAISE, values)  # the phone came back with another connection
    assert one["Location"] == two["Location"] == other["Location"]
    assert Matter.objects.count() == 1
    assert client.get(two["Location"]).status_code == 200


def test_a_key_of_one_door_opens_nothing_at_another(cast, at):
    category = Category.objects.get(code="noise")
    telling = Telling(WORDS, category, cast.places["chenglang"], "hotline", client_key="12345-1")
    secret = raise_matter(telling, Teller(), by=NOBODY, at=at).secret
    assert raise_matter(telling, Teller(), by=NOBODY, at=at).secret == secret
    stranger = raise_matter(telling, Teller(account_id=7), by=NOBODY, at=at)
    assert (stranger.secret, stranger.again) == ("", True)


@pytest.mark.once
def test_a_phones_photo_comes_along_without_name_and_camera(cast, at, client):
    first = client.post(
        RAISE,
        {"step": "1", "place_q": "澄浪", "words": WORDS, "photos": [file_of(heic())] * 1},
    )
    [(token, photo)] = first.context["photos"]
    assert LooseFile.objects.count() == 1
    shown = client.get(reverse("matters:portal_photo", args=[token]))
    content = b"".join(shown.streaming_content)
    assert b"Secret" not in content
    assert shown["Content-Type"] == "image/webp"
    matter = followed(client.post(RAISE, sending(cast, at, photo=token))).matter
    assert [file.attachment for file in matter.files.all()] == [photo]
    assert photo.name == "photo.webp"
    assert photo.account_id is None
    assert not LooseFile.objects.exists()
    assert client.get(reverse("matters:portal_photo", args=[token])).status_code == 404


@pytest.mark.once
def test_one_bad_picture_costs_neither_the_words_nor_the_good_one(cast, at, client):
    bad = [
        file_of(b"<svg onload=alert(1)>", "a.svg"),
        file_of(heic()),
        file_of(b"\xff\xd8\xff" * 9),
    ]
    answer = client.post(RAISE, {"step": "1", "place_q": "澄浪", "words": WORDS, "photos": bad})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert WORDS in page
    assert "a.svg：" in page
    assert len(answer.context["photos"]) == 1
    [(token, _photo)] = answer.context["photos"]
    again = client.post(RAISE, {"step": "1", "place_q": "", "words": WORDS, "photo": token})
    assert again.context["photos"]  # another fault later costs it neither
    dropped = client.post(RAISE, {"step": "1", "words": WORDS, "photo": token, "drop": token})
    assert not dropped.context["photos"]
    forged = client.post(RAISE, {"step": "1", "words": WORDS, "photo": "abc:def"})
    assert not forged.context["photos"]


@pytest.mark.once
def test_photos_of_a_form_never_sent_go_after_a_day(cast, at, client):
    client.post(RAISE, {"step": "1", "words": WORDS, "photos": [file_of(heic())]})
    path = Attachment.objects.get().file.name
    knocking.sweep_doors(at=at + timedelta(hours=23))
    assert Attachment.objects.exists()
    knocking.sweep_doors(at=at + timedelta(hours=25))
    assert not Attachment.objects.exists()
    assert not Attachment.file.field.storage.exists(path)
    assert not Knock.objects.exists()


def test_scripts_and_signs_come_out_as_text(cast, at, client):
    words = '<script>alert(1)</script>路灯坏了 & "黑"\u202e了\x07三天'
    matter = followed(client.post(RAISE, sending(cast, at, words=words))).matter
    assert matter.text == '<script>alert(1)</script>路灯坏了 & "黑"了三天'
    page = client.post(RAISE, sending(cast, at, words=words, category="")).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_numbers_of_cards_are_masked_and_the_raiser_is_told(cast, at, client):
    words = WORDS + "我的身份证330203198001011234，电话13805741234。"
    values = sending(cast, at, words=words)
    page = client.post(RAISE, values | {"step": "1"})
    assert "已经替您遮住了" in page.content.decode()
    assert "330203198001011234" not in page.content.decode()
    matter = followed(client.post(RAISE, values)).matter
    assert "330*************34，电话13805741234" in matter.text


def test_too_many_words_come_back_whole(cast, at, client):
    long = "路灯坏了。" * 2400
    answer = client.post(RAISE, sending(cast, at, words=long))
    assert answer.status_code == 422
    assert answer.context["step"] == 1
    assert long in answer.content.decode()
    assert "12000" in answer.content.decode()


def test_a_robot_is_asked_once_more_and_a_person_is_through(cast, at, client):
    quick = sending(cast, at, _opened=opened(at, ago=timedelta(0)))
    asked = client.post(RAISE, quick)
    assert asked.status_code == 422
    assert "再点一次" in asked.content.decode()
    assert WORDS in asked.content.decode()
    with clock.at(at + timedelta(seconds=5)):
        assert client.post(RAISE, quick).status_code == 302
    trapped = client.post(RAISE, sending(cast, at, website="http://x"))
    assert trapped.status_code == 422
    assert "http://x" not in trapped.content.decode()


def test_a_complaint_names_the_unit_and_other_kinds_none(cast, at, client):
    unit = cast.bodies["unit"]
    values = {"kind": "complaint", "concerns": unit.public_id}
    matter = followed(client.post(RAISE, sending(cast, at, **values))).matter
    assert matter.concerns == unit
    values["kind"] = "question"
    matter = followed(client.post(RAISE, sending(cast, at, **values))).matter
    assert matter.concerns is None


def test_a_complaint_of_an_office_is_one_of_its_unit(cast, at):
    category = Category.objects.get(code="noise")
    telling = Telling(
        WORDS, category, cast.places["chenglang"], "open311", "complaint",
        concerns=cast.bodies["office"],
    )  # fmt: skip
    receipt = raise_matter(telling, Teller(), by=NOBODY, at=at)
    assert receipt.matter.concerns == cast.bodies["unit"]


def test_an_account_that_raises_stands_nowhere_but_with_the_raiser(cast, at):
    raiser = followed(cast.client("staff").post(RAISE, sending(cast, at, phone="057487181234")))
    account = cast.accounts["staff"].pk
    assert raiser.account_id == account
    assert not Step.objects.filter(account_id=account).exists()
    assert not TrailEntry.objects.filter(account_id=account, kind="matters.matter").exists()
    tokens = SearchEntry.objects.get(kind="matters.matter", object_pk=raiser.matter_id).tokens
    assert "057487181234" not in tokens
    assert "account" not in str(list(Change.objects.values("after", "before")))


def test_raising_is_at_most_fifteen_statements(cast, at, client, django_assert_max_num_queries):
    values = sending(cast, at)
    # With the guards of the page, the minutes it took with their change, two begins and two ends.
    with django_assert_max_num_queries(21):
        client.post(RAISE, values)
    category = Category.objects.get(code="noise")
    telling = Telling(WORDS, category, cast.places["liujin"], "hotline", client_key="k1")
    with django_assert_max_num_queries(13):
        raise_matter(telling, Teller(), by=NOBODY, at=at)


def test_an_office_of_three_hundred_passes_and_a_flood_does_not(cast, at, monkeypatch):
    sender = {"REMOTE_ADDR": "10.1.2.3"}
    for number in range(300):
        desk = knocking.Sender(f"desk {number}", "10.1.2.3")
        knocking.count_knock("send", desk, at=at)
    colleague = Client(**sender)
    colleague.get(RAISE)
    assert colleague.post(RAISE, sending(cast, at)).status_code == 302
    for number in range(intake.LIMITS["send"].address - 301):
        knocking.count_knock("send", knocking.Sender(f"robot {number}", "10.1.2.3"), at=at)
    robot = Client(**sender)
    robot.get(RAISE)
    refused = robot.post(RAISE, sending(cast, at, words="别的事情也要说一说"))
    assert refused.status_code == 429
    page = refused.content.decode()
    assert "别的事情也要说一说" in page
    assert "19:00" in page
    assert "12345" in page
    assert refused["Retry-After"]
    neighbour = Client(REMOTE_ADDR="10.1.2.4")
    neighbour.get(RAISE)
    assert neighbour.post(RAISE, sending(cast, at)).status_code == 302
    with clock.at(at + timedelta(hours=1)):
        later = sending(cast, at + timedelta(hours=1))
        assert robot.post(RAISE, later).status_code == 302
    assert "10.1.2.3" not in str(list(Knock.objects.values_list("key", flat=True)))


def test_a_script_that_reads_the_directory_is_stopped_and_staff_are_not_counted(
    cast, at, monkeypatch
):
    monkeypatch.setitem(intake.LIMITS, "look", intake.Limits(browser=2, address=9))
    script, staff = Client(), cast.client("staff")
    for name, words in (("portal_places", "澄浪"), ("portal_units", "教育局")):
        url = reverse(f"matters:{name}")
        assert [script.get(url, {"q": ""}).status_code for _ in range(9)] == [200] * 9
        assert staff.get(url, {"q": words}).status_code == 200
    statuses = [script.get(url, {"q": words}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert staff.get(url, {"q": words}).status_code == 200


def test_one_browser_is_stopped_before_its_office(cast, at):
    browser = Client()
    browser.get(RAISE)
    most = intake.LIMITS["send"].browser
    for number in range(most):
        sent = browser.post(RAISE, sending(cast, at, words=f"第{number}盏路灯不亮了"))
        assert sent.status_code == 302
    values = sending(cast, at, words="还有一盏路灯不亮")
    assert browser.post(RAISE, values).status_code == 429
    colleague = Client()
    colleague.get(RAISE)
    assert colleague.post(RAISE, sending(cast, at)).status_code == 302
    # What was sent before is still answered with its receipt.
    first = Matter.objects.order_by("pk").first()
    assert Raiser.objects.filter(matter=first, first=True).count() == 1


def test_an_enterprise_raises_among_its_own_categories(cast, at):
    client = cast.client("enterprise")
    url = reverse("matters:raise_enterprise")
    form = client.get(url).context["form"]
    names = {row.code for row in form.offered}
    assert {"labour", "taxes", "gates"} <= names
    assert "noise" not in names
    values = sending(
        cast,
        at,
        words="复工缺二十名员工，招工难。",
        category=Category.objects.get(code="labour").public_id,
        _opened=opened(at, "matters.raise_enterprise"),
    )
    raiser = followed(client.post(url, values))
    assert raiser.body == cast.bodies["enterprise_body"]
    assert raiser.matter.door == "enterprise"
    assert client.post(url, values)["Location"]
    foreign = values | {"category": Category.objects.get(code="noise").public_id}
    assert client.post(url, foreign | {"client_key": str(uuid4())}).status_code == 422
    assert cast.client("staff").get(url).status_code == 403


def test_staff_write_down_for_somebody_and_are_not_the_raiser(cast, at):
    client = cast.client("staff")
    url = reverse("matters:raise_for")
    raiser = followed(client.post(url, sending(cast, at, name="沈阿姨", phone="0574-87181234")))
    assert (raiser.account_id, raiser.person_id) == (None, None)
    assert (raiser.name, raiser.phone) == ("沈阿姨", "057487181234")
    assert raiser.matter.door == "staff"
    written = raiser.matter.steps.get(verb="write_down")  # whom one can ask about it
    assert (written.account_id, written.audience) == (cast.accounts["staff"].pk, "staff")
    assert timeline(raiser.matter, raiser, at).entries[0].label == ""
    hidden = sending(cast, at, words="还有一件不想让人知道。", confidential="on")
    quiet = followed(client.post(url, hidden)).matter
    assert not quiet.steps.filter(account_id__isnull=False).exists()
    trailed = TrailEntry.objects.filter(verb="write_down", account_id=cast.accounts["staff"].pk)
    assert set(trailed.values_list("object_id", flat=True)) == {
        raiser.matter.public_id,
        quiet.public_id,
    }
    assert cast.client("enterprise").get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_a_shop_without_an_account_finds_its_categories_and_an_official_may_name_it(cast, at):
    portal = cast.client("resident").get(reverse("matters:raise")).context["form"]
    assert {"labour", "taxes", "noise"} <= {row.code for row in portal.offered}
    assert not [row for row in portal.offered if row.audience == Category.Audience.STAFF]
    firm = cast.bodies["enterprise_body"]
    client, url = cast.client("staff"), reverse("matters:raise_for")
    values = sending(
        cast,
        at,
        words="复工缺二十名员工，招工难。",
        category=Category.objects.get(code="labour").public_id,
        _opened=opened(at, "matters.raise_for"),
    )
    unknown = client.post(url, values | {"enterprise": "没有这家厂"})
    assert unknown.status_code == 422
    raiser = followed(client.post(url, values | {"enterprise": firm.name}))
    assert (raiser.body, raiser.account_id, raiser.matter.door) == (firm, None, "staff")
    listing = cast.client("enterprise").get(reverse("matters:own")).context["listing"]
    assert [row.matter for row in listing.rows] == [raiser.matter]
    nobody = values | {"client_key": str(uuid4()), "words": "楼道灯坏了三天了。"}
    assert followed(client.post(url, nobody)).body is None
