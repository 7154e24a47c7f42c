"""The board, its feeds and the community's page: what everybody reads, and what nobody does."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.base.actor import NOBODY
from groundwork.matters.actions import steps, wording
from groundwork.matters.actions.handling import answer_matter
from groundwork.matters.actions.own import erase_own
from groundwork.matters.models import Matter, MatterFile
from groundwork.matters.queries import board
from groundwork.matters.queries.search import search_matters
from groundwork.matters.queries.timeline import timeline
from groundwork.matters.tests.make import ANSWER, WORDS, at_state, raise_one, receipt_at

pytestmark = pytest.mark.django_db
FORMS = ("", "rss.xml", "atom.xml", "open.csv", "open.json")
SECRET = "凌晨也有渣土车"  # stands only in matters that nobody may read


def read(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return (response.getvalue() if response.streaming else response.content).decode()


def hide(matter, **values):
    Matter.objects.filter(pk=matter.pk).update(**values)
    return matter


@pytest.fixture
def hidden(cast, at):
    """Four matters the board must not know: under embargo, a complaint, not let through, erased."""
    erased = receipt_at(cast, "answered", words=SECRET, public_text=SECRET)
    erase_own(erased.secret, by=NOBODY, at=at)
    more = {"words": SECRET, "public_text": SECRET}
    return [
        hide(at_state(cast, "answered", **more), withheld_until=at + timedelta(hours=1)),
        at_state(cast, "answered", kind="complaint", concerns=cast.bodies["bureau"], **more),
        at_state(cast, "answered", words=SECRET, public_text=""),
        erased.matter,
    ]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("asked", ["", "?q=渣土", "?door=portal&category=city", "?state=answered"])
def test_what_is_not_public_stands_in_no_list_feed_or_export(cast, at, hidden, form, asked):
    at_state(cast, "answered")
    text = read(cast.client("resident"), f"/matters/board/{form}{asked}")
    assert SECRET not in text
    for matter in hidden:
        assert matter.public_id not in text
        assert matter.receipt not in text


def test_what_is_not_public_has_no_page_either(cast, at, hidden):
    client = cast.client("resident")
    for matter in hidden:
        assert client.get(f"/matters/board/{matter.public_id}/").status_code == 404
        assert client.get(f"/matters/board/?q={matter.receipt}").context["board"].lines == []


def test_what_is_hidden_is_counted_but_no_small_number_and_no_embargo(cast, at, hidden):
    at_state(cast, "solved")
    figures = board.figures_of(board.Wanted(), at)
    assert (figures.shown, figures.few_withheld, figures.withheld.n) == (1, True, 0)
    for _ in range(3):
        raise_one(cast)
    figures = board.figures_of(board.Wanted(), at)
    assert (figures.few_withheld, figures.withheld.n) == (False, 6)  # without the embargoed one
    assert (figures.solved.part, figures.solved.whole) == (1, 1)


def test_the_board_shows_no_name_no_door_and_no_photo_of_the_raiser(cast, at):
    told = "王阿姨家3幢502室漏水，电话13900001111。楼上不管。"
    matter = at_state(cast, "handling", words=told, public_text=told, name="王桂芳")
    for form in ("", f"{matter.public_id}/", "rss.xml", "open.csv", "open.json"):
        text = read(cast.client("resident"), f"/matters/board/{form}")
        assert "漏水" in text
        for private in ("502", "13900001111", "王阿姨"):
            assert private not in text


NAMED = "王桂芳女士，您好：沈阿姨反映的已办好，王桂芳可再联系。尊敬的陈家明先生也已知道。"


def test_no_public_answer_names_those_who_raised_it_nor_anybody_else(cast, at):
    matter = at_state(cast, "handling", name="王桂芳")
    answer_matter(matter.public_id, NAMED, by=cast.actor("unit_handler"), at=at)
    shown = f"/matters/board/{matter.public_id}/"
    for address in (
        "/matters/board/",
        shown,
        "/matters/board/rss.xml",
        "/matters/board/open.csv",
        "/matters/board/open.json",
        reverse("api:board"),
        f"/open311/v2/requests/{matter.public_id}.json",
        f"/open311/v2/servicerequestupdates.json?service_request_id={matter.public_id}",
    ):
        text = read(cast.client("resident"), address)
        if address != "/matters/board/":
            assert "已办好" in text, address
        for name in ("王桂芳", "沈阿姨", "陈家明"):
            assert name not in text, address


def test_who_answers_is_told_of_names_first_and_what_is_no_name_stays(cast, at):
    matter = at_state(cast, "handling", name="居民")
    client = cast.client("unit_handler")
    url = reverse("matters:act", args=[matter.public_id, "answer"])
    assert 'type="checkbox" name="checked"' not in client.get(url).content.decode()
    refused = client.post(url, {"text": NAMED})
    assert refused.status_code == 422
    assert "王桂芳女士" in str(refused.context["form"].errors)
    assert 'type="checkbox" name="checked"' in refused.content.decode()
    matter.refresh_from_db()
    assert matter.answer == ""
    said = "居民反映的已办好，可打0574-87180000。"
    assert client.post(url, {"text": said}).status_code == 302
    matter.refresh_from_db()
    assert matter.answer == said


def test_a_filter_narrows_the_page_and_all_its_feeds_alike(cast, at):
    here = at_state(cast, "answered", place="chenglang", category="noise")
    there = at_state(cast, "solved", place="dongsheng", category="roads", lead="other_unit")
    client = cast.client("resident")
    haishu, lead = cast.places["haishu"].public_id, cast.bodies["other_unit"].public_id
    for asked, inside, outside in (
        (f"?place={haishu}", here, there),
        (f"?place={cast.places['chenglang'].public_id}", here, there),
        ("?category=noise", here, there),
        ("?category=city&state=answered", here, there),
        ("?state=solved", there, here),
        (f"?lead={lead}", there, here),
    ):
        for form in FORMS:
            text = read(client, f"/matters/board/{form}{asked}")
            assert inside.public_id in text, (form, asked)
            assert outside.public_id not in text, (form, asked)
    for asked in ("?place=nowhere", "?category=nothing", "?state=odd", "?door=odd", "?lead=x"):
        assert client.get(f"/matters/board/{asked}").status_code == 404


def test_open_data_are_whole_safe_for_spreadsheets_and_go_on(cast, at, monkeypatch):
    monkeypatch.setattr(board, "MOST_EXPORTED", 2)
    monkeypatch.setattr(board, "CHUNK", 1)
    for n in range(5):
        at_state(cast, "solved" if n else "redo", public_text=f"=SUM({n})")
    client, seen, address = cast.client("resident"), [], "/matters/board/open.json"
    while address:
        page = json.loads(read(client, address))
        assert len(page["matters"]) <= 2
        seen += page["matters"]
        address = (page["next"] or "").partition("/matters/")[2]
        address = f"/matters/{address}" if address else ""
    assert len({row["id"] for row in seen}) == 5
    assert [row["confirmed_by_raiser"] for row in seen] == [True] * 4 + [False]
    assert [row["reopened"] for row in seen] == [False] * 4 + [True]
    rows = list(
        csv.DictReader(io.StringIO(read(client, "/matters/board/open.csv").lstrip("\ufeff")))
    )
    assert {row["text"][0] for row in rows} == {"'"}


def test_where_only_the_unit_says_it_is_done_every_program_reads_that_nobody_confirmed(cast, at):
    shown = at_state(cast, "unit_done")
    client = cast.client("resident")
    [row] = json.loads(read(client, "/matters/board/open.json"))["matters"]
    [same] = client.get(f"/open311/v2/requests/{shown.public_id}.json").json()
    for name in ("confirmed_by_raiser", "reopened"):
        assert row[name] is same[name] is False


def test_pages_follow_each_other_without_gap_by_list_and_by_words(cast, at, monkeypatch):
    monkeypatch.setattr(board, "PAGE", 2)
    made = [at_state(cast, "answered").public_id for _ in range(5)]
    for q in ("", "工地"):
        seen, after = [], ""
        while True:
            page = board.board(board.Wanted(q=q, after=after), at)
            seen += [line.matter.public_id for line in page.lines]
            after = page.next
            if not after:
                break
        assert seen == made[::-1]


def test_the_statements_do_not_grow_with_the_board(cast, at, django_assert_max_num_queries):
    client = cast.client("resident")
    for _ in range(2):
        for _ in range(6):
            at_state(cast, "handling")
        with django_assert_max_num_queries(9):
            client.get("/matters/board/")


def test_everybody_reads_the_own_part_of_a_way(cast, at):
    receipt = receipt_at(cast, "answered")
    matter, by = receipt.matter, steps.BY_RAISER
    raiser = matter.raisers.get()
    staff, public = steps.Audience.STAFF, steps.Audience.RAISER
    steps.append(matter, "note", by=by, at=at, text="内部意见", audience=staff)
    mine = {"raiser": raiser.pk}
    steps.append(matter, "add", by=by, at=at, text="我的补充", audience=public, data=mine)
    steps.append(
        matter, "add", by=by, at=at, text="别人的补充", audience=public, data={"raiser": 0}
    )
    staff_reads = timeline(matter, cast.actor("unit_handler"), at)
    raiser_reads, public_reads = timeline(matter, raiser, at), timeline(matter, None, at)
    assert {"内部意见", "我的补充", "别人的补充", ANSWER} <= {e.text for e in staff_reads.entries}
    assert {e.text for e in raiser_reads.entries} == {"", "我的补充", ANSWER}
    assert {e.text for e in public_reads.entries} == {"", ANSWER}
    assert not any(e.label for e in (*raiser_reads.entries, *public_reads.entries))
    assert "add" not in {e.verb for e in public_reads.entries}


def test_every_verb_has_its_sentence():
    from groundwork.matters.queries.timeline import NOW, SENTENCES
    from groundwork.matters.rules.states import STATES, VERBS

    assert set(VERBS) <= set(SENTENCES)
    assert set(STATES) == set(NOW)


def test_the_staff_search_keeps_to_the_scope(cast, at):
    led, other = at_state(cast, "handling"), at_state(cast, "handling", lead="other_unit")
    for matter in (led, other):
        wording.index_words(matter)
    found = search_matters(cast.actor("unit_handler"), "打桩", at).rows
    assert [matter.pk for matter in found] == [led.pk]
    found = search_matters(cast.actor("dispatcher"), other.receipt.lower(), at).rows
    assert [matter.pk for matter in found] == [other.pk]
    assert search_matters(cast.actor("staff"), "打桩", at).rows == []


def test_a_community_shows_everybody_the_board_and_its_secretary_what_is_open(cast, at):
    raw = raise_one(cast).matter  # not accepted, so on no board
    shown = at_state(cast, "solved")
    address = f"/matters/community/{cast.places['chenglang'].public_id}/"
    public = read(cast.client("resident"), address)
    assert shown.public_id in public
    assert raw.public_id not in public
    assert raw.public_id in read(cast.client("community_secretary"), address)
    assert raw.public_id not in read(cast.client("other_community_secretary"), address)
    district = cast.places["haishu"].public_id
    larger = cast.client("resident").get(f"/matters/community/{district}/")
    assert larger["Location"] == f"/matters/board/?place={district}"
    nowhere = cast.client("resident").get("/matters/community/nowhere/")
    assert nowhere.status_code == 404


def test_the_own_page_stays_out_of_caches_and_gives_its_address_to_nobody(cast, at):
    receipt = receipt_at(cast, "answered")
    response = cast.client("staff").get(f"/matters/mine/{receipt.secret}/")
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "no-store" in response["Cache-Control"]
    remark = response.content.decode().split('href="/access/me/remark', 1)
    assert all(receipt.secret not in part.split('"', 1)[0] for part in remark[1:])
    assert WORDS.split("。")[0] in response.content.decode()


def test_the_other_raisers_photos_and_words_are_not_mine(cast, at):
    from groundwork.base.attachments import store
    from tests.world_ledger import picture

    receipt = receipt_at(cast, "answered")
    photo = store(picture(), name="p", by=NOBODY, at=at, allowed=("image/jpeg",))
    other = at + timedelta(minutes=1)
    MatterFile.objects.create(
        matter=receipt.matter, attachment=photo, from_raiser=True, added_at=other
    )
    client = cast.client("resident")
    own = f"/matters/mine/{receipt.secret}/files/{photo.public_id}/"
    assert client.get(own).status_code == 404
    public = f"/matters/board/{receipt.matter.public_id}/files/{photo.public_id}/"
    assert client.get(public).status_code == 404
