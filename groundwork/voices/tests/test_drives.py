"""Drives: off by default, one tap, a spot, shut by the clock, and then nothing is left."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from groundwork.base import attachments, clock, retention
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Attachment, Tombstone
from groundwork.voices.actions import drives
from groundwork.voices.models import Drive, SpotVisit, Statement
from groundwork.voices.policy import drives as policy
from groundwork.voices.rules import drives as rules
from groundwork.voices.tests.make import AT, TODAY, a_drive, days
from tests.world_voices import picture


def test_without_a_drive_there_is_nothing_to_do(cast, at):
    page = cast.client("staff").get(reverse("voices:drives"))
    assert "现在没有活动" in page.content.decode()
    assert not Drive.objects.exists()


def test_a_drive_needs_an_authority_an_end_and_its_own_community(cast):
    with pytest.raises(rules.NoAuthority):
        a_drive(cast, authority=" ")
    for last in (TODAY - timedelta(days=1), TODAY + timedelta(days=200)):
        with pytest.raises(rules.BadPeriod):
            a_drive(cast, last_day=last)
    with pytest.raises(Forbidden):
        a_drive(cast, place=cast.places["liujin"])


def test_one_tap_is_one_however_often_and_only_neighbours_tap(cast):
    drive = a_drive(cast)
    staff = cast.actor("staff")
    first = drives.state_done(drive.public_id, by=staff, at=AT)
    assert drives.state_done(drive.public_id, picture(), by=staff, at=days(1)) == first
    assert Statement.objects.count() == 1
    with pytest.raises(NotFound):
        drives.state_done(drive.public_id, by=cast.actor("colleague"), at=AT)
    with pytest.raises(rules.DriveShut):
        drives.state_done(drive.public_id, by=cast.actor("unit_secretary"), at=days(30))


def test_a_picture_loses_its_phone_and_belongs_to_nobody(cast):
    drive = a_drive(cast)
    said = drives.state_done(drive.public_id, picture(), by=cast.actor("staff"), at=AT)
    with Image.open(io.BytesIO(attachments.read(said.picture))) as kept:
        assert not kept.getexif()
    assert (said.picture.account_id, said.picture.name) == (None, "photo.webp")


def test_at_the_end_everything_said_is_gone_and_a_tombstone_says_how_much(cast):
    drive = a_drive(cast)
    chief = cast.actor("community_secretary")
    said = drives.state_done(drive.public_id, picture(), by=cast.actor("staff"), at=AT)
    path = said.picture.file.name
    for spot, fine in (("3号楼", True), ("5号楼", False)):
        drives.visit_spot(drive.public_id, spot, fine=fine, picture=picture(), by=chief, at=AT)
    assert drives.shut_due(at=days(20)) == 0
    assert drives.shut_due(at=days(21)) == 1
    drive.refresh_from_db()
    assert (drive.state, drive.statements, drive.visits, drive.fine) == ("shut", 1, 2, 1)
    assert not Statement.objects.exists()
    assert not SpotVisit.objects.exists()
    assert not Attachment.objects.exists()
    assert not default_storage.exists(path)
    stone = Tombstone.objects.get()
    assert (stone.kind, stone.rule) == ("voices.drive", "voices.drives")
    with pytest.raises(rules.DriveShut):
        drives.state_done(drive.public_id, by=cast.actor("staff"), at=AT)
    assert retention.erase("voices.drive", [drive.public_id], rule="x", by=chief, at=days(22)) == 0


def test_a_spot_sent_twice_is_one_and_the_community_alone_reads_it(cast, at):
    drive = a_drive(cast)
    client = cast.client("community_secretary")
    sent = {"spot": "3号楼投放点", "fine": "no", "client_key": "k1"}
    for _twice in range(2):
        file = SimpleUploadedFile("a.jpg", picture())
        address = reverse("voices:drive_spot", args=[drive.public_id])
        assert client.post(address, {**sent, "picture": file}).status_code == 302
    assert SpotVisit.objects.count() == 1
    page = reverse("voices:drive", args=[drive.public_id])
    assert "3号楼投放点" in client.get(page).content.decode()
    assert "3号楼投放点" not in cast.client("staff").get(page).content.decode()
    shown = reverse("voices:picture", args=[SpotVisit.objects.get().picture.public_id])
    assert client.get(shown).status_code == 200
    assert cast.client("staff").get(shown).status_code == 404
    with pytest.raises(NotFound):
        policy.drive_for(cast.actor("other_community_secretary"), drive.public_id)


def test_a_photo_of_a_tap_is_seen_by_its_hand_and_the_community_without_a_name(cast, at):
    drive = a_drive(cast)
    said = drives.state_done(drive.public_id, picture(), by=cast.actor("staff"), at=AT)
    shown = reverse("voices:picture", args=[said.picture.public_id])
    page = reverse("voices:drive", args=[drive.public_id])
    seen = cast.client("community_secretary").get(page).content.decode()
    assert f'<img src="{shown}"' in seen
    assert cast.people["staff"].name not in seen
    assert shown in cast.client("staff").get(page).content.decode()
    assert shown not in cast.client("colleague").get(page).content.decode()


def test_tap_and_shut_by_hand_through_the_pages(cast, at):
    drive = a_drive(cast)
    tap = reverse("voices:drive_tap", args=[drive.public_id])
    assert cast.client("staff").post(tap, {}).status_code == 302
    assert Statement.objects.count() == 1
    shut = reverse("voices:drive_shut", args=[drive.public_id])
    client = cast.client("community_secretary")
    assert client.get(shut).status_code == 200
    assert client.post(shut).status_code == 302
    assert Drive.objects.get().state == "shut"


def test_what_is_asked_now_stands_on_the_page_of_forms_with_authority_and_end(cast, at):
    drive = a_drive(cast)
    page = reverse("web:declared_forms")
    with clock.at(AT):
        said = cast.client("resident").get(page).content.decode()
        assert drive.title in said
        assert drive.authority in said
        assert reverse("figures:figure", args=["forms.minutes"]) in said
    with clock.at(days(60)):
        assert drive.title not in cast.client("resident").get(page).content.decode()
