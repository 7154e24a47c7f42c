"""Every page opens for whom it is meant, in both languages, and with few statements."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from groundwork.access import actions
from groundwork.access.models import Account, Notice
from groundwork.access.tests.make import sign_in

OWN = (
    "access:me",
    "access:act_as",
    "access:notice_settings",
    "access:own_data",
    "access:notices",
    "access:remark",
    "access:remarks",
    "access:keys",
    "mfa_index",
    "usersessions_list",
    "account_logout",
    "account_change_password",
)


@pytest.mark.parametrize("locale", ["zh-hans", "en"])
@pytest.mark.parametrize("name", OWN)
def test_a_persons_own_pages_open_and_strangers_are_led_to_the_door(cast, name, locale):
    client = cast.client("staff", locale)
    assert client.get(reverse(name)).status_code == 200
    stranger = cast.client("resident").get(reverse(name))
    assert stranger.status_code == 302
    assert stranger.url.startswith(("/accounts/login/", "/access/"))


@pytest.mark.parametrize("locale", ["zh-hans", "en"])
@pytest.mark.parametrize(
    "name",
    ["account_login", "access:slip", "account_inactive"],
)
def test_the_doors_open_for_strangers(cast, name, locale):
    assert cast.client("resident", locale).get(reverse(name)).status_code == 200


def test_sign_up_mail_and_reset_pages_do_not_exist(cast):
    client = cast.client("resident")
    for path in ("signup/", "email/", "password/reset/", "confirm-email/", "social/connections/"):
        assert client.get(f"/accounts/{path}").status_code == 404


KEEPING = {
    "access:accounts": {"city_operator", "district_operator", "unit_secretary", "clerk"},
    "access:grants": {
        "city_operator",
        "district_operator",
        "unit_secretary",
        "clerk",
        "auditor",
        "community_secretary",
    },
    "access:trail": {"city_operator", "district_operator", "auditor"},
}


@pytest.mark.parametrize("name", KEEPING)
def test_keeping_pages_open_for_keepers_and_refuse_the_others(cast, name):
    for who in ("city_operator", "district_operator", "unit_secretary", "clerk", "auditor",
                "community_secretary", "staff", "branch_secretary", "handler"):  # fmt: skip
        status = cast.client(who).get(reverse(name)).status_code
        assert status == (200 if who in KEEPING[name] else 403), who


def test_an_account_is_seen_in_scope_and_not_found_out_of_it(cast):
    url = reverse("access:account", args=[cast.accounts["staff"].public_id])
    assert cast.client("unit_secretary").get(url).status_code == 200
    assert cast.client("other_secretary").get(url).status_code == 404


def test_the_header_says_as_what_one_acts_and_a_choice_changes_it_at_once(cast):
    client = cast.client("unit_secretary")
    assert "海曙区教育局 · 单位书记" in client.get(reverse("access:me")).content.decode()
    answer = client.post(reverse("access:act_as"), {"as": "-"})
    assert answer.status_code == 302
    page = client.get(reverse("access:me")).content.decode()
    assert "单位书记</span>" not in page
    assert client.get(reverse("access:accounts")).status_code == 403
    # The next session begins the same way.
    assert cast.client("unit_secretary").get(reverse("access:accounts")).status_code == 403


def test_nobody_acts_as_somebody_elses_grant(cast):
    client = cast.client("staff")
    stolen = cast.grants["city_operator"].public_id
    assert client.post(reverse("access:act_as"), {"as": stolen}).status_code == 404
    session = client.session
    session["acting_as"] = stolen
    session.save()
    assert client.get(reverse("access:trail")).status_code == 403


def test_a_request_costs_three_statements_before_its_own(cast, django_assert_num_queries):
    from django.test import RequestFactory

    from groundwork.access.adapters import DoorBackend
    from groundwork.access.queries import actor_of

    account = cast.accounts["unit_secretary"]
    request = RequestFactory().get("/")
    with django_assert_num_queries(2):  # and one for the session itself
        request.user = DoorBackend().get_user(account.pk)
        request.session = {}
        actor = actor_of(request)
    assert actor.unit == "000100020001"
    assert actor.home_community == "0001000100010001"


@pytest.mark.parametrize(
    ("who", "name", "most"),
    [
        ("unit_secretary", "access:accounts", 7),
        ("city_operator", "access:grants", 6),
        ("auditor", "access:trail", 7),
        ("staff", "access:notices", 6),
    ],
)
def test_lists_cost_the_same_however_long(cast, who, name, most, django_assert_max_num_queries):
    client = cast.client(who)
    actions.notify(
        [cast.accounts["staff"]], kind="t", key="1", text="一", by=cast.actor("city_operator")
    )
    url = reverse(name)
    client.get(url)
    with django_assert_max_num_queries(most):
        assert client.get(url).status_code == 200


def test_own_data_is_shown_and_exported_and_nobody_elses_is_in_it(cast):
    client = cast.client("staff")
    page = client.get(reverse("access:own_data")).content.decode()
    assert "单晓芸" in page
    assert "毛建军" not in page
    given = client.get(reverse("access:own_data_export", args=["json"]))
    sections = json.loads(given.content)
    assert {"姓名": "单晓芸"} not in sections
    assert sections[0]["rows"][0] == {"项目": "姓名", "内容": "单晓芸"}
    assert client.get(reverse("access:own_data_export", args=["exe"])).status_code == 404


def test_own_data_as_a_workbook_opens_and_holds_the_card(cast):
    import io

    import openpyxl

    given = cast.client("staff").get(reverse("access:own_data_export", args=["xlsx"]))
    book = openpyxl.load_workbook(io.BytesIO(given.content))
    cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert "单晓芸" in cells


def test_areas_above_add_their_own_section_to_the_own_data(cast):
    from groundwork.access.queries import own

    def more(by):
        return own.Section("学习记录", "三年", ("日期",), [(by.person_id,)])

    own.section(more)
    try:
        assert [s.title for s in own.own_data(cast.actor("staff"))][-1] == "学习记录"
    finally:
        own.PROVIDERS.remove(more)


def test_a_wish_for_correction_reaches_the_units_keepers_and_nobody_else(cast):
    client = cast.client("staff")
    answer = client.post(reverse("access:correct"), {"text": "居住社区应为柳锦社区"})
    assert answer.status_code == 302
    told = set(Notice.objects.filter(kind="correction").values_list("account__username", flat=True))
    assert told == {cast.accounts[who].username for who in ("unit_secretary", "clerk")}


def test_the_language_is_kept_for_pages_and_letters(cast):
    client = cast.client("staff")
    client.post(reverse("access:language"), {"language": "en"})
    assert Account.objects.get(pk=cast.accounts["staff"].pk).locale == "en"
    assert "My account" in client.get(reverse("access:me")).content.decode()


def test_a_remark_is_seen_by_its_maker_and_the_city_and_answered_into_the_inbox(cast):
    staff = cast.client("staff")
    staff.post(reverse("access:remark"), {"text": "字太小", "page": "/study/"})
    assert "字太小" in staff.get(reverse("access:remarks")).content.decode()
    assert "字太小" not in cast.client("colleague").get(reverse("access:remarks")).content.decode()
    city = cast.client("city_operator")
    assert "字太小" in city.get(reverse("access:remarks")).content.decode()
    remark = cast.accounts["staff"].remarks.get()
    url = reverse("access:answer", args=[remark.public_id])
    assert staff.post(url, {"answer": "不行"}).status_code == 403
    assert cast.client("colleague").post(url, {"answer": "不行"}).status_code == 404
    assert city.post(url, {"answer": "下周改大"}).status_code == 302
    assert Notice.objects.filter(account=cast.accounts["staff"], kind="remark").count() == 1


def test_the_demo_cards_exist_only_in_the_demo_city(cast, settings):
    client = cast.client("resident")
    account = cast.accounts["staff"]
    Account.objects.filter(pk=account.pk).update(demo=True)
    enter = reverse("access:demo_enter", args=[account.public_id])
    assert client.get(reverse("access:demo")).status_code == 404
    assert client.post(enter).status_code == 404
    settings.DEMO = True
    assert "单晓芸" in client.get(reverse("access:demo")).content.decode()
    other = reverse("access:demo_enter", args=[cast.accounts["city_operator"].public_id])
    assert client.post(other).status_code == 404  # not one of the cards
    assert client.post(enter).status_code == 302
    assert "单晓芸" in client.get(reverse("access:me")).content.decode()


def test_the_sign_in_helper_takes_a_backend_and_a_role(cast, client):
    sign_in(client, cast.accounts["unit_secretary"], acting_as="staff")
    assert client.get(reverse("access:accounts")).status_code == 403
    sign_in(client, cast.accounts["unit_secretary"], acting_as=cast.grants["unit_secretary"])
    assert client.get(reverse("access:accounts")).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_the_calendar_is_refused_not_computed(cast, day):
    page = cast.client("auditor").get(reverse("access:trail"), {"day": day})
    assert page.status_code == 200
    assert page.context["form"].errors["day"]
    today = cast.client("auditor").get(reverse("access:trail"), {"day": "2026-11-24"})
    assert not today.context["form"].errors
