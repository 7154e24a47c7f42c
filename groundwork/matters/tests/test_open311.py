"""Open311 GeoReport v2, held to the specification line by line, in JSON and in XML."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client

from groundwork.access.actions import issue_token
from groundwork.base.actor import system
from groundwork.base.clock import ZONE
from groundwork.matters.actions import steps
from groundwork.matters.models import Category, Matter, Raiser
from groundwork.matters.rules import intake
from groundwork.matters.rules import open311 as rules
from groundwork.matters.rules.intake import Limits
from groundwork.matters.tests.make import ANSWER, RAISED, WORDS, at_state, raise_one
from groundwork.registry.models import Place

pytestmark = pytest.mark.django_db
BASE = "/open311/v2"
REPORT = {
    "service_code": "roads",
    "address_string": "海曙区南门街道澄浪社区北门",
    "description": "路灯坏了三天。我的身份证是330203198001011234。",
    "first_name": "秀英",
    "last_name": "沈",
    "phone": "139 0574 0001",
    "lat": "29.87",
    "long": "121.55",
}
REQUEST_FIELDS = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
    "confirmed_by_raiser", "reopened",
}  # fmt: skip


@pytest.fixture
def key(cast, at) -> str:
    return issue_token(name="城市通", by=cast.actor("enterprise"))


def get(path: str, **values):
    return Client().get(f"{BASE}/{path}", values)


def post(key: str, form: str = "json", headers=None, **changes):
    said = {k: v for k, v in (REPORT | changes).items() if v is not None}
    where = f"{BASE}/requests.{form}"
    return Client(enforce_csrf_checks=True).post(where, said | {"api_key": key}, headers=headers)


def xml(answer) -> ElementTree.Element:
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def same(element: ElementTree.Element, data) -> None:
    """Hold an element of the XML form against the same thing in the JSON form."""
    if isinstance(data, list):
        assert len(element) == len(data)
        for child, value in zip(element, data, strict=True):
            same(child, value)
    elif isinstance(data, dict):
        assert [child.tag for child in element] == list(data)
        for child in element:
            same(child, data[child.tag])
    elif isinstance(data, bool):
        assert element.text == ("true" if data else "false")
    else:
        assert (element.text or "") == ("" if data is None else str(data))


# ---- reporting ----------------------------------------------------------------------------------
def test_a_report_becomes_a_matter_of_this_door_without_coordinates(cast, key):
    answer = post(key)
    assert answer.status_code == 201
    [made] = answer.json()
    matter = Matter.objects.get(public_id=made["service_request_id"])
    assert (matter.door, matter.place, matter.state) == (
        "open311", cast.places["chenglang"], "raised",
    )  # fmt: skip
    assert made["receipt"] == matter.receipt
    assert "19800101" not in matter.text
    raiser = Raiser.objects.get(matter=matter)
    assert (raiser.name, raiser.phone, raiser.account_id) == ("沈秀英", "13905740001", None)
    kept = [str(value) for row in (matter, raiser) for value in vars(row).values()]
    assert not [text for text in kept if "29.87" in text or "121.55" in text]
    secret = made["raiser_link"].rstrip("/").rpartition("/")[2]
    assert get(f"tokens/{secret}.json").json() == [
        {"service_request_id": matter.public_id, "token": secret}
    ]


def test_a_report_sent_again_with_its_idempotency_key_is_one_matter(key):
    first, again = (post(key, headers={"Idempotency-Key": "a-1"}).json() for _ in range(2))
    assert first == again
    assert Matter.objects.count() == 1


def test_reports_are_taken_in_xml_alike(key):
    root = xml(post(key, form="xml"))
    assert root.tag == "service_requests"
    assert [child.tag for child in root] == ["request"]
    assert Matter.objects.filter(public_id=root.findtext("request/service_request_id")).exists()


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        (400, {"service_code": None}),
        (404, {"service_code": "no-such"}),
        (404, {"service_code": "city"}),  # a group, no category
        (400, {"description": None}),
        (400, {"description": "坏"}),
        (400, {"description": "长" * 5001}),
        (400, {"address_string": None}),  # coordinates alone are no place
        (400, {"address_string": "火星基地"}),
        (400, {"phone": "打我家电话"}),
        (400, {"email": "nobody"}),
        (400, {"attribute[kind]": "joke"}),
        (400, {"description": "路灯坏了\0三天"}),
        (404, {"jurisdiction_id": "elsewhere.example"}),
        (403, {"api_key": ""}),
        (403, {"api_key": "wrong"}),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_report_that_cannot_be_taken_is_refused_in_the_form_asked_for(
    cast, key, status, changes, form
):
    changes = dict(changes)
    answer = post(changes.pop("api_key", key), form=form, **changes)
    assert answer.status_code == status
    if form == "json":
        [error] = answer.json()
        assert error["code"] == status
        assert error["description"]
    else:
        root = xml(answer)
        assert root.tag == "errors"
        assert root.findtext("error/code") == str(status)
        assert root.findtext("error/description")
    assert not Matter.objects.exists()


def test_a_place_is_a_code_or_a_name_and_several_are_told(cast, key):
    code = post(key, address_string=None, address_id="330203001002")
    assert code.status_code == 201
    named = post(key, address_string=None, **{"attribute[place]": "柳锦社区"})
    assert named.status_code == 201
    assert set(Matter.objects.values_list("place__code", flat=True)) == {"330203001002"}
    cast.places["xiaying"].refresh_from_db()
    Place.objects.create(
        path="0001000200010002", depth=4, code="330212001002", name="澄浪社区", level="community"
    )
    several = post(key, address_string="澄浪社区")
    assert several.status_code == 400
    assert "330212001002" in several.json()[0]["description"]
    assert post(key, address_string="鄞州区澄浪社区").status_code == 201


def test_a_flood_from_one_key_is_stopped_with_429(key, monkeypatch):
    monkeypatch.setitem(intake.LIMITS, "program", Limits(browser=2, address=50))
    assert [post(key).status_code for _ in range(3)] == [201, 201, 429]


# ---- reading ------------------------------------------------------------------------------------
def test_a_report_is_its_senders_alone_until_it_is_public(cast, key, at):
    [made] = post(key).json()
    where = f"requests/{made['service_request_id']}.json"
    assert get(where).status_code == 404
    other = issue_token(name="别家", by=cast.actor("staff"))
    assert get(where, api_key=other).status_code == 404
    assert get(where, api_key="wrong").status_code == 403
    [own] = get(where, api_key=key).json()
    assert own["description"].startswith("路灯坏了三天")
    Matter.objects.update(withheld_until=at + timedelta(days=1))
    assert get(where, api_key=key).status_code == 404


def test_only_what_the_board_shows_is_listed(cast, at):
    shown = at_state(cast, "handling")
    raise_one(cast)  # not yet looked at
    at_state(cast, "handling", kind="complaint", concerns=cast.bodies["other_unit"])
    at_state(cast, "handling", withheld_until=at + timedelta(days=1))
    [row] = get("requests.json").json()
    assert set(row) == REQUEST_FIELDS
    assert row["service_request_id"] == shown.public_id
    assert row["address"] == "海曙区 南门街道 澄浪社区"
    assert (row["lat"], row["long"]) == (None, None)
    assert row["requested_datetime"] == RAISED.isoformat()
    assert row["agency_responsible"] == "海曙区教育局"


@pytest.mark.parametrize(
    ("state", "status", "confirmed", "reopened"),
    [
        ("answered", "open", None, False),
        ("solved", "closed", True, False),
        ("unit_done", "closed", False, False),
        ("redo", "open", False, True),
        ("declined", "closed", None, False),
    ],
)
def test_the_raisers_word_decides_and_stands_in_fields_of_its_own(
    cast, at, state, status, confirmed, reopened
):
    matter = at_state(cast, state)
    if state == "declined":
        Matter.objects.update(public_text=WORDS)
    [row] = get(f"requests/{matter.public_id}.json").json()
    assert (row["status"], row["confirmed_by_raiser"], row["reopened"]) == (
        status, confirmed, reopened,
    )  # fmt: skip
    if state in ("answered", "solved"):
        assert row["status_notes"] == ANSWER


def test_xml_says_what_json_says(cast, key, at):
    at_state(cast, "solved")
    at_state(cast, "redo", category="roads")
    for path in ("discovery", "services", "services/roads", "requests", "servicerequestupdates"):
        found = get(f"{path}.json").json()
        assert found
        same(xml(get(f"{path}.xml")), found)


def test_requests_are_filtered_as_the_specification_has_it(cast, at):
    old = at_state(cast, "solved", at=RAISED - timedelta(days=120))
    new = at_state(cast, "handling", category="roads")
    ids = lambda **values: [  # noqa: E731
        row["service_request_id"] for row in get("requests.json", **values).json()
    ]
    assert ids() == [new.public_id]  # 90 days unless told otherwise
    assert ids(start_date="2026-07-01", end_date="2026-08-01") == [old.public_id]
    assert ids(start_date="2026-07-01T00:00:00Z") == [old.public_id]
    assert ids(status="closed") == []
    assert ids(status="open,closed") == [new.public_id]
    assert ids(service_code="roads,noise") == [new.public_id]
    assert ids(service_code="noise") == []
    # ids override everything else
    both = f"{old.public_id},{new.public_id}"
    assert ids(service_request_id=both, status="open") == [new.public_id, old.public_id]


@pytest.mark.parametrize(
    ("status", "values"),
    [
        (400, {"status": "maybe"}),
        (400, {"start_date": "last week"}),
        (400, {"start_date": "2026-02-30"}),
        (400, {"start_date": "2026-01-01", "end_date": "2026-06-01"}),
        (404, {"service_code": "no-such"}),
        (404, {"service_request_id": "bbbbbbbbbbbb"}),
        (404, {"jurisdiction_id": "elsewhere.example"}),
        (400, {"status": "a\0b"}),
    ],
)
def test_a_list_that_cannot_be_asked_for_is_refused(cast, at, status, values):
    at_state(cast, "handling")
    answer = get("requests.json", **values)
    assert answer.status_code == status
    assert answer.json()[0]["code"] == status


def test_unknown_things_are_not_found_in_the_form_of_the_specification(cast, at):
    for path in ("requests/nothing", "tokens/nothing", "services/nothing"):
        assert get(f"{path}.json").json()[0]["code"] == 404
        assert xml(get(f"{path}.xml")).findtext("error/code") == "404"
    assert get("requests.html").status_code == 404


def test_services_are_the_categories_in_force(cast, at):
    Category.objects.filter(code="noise").update(valid_to=at.date() - timedelta(days=1))
    rows = {row["service_code"]: row for row in get("services.json").json()}
    assert "noise" not in rows
    assert "city" not in rows
    assert rows["roads"]["type"] == "realtime"
    assert rows["roads"]["group"] == "城乡建设"
    attributes = get("services/roads.json").json()["attributes"]
    assert [row["code"] for row in attributes] == ["place", "kind", "confidential"]
    assert get("services/noise.json").status_code == 404


def test_updates_tell_public_steps_in_words_and_nothing_of_the_raiser(cast, at):
    matter = at_state(cast, "redo")
    withheld = at_state(cast, "handling", withheld_until=at + timedelta(days=1))
    rows = get("servicerequestupdates.json", service_request_id=matter.public_id).json()
    assert [row["status"] for row in rows] == ["open"] * 6
    assert ANSWER in [row["description"] for row in rows]
    assert rows[-1]["confirmed_by_raiser"] is False
    assert [row["reopened"] for row in rows] == [False] * 5 + [True]
    everything = get("servicerequestupdates.json").json()
    assert withheld.public_id not in {row["service_request_id"] for row in everything}


def test_a_status_never_changes_without_an_update_even_where_its_words_are_the_raisers_alone(
    cast, at
):
    matter = at_state(cast, "solved")
    found = {"text": "上门看过，还是不亮。", "audience": "raiser"}
    steps.redo(matter, "reopen", by=system("audit"), at=at, **found)
    *_before, last = get("servicerequestupdates.json", service_request_id=matter.public_id).json()
    assert (last["status"], last["reopened"], last["confirmed_by_raiser"]) == ("open", True, False)
    assert last["description"] == "核查发现没有解决，退回重办。"
    [row] = get(f"requests/{matter.public_id}.json").json()
    assert row["reopened"] is True
    steps.append(matter, "reply", by=system("tests"), at=at, text="先去看看。", audience="raiser")
    again = get("servicerequestupdates.json", service_request_id=matter.public_id).json()
    assert again[-1] == last  # what moved nothing stays the raiser's


def test_a_list_takes_as_many_statements_for_ten_as_for_one(cast, at, django_assert_num_queries):
    at_state(cast, "handling")
    with django_assert_num_queries(2):
        get("requests.json")
    for _ in range(9):
        at_state(cast, "handling")
    with django_assert_num_queries(2):
        assert len(get("requests.json").json()) == 10


def test_moments_are_read_as_the_w3c_writes_them():
    assert rules.moment("d", "2026-11-24T10:00:00Z").hour == 18
    assert rules.moment("d", "2026-11-24T10:00:00 08:00").hour == 10  # a + lost on its way
    assert rules.moment("d", "2026-11-24").tzinfo is ZONE
    for text in ("0001-01-01T00:00:00+23:59", "9999-12-31", "2026-11-24T25:00", "１２３"):
        try:
            rules.span(rules.moment("d", text, ends=True), None, RAISED)
        except rules.Open311Error as error:
            assert error.status == 400  # noqa: PT017 - some of these can be read
