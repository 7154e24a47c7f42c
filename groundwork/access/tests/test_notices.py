"""Notices: one inbox for everything; letters and messages through real servers."""

from __future__ import annotations

import email
import json
import socket
import threading
from datetime import datetime, time, timedelta
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from aiosmtpd.controller import Controller
from django.urls import reverse

from groundwork.access import actions
from groundwork.access.actions.notices import Message
from groundwork.access.models import Account, Notice, NoticeSettings
from groundwork.access.queries import unread_count
from groundwork.access.rules import notices as rules
from groundwork.base import clock, outbox
from groundwork.base.clock import ZONE
from groundwork.base.errors import Forbidden
from groundwork.base.models import OutboxMessage

AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)


# ---- rules ---------------------------------------------------------------------------------
def test_quiet_hours_run_over_midnight():
    night = (time(21, 30), time(7, 30))
    for hour, minute, quiet in ((21, 29, False), (21, 30, True), (3, 0, True), (7, 30, False)):
        assert rules.in_quiet(AT.replace(hour=hour, minute=minute), *night) is quiet
    assert rules.after_quiet(AT.replace(hour=23), *night) == datetime(
        2026, 11, 25, 7, 30, tzinfo=ZONE
    )
    assert rules.after_quiet(AT.replace(hour=5), *night) == AT.replace(hour=7, minute=30)
    assert not rules.in_quiet(AT, time(0), time(0))


def test_the_daily_letter_comes_in_the_afternoon_and_after_quiet_hours():
    none = (time(0), time(0))
    assert rules.next_digest(AT, *none) == AT.replace(hour=17)
    assert rules.next_digest(AT.replace(hour=17), *none) == AT.replace(day=25, hour=17)
    assert rules.next_digest(AT, time(16), time(18)) == AT.replace(hour=18)


# ---- real servers ------------------------------------------------------------------------------
class Mailbox:
    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=default)
        self.letters.append((envelope.rcpt_tos, message["subject"], message.get_content()))
        return "250 OK"


@pytest.fixture
def mailbox(settings):
    """Run an SMTP server on loopback and send through it."""
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box
    server.stop()


