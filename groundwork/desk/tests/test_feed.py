"""The personal calendar feed: a secret address without a session, moved and cancelled evenings."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from groundwork.access.actions.personal import issue_feed_key, revoke_feed_key
from groundwork.base.clock import ZONE
from groundwork.desk import queries
from groundwork.duty.actions.answering import decline_post
from groundwork.duty.tests.make import gate_of, order_of, post_of, shift_of
from groundwork.study.actions.evening import cancel_evening, move_evening
from groundwork.study.tests.make import CITY, MADE, NEXT, a_draft, an_evening
from tests.cast import EVENING


def events(text: bytes) -> dict[str, Any]:
    """Read a feed as a calendar does: events by their UID's first part."""
    calendar = Calendar.from_ical(text)
    return {str(event["UID"]).split("@")[0]: event for event in calendar.walk("VEVENT")}


@pytest.fixture
def secret(cast):
    return issue_feed_key(by=cast.actor("staff"), at=MADE)


def fetch(secret: str, **headers: str):
    return Client().get(reverse("desk:feed", args=[secret]), headers=headers)


def test_the_feed_has_the_evenings_that_expect_the_person_and_no_others(cast, at, secret):
    mine = an_evening(cast.bodies["unit"])
    an_evening(cast.bodies["other_unit"])
    a_draft(cast.bodies["unit"], starts_at=NEXT + timedelta(days=7))
    answer = fetch(secret)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    found = events(answer.content)
    assert list(found) == [mine.public_id]
    event = found[mine.public_id]
    assert event["SUMMARY"] == mine.title
    assert event["STATUS"] == "CONFIRMED"
    assert event.decoded("DTSTART") == mine.starts_at
    assert event.decoded("DTSTART").tzinfo is not None
    assert event.decoded("DTEND") == mine.ends_at


def test_the_feed_names_the_room_of_the_nearest_body(cast, at, secret):
    unit, office = cast.bodies["unit"], cast.bodies["office_2"]
    mine = an_evening(unit, rooms=((unit, "礼堂", 80), (office, "302 会议室", 12)))
    event = events(fetch(secret).content)[mine.public_id]
    assert event["LOCATION"] == "基教科 302 会议室"


def test_a_moved_evening_moves_and_a_cancelled_one_says_so(cast, at, secret):
    moved = an_evening(cast.bodies["unit"])
    cancelled = an_evening(cast.bodies["unit"], starts_at=NEXT + timedelta(days=7))
    before = events(fetch(secret).content)
    later = NEXT + timedelta(days=1)
    move_evening(
        moved.public_id,
        starts_at=later,
        ends_at=later + timedelta(minutes=95),
        reason="会场检修",
        by=CITY,
        at=MADE + timedelta(hours=1),
    )
    cancel_evening(cancelled.public_id, reason="台风", by=CITY, at=MADE + timedelta(hours=2))
    after = events(fetch(secret).content)
    assert set(after) == set(before)
    event = after[moved.public_id]
    assert event.decoded("DTSTART") == later
    assert event["SEQUENCE"] > before[moved.public_id]["SEQUENCE"]
    assert event.decoded("LAST-MODIFIED") > before[moved.public_id].decoded("LAST-MODIFIED")
    gone = after[cancelled.public_id]
    assert gone["STATUS"] == "CANCELLED"
    assert "已取消" in gone["SUMMARY"]
    assert "台风" in gone["DESCRIPTION"]


def test_a_draft_cancelled_before_anybody_saw_it_is_in_no_calendar(cast, at, secret):
    draft = a_draft(cast.bodies["unit"])
    cancel_evening(draft.public_id, reason="不办了", by=CITY, at=MADE)
    assert events(fetch(secret).content) == {}


def test_an_unknown_or_revoked_address_is_not_found(cast, at, secret):
    assert fetch("never-issued").status_code == 404
    assert revoke_feed_key(by=cast.actor("staff"), at=at)
    assert fetch(secret).status_code == 404


def test_a_closed_account_has_no_feed(cast, at, secret):
    account = cast.accounts["staff"]
    account.is_active = False
    account.save(update_fields=["is_active"])
    assert fetch(secret).status_code == 404


def test_a_client_that_has_the_calendar_already_is_told_so(cast, at, secret):
    an_evening(cast.bodies["unit"])
    first = fetch(secret)
    again = fetch(secret, if_none_match=first["ETag"])
    assert again.status_code == 304
    assert again.content == b""
    an_evening(cast.bodies["unit"], starts_at=NEXT + timedelta(days=7))
    assert fetch(secret, if_none_match=first["ETag"]).status_code == 200


