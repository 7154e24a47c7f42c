"""Erasing by rule, and erasing again what a restore brings back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from groundwork.base import attachments, retention, search
from groundwork.base.actor import system
from groundwork.base.clock import ZONE
from groundwork.base.models import Tombstone
from groundwork.matters.actions import own
from groundwork.matters.actions import retention as actions
from groundwork.matters.actions.merging import merge_matters
from groundwork.matters.actions.raising import Teller, add_raiser
from groundwork.matters.models import (
    CallTask,
    CoHandler,
    Matter,
    MatterFile,
    Raiser,
    Request,
    Step,
    Verdict,
)
from groundwork.matters.queries.retention import rules as lines
from groundwork.matters.rules.retention import RULES
from groundwork.matters.tests.make import at_state

RAISED = datetime(2024, 3, 4, 9, 0, tzinfo=ZONE)
WORKER = system("worker")
pytestmark = pytest.mark.django_db


def days(code):
    return next(timedelta(days=rule.days) for rule in RULES if rule.code == code)


@pytest.fixture(autouse=True)
def journal(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "tombstones.jsonl"


@pytest.fixture
def closed(cast):
    """A solved matter with everything that has its time, closed as of `closed_at`."""
    matter = at_state(cast, "solved", at=RAISED, email="shen@example.com", confidential=True)
    raiser = matter.raisers.get()
    file = attachments.store("照片".encode(), name="沈阿姨家门口.txt", by=WORKER)
    MatterFile.objects.create(matter=matter, attachment=file, from_raiser=True, added_at=RAISED)
    said = {"matter": matter, "round": 0}
    Verdict.objects.create(
        **said, raiser=raiser, source="page", at=RAISED, solved=True, words="谢谢小裘"
    )
    CallTask.objects.create(**said, opened_at=RAISED, due_at=RAISED, done_at=RAISED, called_by=1)
    return matter


def erase(at):
    return actions.erase_due(by=WORKER, at=at)


def test_nothing_goes_a_day_early_and_everything_on_its_day(closed):
    raiser, minute = closed.raisers.get(), timedelta(minutes=1)
    assert erase(closed.closed_at + days("matters.contact")) == 0
    assert erase(closed.closed_at + days("matters.contact") + minute) == 1
    raiser.refresh_from_db()
    assert (raiser.name, raiser.phone, raiser.email, raiser.erased_at) == ("", "", "", None)
    file = closed.files.get().attachment
    assert default_storage.exists(path := file.file.name)
    assert erase(closed.closed_at + days("matters.photos") + minute) == 2  # and the call
    file.refresh_from_db()
    assert (file.file.name, file.name) == ("", "")
    assert file.sha256
    assert not default_storage.exists(path)
    assert not CallTask.objects.exists()
    assert erase(closed.closed_at + days("matters.raiser") + minute) == 2  # and the verdict's words
    raiser.refresh_from_db()
    verdict = Verdict.objects.get()
    assert raiser.erased_at is not None
    assert (verdict.words, verdict.solved) == ("", True)
    closed.refresh_from_db()
    assert closed.text  # the city's record of what was done stays


def test_an_open_matter_keeps_everything_however_old(cast):
    at_state(cast, "handling", at=RAISED)
    assert erase(RAISED + timedelta(days=3000)) == 0


def test_what_was_merged_into_an_open_matter_keeps_everything_until_that_one_is_over(cast):
    matter, into = (at_state(cast, "accepted", at=RAISED) for _ in range(2))
    file = attachments.store("照片".encode(), name="楼道.txt", by=WORKER)
    MatterFile.objects.create(matter=matter, attachment=file, from_raiser=True, added_at=RAISED)
    merge_matters(matter.public_id, into.public_id, by=WORKER, at=RAISED + timedelta(hours=5))
    assert erase(RAISED + timedelta(days=3000)) == 0
    assert matter.raisers.get().phone
    Matter.objects.filter(pk=into.pk).update(closed_at=RAISED + timedelta(days=400))
    minute = timedelta(minutes=1)
    assert erase(RAISED + timedelta(days=400) + days("matters.contact")) == 0
    assert erase(RAISED + timedelta(days=400) + days("matters.contact") + minute) == 2
    assert erase(RAISED + timedelta(days=400) + days("matters.photos") + minute) == 1


def said_around(cast, matter):
    """Let a helper, a lead and its decider, and one who joined say something of it."""
    CoHandler.objects.create(
        matter=matter, body=cast.bodies["bureau"], asked_at=RAISED, contribution="管道破了。"
    )
    Request.objects.create(
        matter=matter,
        kind="extension",
        state="granted",
        body=cast.bodies["unit"],
        reason="等沈阿姨开门。",
        decision="同意，沈阿姨周五在家。",
        asked_at=RAISED,
    )
    add_raiser(matter, Teller(), secret="one-more", first=False, at=RAISED, words="我家也是。")


def nothing_said_around(matter):
    return (
        not matter.co_handlers.exclude(contribution="").exists()
        and not matter.requests.exclude(reason="", decision="").exists()
        and not matter.raisers.exclude(words="").exists()
    )


@pytest.mark.parametrize("how", ["own", "rule"])
def test_with_the_texts_goes_what_helpers_deciders_and_joiners_said(cast, how):
    matter = at_state(cast, "withdrawn", at=RAISED)
    said_around(cast, matter)
    assert not nothing_said_around(matter)
    if how == "rule":
        erase(RAISED + timedelta(days=91))
    else:
        retention.erase(own.WHOLE, [matter.public_id], rule=own.OWN_RULE, by=WORKER, at=RAISED)
    assert nothing_said_around(matter)


def test_the_words_of_what_was_declined_or_withdrawn_are_nowhere_after_their_days(cast):
    gone = [at_state(cast, "declined", at=RAISED), at_state(cast, "withdrawn", at=RAISED)]
    stays = at_state(cast, "solved", at=RAISED)
    assert list(search.matching("matters.matter", "打桩"))
    erase(RAISED + timedelta(days=91))
    for matter in gone:
        matter.refresh_from_db()
        assert "打桩" not in matter.title + matter.text + matter.public_text
        assert matter.erased_at
        assert not Step.objects.filter(matter=matter).exclude(text="").exists()
    assert list(search.matching("matters.matter", "打桩")) == [stays.pk]


def test_a_run_that_is_stopped_goes_on_and_erases_nothing_twice(cast, closed, monkeypatch):
    for _ in range(4):
        at_state(cast, "solved", at=RAISED)
    monkeypatch.setattr(retention, "BATCH", 2)
    later = RAISED + timedelta(days=200)
    assert actions.erase_due(by=WORKER, at=later, most=1) == 2
    assert erase(later) == 3
    assert erase(later) == 0
    assert sum(Tombstone.objects.values_list("count", flat=True)) == 5
    assert not Raiser.objects.exclude(phone="").exists()


def test_a_tombstone_says_how_many_and_nothing_of_whom(
    closed, journal, django_capture_on_commit_callbacks
):
    digest = closed.raisers.get().digest
    with django_capture_on_commit_callbacks(execute=True):
        erase(closed.closed_at + timedelta(days=200))
    stone = Tombstone.objects.get()
    assert (stone.count, stone.rule, stone.ids, stone.journaled) == (1, "matters.contact", [], True)
    [line] = journal.read_text().splitlines()
    assert json.loads(line)["ids"] == [digest]
    for word in ("沈阿姨", "13800005678", "shen@example.com"):
        assert word not in line


def test_what_is_rolled_back_is_in_no_journal(closed, journal):
    erase(closed.closed_at + timedelta(days=200))  # the transaction of a test never commits
    assert not journal.exists()
    assert retention.write_journal() == 1  # what a crash kept from the journal is written later
    assert retention.write_journal() == 0
    assert len(journal.read_text().splitlines()) == 1


def test_a_restore_of_an_older_database_erases_again(closed, journal):
    raiser = closed.raisers.get()
    erase(closed.closed_at + timedelta(days=800))
    retention.write_journal()
    journal.write_bytes(journal.read_bytes() + b'{"id":"torn')
    # The database as it was before: rows are back, tombstones are not.
    Tombstone.objects.all().delete()
    Raiser.objects.filter(pk=raiser.pk).update(
        name="沈阿姨", phone="13800005678", account_id=7, erased_at=None
    )
    Verdict.objects.update(words="谢谢小裘")
    assert retention.reapply() == 3
    raiser.refresh_from_db()
    assert (raiser.name, raiser.phone, raiser.account_id) == ("", "", None)
    assert Verdict.objects.get().words == ""
    assert retention.reapply() == 0
    assert Tombstone.objects.filter(journaled=False).count() == 0


def test_a_copy_of_the_journal_from_a_lost_machine_counts_as_much(closed, journal, tmp_path):
    erase(closed.closed_at + timedelta(days=200))
    retention.write_journal()
    copy = tmp_path / "copy.jsonl"
    journal.rename(copy)
    Tombstone.objects.all().delete()
    Raiser.objects.update(phone="13800005678")
    assert retention.reapply(copy) == 1
    retention.take_over(copy)
    retention.take_over(copy)
    assert journal.read_bytes() == copy.read_bytes()


def test_a_torn_last_line_does_not_swallow_the_next(closed, journal):
    journal.write_bytes(b'{"id":"torn')
    erase(closed.closed_at + timedelta(days=200))
    retention.write_journal()
    assert [line.kind for line in retention.read_journal()] == ["matters.contact"]


def test_everybody_reads_how_long_what_is_kept(closed, client, at):
    erase(at)
    assert {line.erased for line in lines() if line.last} == {1}
    page = client.get(reverse("matters:kept")).content.decode()
    assert "180" in page
    assert all(rule.what in page for rule in RULES)


def test_every_rule_has_a_choice_and_an_eraser():
    assert {rule.code for rule in RULES} == set(actions.DUE)
    assert {rule.kind for rule in RULES} <= set(retention.ERASERS)
    assert Matter._meta.get_field("erased_at").null
