"""The ledger when something dies: a receipt that was shown is a matter that stands."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import timedelta
from http.client import HTTPException

import pytest
from django.core import mail
from django.test import Client

from groundwork.base import clock, outbox
from groundwork.base.actor import NOBODY
from groundwork.base.models import OutboxMessage
from groundwork.matters.actions.clockwork import lapse_unanswered
from groundwork.matters.actions.dispatch import accept_matter
from groundwork.matters.actions.handling import answer_matter
from groundwork.matters.actions.verdict import refuse_matter
from groundwork.matters.policy import raiser_by_secret
from groundwork.matters.tests.make import RAISED, raise_one, receipt_at
from tests.city import City
from tests.faults import crowd

WRITERS, EACH = 50, 6


def write_until_cut(city: City, form: dict[str, str], kill_after: int) -> dict[int, str]:
    """Let 50 writers send; kill the server after so many receipts. Give number → secret."""
    shown: dict[int, str] = {}
    enough = threading.Event()

    def writer(first: int) -> None:
        try:
            with closing(crowd.Browser(city.port)) as browser:
                for number in range(first * EACH, (first + 1) * EACH):
                    if secret := browser.say(form, number):
                        shown[number] = secret
                    if len(shown) >= kill_after:
                        enough.set()
        except (OSError, HTTPException):
            return  # cut off: what was not shown may stand or not

    writers = [threading.Thread(target=writer, args=(n,)) for n in range(WRITERS)]
    for thread in writers:
        thread.start()
    assert enough.wait(120), f"only {len(shown)} receipts were shown"
    city.kill("server")
    for thread in writers:
        thread.join()
    return shown


def test_every_receipt_that_was_shown_outlives_a_kill_under_fifty_writers(city):
    form = city.call("tests.faults.crowd:prepare")
    city.start_server()
    shown = write_until_cut(city, form, kill_after=90)
    assert len(shown) < WRITERS * EACH, "killed in the middle, not at the end"
    assert sorted(city.call("tests.faults.crowd:standing", list(shown.values()))) == sorted(
        shown.values()
    )
    assert city.call("tests.faults.crowd:halves") == []

    # Everybody sends again, as a phone does that got no answer: the same receipts, none doubled.
    city.start_server()
    before = city.call("tests.faults.crowd:ledger")
    with closing(crowd.Browser(city.port)) as browser:
        again = {number: browser.say(form, number) for number in sorted(shown)}
    assert again == shown
    assert city.call("tests.faults.crowd:ledger") == before


@pytest.mark.django_db
def test_a_dead_mail_server_keeps_no_answer_back_and_the_letter_leaves_later(cast, at, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    receipt = receipt_at(cast, "handling", email="shen@example.org")
    OutboxMessage.objects.all().delete()
    handler = cast.actor("unit_handler")
    answer_matter(receipt.matter.public_id, "夜里不再打桩了。", by=handler, at=at)
    assert raiser_by_secret(receipt.secret).matter.state == "answered"
    waiting = OutboxMessage.objects.filter(kind="matters.told", done_at=None)
    letters = waiting.count()
    assert letters
    outbox.deliver_due(at=at)
    assert waiting.count() == letters, "nothing is called sent that was not"
    assert set(waiting.values_list("last_error", flat=True)) == {"ConnectionRefusedError"}

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    outbox.deliver_due(at=at + timedelta(hours=1))
    assert waiting.count() == 0
    assert {to for letter in mail.outbox for to in letter.to} == {"shen@example.org"}


@pytest.mark.django_db
def test_a_clock_that_jumped_ahead_and_back_takes_no_word_from_the_raiser(cast):
    receipt = receipt_at(cast, "answered")
    with clock.at(RAISED + timedelta(days=400)):
        lapse_unanswered()
    receipt.matter.refresh_from_db()
    assert receipt.matter.state == "unit_done"
    back = RAISED + timedelta(hours=6)
    with clock.at(back):
        refuse_matter(receipt.secret, "还在打桩", by=NOBODY, at=back)
    receipt.matter.refresh_from_db()
    assert receipt.matter.state == "redo"
    assert receipt.matter.solve_by > back, "the new deadline counts from the mended clock"
    verbs = list(receipt.matter.steps.order_by("id").values_list("verb", flat=True))
    assert verbs[-2:] == ["lapse", "refuse"], "steps stand in the order in which they happened"


@pytest.mark.django_db
def test_a_matter_raised_before_the_clock_was_set_back_goes_on(cast):
    receipt = raise_one(cast)
    earlier = RAISED - timedelta(hours=3)
    accept_matter(receipt.matter.public_id, by=cast.actor("dispatcher"), at=earlier)
    receipt.matter.refresh_from_db()
    assert receipt.matter.state == "accepted"
    assert receipt.matter.solve_by > earlier
    with clock.at(earlier):
        assert Client().get(f"/matters/mine/{receipt.secret}/").status_code == 200