def test_the_feed_opens_no_session_and_costs_six_statements(
    cast, at, secret, django_assert_num_queries
):
    for week in range(4):
        an_evening(cast.bodies["unit"], starts_at=NEXT + timedelta(days=7 * week))
    with django_assert_num_queries(6):
        queries.feed(secret, at=at)
    assert not fetch(secret).cookies


def test_the_page_shows_a_new_address_once_and_ends_the_old_one(cast, at, secret):
    client = cast.client("staff")
    page = reverse("desk:calendar")
    assert fetch(secret).status_code == 200
    shown = client.post(page, follow=True).content.decode()
    assert "/calendar/" in shown
    assert fetch(secret).status_code == 404
    assert ".ics" not in client.get(page).content.decode()
    client.post(reverse("desk:calendar_revoke"))
    assert queries.feed_key(cast.actor("staff")) is None


CONFIG = """
[general]
status_path = "{home}/status"
[pair nights]
a = "city"
b = "phone"
collections = null
conflict_resolution = "a wins"
[storage city]
type = "http"
url = "{url}"
[storage phone]
type = "filesystem"
path = "{home}/phone"
fileext = ".ics"
"""


def vdirsyncer(home: Path, *command: str) -> None:
    """Run the real client; it must find nothing to complain of."""
    tool = Path(sys.executable).with_name("vdirsyncer")
    done = subprocess.run(
        [tool, "-c", home / "config", *command],
        input="y\ny\n",
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "NO_PROXY": "*", "no_proxy": "*"},
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_real_client_follows_a_move_and_a_cancellation(
    transactional_db, live_server, tmp_path, settings
):
    from tests.cast import build

    cast = build()
    settings.PUBLIC_URL = live_server.url
    start = datetime.now(ZONE).replace(microsecond=0) + timedelta(days=3)
    made = start - timedelta(days=2)
    moved = an_evening_at(cast, start, made)
    cancelled = an_evening_at(cast, start + timedelta(days=7), made)
    secret = issue_feed_key(by=cast.actor("staff"), at=EVENING)
    (tmp_path / "phone").mkdir()
    url = live_server.url + reverse("desk:feed", args=[secret])
    (tmp_path / "config").write_text(CONFIG.format(home=tmp_path, url=url))
    vdirsyncer(tmp_path, "discover", "nights")
    vdirsyncer(tmp_path, "sync")
    assert read(tmp_path)[moved.public_id].decoded("DTSTART") == start
    later = start + timedelta(days=1)
    move_evening(
        moved.public_id,
        starts_at=later,
        ends_at=later + timedelta(minutes=95),
        reason="会场检修",
        by=CITY,
        at=made,
    )
    cancel_evening(cancelled.public_id, reason="台风", by=CITY, at=made)
    vdirsyncer(tmp_path, "sync")
    seen = read(tmp_path)
    assert len(seen) == 2
    assert seen[moved.public_id].decoded("DTSTART") == later
    assert seen[cancelled.public_id]["STATUS"] == "CANCELLED"


def an_evening_at(cast, start: datetime, made: datetime):
    """Publish an evening of the cast's unit at a moment of the real clock."""
    from groundwork.study.actions.publishing import publish_evening

    draft = a_draft(cast.bodies["unit"], starts_at=start)
    return publish_evening(draft.public_id, by=CITY, at=made)


def read(home: Path) -> dict[str, Any]:
    """Read what the client has on its own disk; it gives UIDs of its own, so by address."""
    texts = [path.read_bytes() for path in (home / "phone").glob("*.ics")]
    found = [event for text in texts for event in events(text).values()]
    return {str(event["URL"]).split("/")[-2]: event for event in found}


def test_a_shift_stands_in_the_same_feed_and_is_cancelled_when_given_back(cast, at, secret):
    shift = shift_of(gate_of(cast, order_of(cast)), 1)
    post = post_of(cast, shift, "staff", state="planned")
    event = events(fetch(secret).content)[post.public_id]
    assert (event["STATUS"], event["LOCATION"]) == ("CONFIRMED", "澄浪社区 东大门")
    assert event.decoded("DTSTART") == shift.starts_at
    decline_post(post.public_id, by=cast.actor("staff"), at=at)
    given = events(fetch(secret).content)[post.public_id]
    assert given["STATUS"] == "CANCELLED"
    assert given["SEQUENCE"] > event["SEQUENCE"]