@pytest.fixture
def messenger(settings):
    """Run an HTTP server on loopback as the office's messenger; `broken` makes it answer 503."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if server.broken:
                self.send_error(503)
                return
            server.got.append((self.headers.get("Authorization"), json.loads(body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.broken = [], False
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.NOTICE_WEBHOOK = f"http://city:word@127.0.0.1:{server.server_port}/notices"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def tell(account, key="1", text="今晚夜学改在302", at=AT, **more):
    with clock.at(at):
        return actions.notify([account], kind="study", key=key, text=text, url="/x/", **more)


def wish(account, mail="each", address="shan@example.org", **more):
    Account.objects.filter(pk=account.pk).update(email=address)
    NoticeSettings.objects.update_or_create(
        account=account,
        defaults={"mail": mail, "quiet_from": time(22), "quiet_to": time(7), **more},
    )


def deliver(at):
    with clock.at(at):
        return outbox.deliver_due(at=at)


@pytest.fixture
def staff(cast):
    return cast.accounts["staff"]


# ---- inbox ---------------------------------------------------------------------------------
def test_a_notice_is_told_once_however_often_it_is_sent(cast, staff):
    assert tell(staff) == 1
    assert tell(staff) == 0
    assert tell(staff, key="2") == 1
    assert Notice.objects.count() == 2


def test_people_accounts_and_ids_are_told_alike_and_the_closed_are_not(cast, staff):
    Account.objects.filter(pk=cast.accounts["outsider"].pk).update(is_active=False)
    to = [cast.people["colleague"], staff, cast.accounts["clerk"].pk, cast.accounts["outsider"]]
    assert actions.notify(to, kind="k", key="1", text="通知") == 3


def test_each_is_told_in_the_own_language(cast, staff):
    Account.objects.filter(pk=cast.accounts["clerk"].pk).update(locale="en")
    text = "您对软件的意见有了答复"
    actions.notify([staff, cast.accounts["clerk"]], kind="k", key="1", text=text)
    assert Notice.objects.get(account=staff).text == text
    assert "answer" in Notice.objects.get(account=cast.accounts["clerk"]).text.lower()


def test_telling_ten_thousand_costs_no_statement_each(cast, django_assert_max_num_queries):
    Account.objects.bulk_create(
        Account(username=f"t{n}", password="!", created_at=AT) for n in range(2000)
    )
    accounts = list(Account.objects.all())
    with django_assert_max_num_queries(60):
        assert actions.notify(accounts, kind="k", key="1", text="通知") == len(accounts)


def test_the_inbox_counts_marks_and_leads_on(cast, staff):
    tell(staff)
    tell(staff, key="2")
    client, actor = cast.client("staff"), cast.actor("staff")
    assert unread_count(actor) == 2
    notice = Notice.objects.first()
    url = reverse("access:notice", args=[notice.public_id])
    assert cast.client("colleague").post(url).status_code == 404
    assert client.post(url).url == "/x/"
    assert unread_count(actor) == 1
    client.post(reverse("access:read_all"))
    assert unread_count(actor) == 0
    assert unread_count(cast.actor("resident")) == 0


def test_a_notice_never_leads_out_of_the_house(cast, staff):
    actions.notify([staff], kind="k", key="1", text="x", url="https://evil.example/")
    url = reverse("access:notice", args=[Notice.objects.get().public_id])
    assert cast.client("staff").post(url).url == reverse("access:notices")


# ---- letters ---------------------------------------------------------------------------------
def test_each_notice_leaves_as_a_letter_at_once_for_who_wishes_so(cast, staff, mailbox, settings):
    settings.PUBLIC_URL = "https://study.example"
    wish(staff)
    tell(staff)
    assert deliver(AT) == 1
    [(to, subject, body)] = mailbox.letters
    assert to == ["shan@example.org"]
    assert subject == "今晚夜学改在302"
    assert "https://study.example/x/" in body
    assert deliver(AT + timedelta(minutes=5)) == 0
    assert len(mailbox.letters) == 1


def test_nobody_without_an_address_or_who_said_never_gets_a_letter(cast, staff, mailbox):
    wish(staff, mail="never")
    wish(cast.accounts["colleague"], address="")
    tell(staff)
    tell(cast.accounts["colleague"])
    deliver(AT + timedelta(days=2))
    assert mailbox.letters == []


def test_the_daily_letter_holds_the_days_notices(cast, staff, mailbox):
    wish(staff, mail="digest")
    for number in range(3):
        tell(staff, key=f"{number}", text=f"第{number}条", at=AT + timedelta(hours=number))
    assert deliver(AT + timedelta(hours=6)) == 0
    deliver(AT.replace(hour=17))
    [(_to, subject, body)] = mailbox.letters
    assert "3 条" in subject
    assert all(f"第{number}条" in body for number in range(3))


def test_in_quiet_hours_a_letter_waits_and_is_not_lost(cast, staff, mailbox):
    wish(staff)
    tell(staff, at=AT.replace(hour=23))
    assert deliver(AT.replace(day=25, hour=6, minute=59)) == 0
    deliver(AT.replace(day=25, hour=7))
    assert len(mailbox.letters) == 1


def test_a_letter_that_failed_by_day_does_not_come_again_at_night(cast, staff, mailbox, settings):
    wish(staff)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1  # nobody listens there
    tell(staff, at=AT.replace(hour=21, minute=59))
    deliver(AT.replace(hour=21, minute=59))
    assert OutboxMessage.objects.get().last_error
    settings.EMAIL_PORT = port
    deliver(AT.replace(hour=22, minute=10))
    assert mailbox.letters == []
    deliver(AT.replace(day=25, hour=7))
    assert len(mailbox.letters) == 1


def test_a_flood_becomes_a_few_letters_and_one_more(cast, staff, mailbox):
    wish(staff)
    for number in range(40):
        moment = AT + timedelta(minutes=number)
        tell(staff, key=f"{number}", text=f"第{number}条。", at=moment)
        deliver(moment)
    assert len(mailbox.letters) == rules.FLOOD
    deliver(AT + timedelta(hours=2))
    assert len(mailbox.letters) == rules.FLOOD + 1
    body = "".join(letter[2] for letter in mailbox.letters)
    assert all(f"第{number}条。" in body for number in range(40))


def test_what_is_read_in_the_inbox_needs_no_letter(cast, staff, mailbox):
    wish(staff, mail="digest")
    tell(staff)
    actions.mark_all_read(by=cast.actor("staff"))
    deliver(AT.replace(hour=17))
    assert mailbox.letters == []


# ---- messenger ----------------------------------------------------------------------------------
def test_the_offices_messenger_gets_number_text_and_address(cast, staff, messenger, settings):
    settings.PUBLIC_URL = "https://study.example"
    wish(staff, mail="never", vendor=True)
    tell(staff)
    deliver(AT)
    [(key, body)] = messenger.got
    assert key == "Basic Y2l0eTp3b3Jk"
    assert body == {
        "to": staff.username,
        "text": "今晚夜学改在302",
        "url": "https://study.example/x/",
    }


def test_a_broken_messenger_is_tried_again_and_each_message_comes_once(cast, staff, messenger):
    wish(staff, mail="never", vendor=True)
    messenger.broken = True
    tell(staff)
    deliver(AT)
    assert messenger.got == []
    messenger.broken = False
    deliver(AT + timedelta(minutes=1))
    deliver(AT + timedelta(minutes=30))
    assert len(messenger.got) == 1


def test_nobody_gets_messages_who_did_not_ask_for_them(cast, staff, messenger):
    wish(staff, mail="never", vendor=False)
    tell(staff)
    deliver(AT + timedelta(days=1))
    assert messenger.got == []


def test_another_vendor_is_one_class_with_one_method(cast, staff):
    got = []

    class Paper:
        def send(self, account, text, url):
            got.append((account.username, text, url))

    actions.vendors.VENDORS["paper"] = Paper()
    try:
        wish(staff, mail="never", vendor=True)
        tell(staff)
        deliver(AT)
    finally:
        del actions.vendors.VENDORS["paper"]
    assert got == [(staff.username, "今晚夜学改在302", f"{'http://127.0.0.1:8000'}/x/")]


# ---- settings ----------------------------------------------------------------------------------
def test_everybody_chooses_for_themselves(cast, staff):
    client = cast.client("staff")
    form = {"email": "a@example.org", "mail": "each", "quiet_from": "20:00", "quiet_to": "08:00"}
    assert client.post(reverse("access:notice_settings"), form).status_code == 302
    kept = NoticeSettings.objects.get(account=staff)
    assert (kept.mail, kept.quiet_from) == ("each", time(20))
    assert Account.objects.get(pk=staff.pk).email == "a@example.org"
    bad = {**form, "email": "no address"}
    assert client.post(reverse("access:notice_settings"), bad).status_code == 422
    with pytest.raises(Forbidden):
        actions.choose_notices(
            staff.pk,
            email="",
            mail="never",
            vendor=False,
            quiet_from=time(1),
            quiet_to=time(2),
            by=cast.actor("colleague"),
        )


def test_a_feed_key_opens_until_it_is_revoked(cast):
    from groundwork.access.models import FeedKey
    from groundwork.access.queries import actor_of_feed

    by = cast.actor("staff")
    first = actions.issue_feed_key(by=by)
    assert first not in str(FeedKey.objects.values_list())
    assert actor_of_feed(first).person_id == by.person_id
    second = actions.issue_feed_key(by=by)
    assert actor_of_feed(first) is None
    assert actor_of_feed(second) is not None
    assert actions.revoke_feed_key(by=by)
    assert actor_of_feed(second) is None
    assert not actions.revoke_feed_key(by=by)
    with pytest.raises(Forbidden):
        actions.issue_feed_key(by=cast.actor("resident"))


def test_days_and_moments_are_written_as_each_reader_writes_them():
    params = {"day": AT.date(), "when": AT}
    message = Message("k", "1", "%(day)s前可以说明，%(when)s再谈。", params=params)
    assert message.said("zh-hans") == "2026年11月24日前可以说明，2026年11月24日 10:00再谈。"
    assert message.said("en").startswith("24 Nov 2026")
