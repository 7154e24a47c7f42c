"""An order's log is gone when the order is over: a real city, a real backup, a moved clock."""

from __future__ import annotations

import json
import tarfile
from datetime import timedelta

from tests.city import City

HERE = "tests.ground.test_lapsed_log"
NAME = "沈阿姨"


def keep_a_gate() -> str:
    """Put an order in force and let three people through its gate; give the order's public id."""
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from groundwork.duty.actions.entries import Sent, take_sending
    from groundwork.duty.tests.make import AT, gate_of, order_of, phone_of
    from tests.cast import build

    town = build()
    order = order_of(town)
    phone = phone_of(gate_of(town, order))
    sent = [Sent(f"key-{n}", "log", AT, {"who": "visitor", "name": NAME}) for n in range(3)]
    assert not [a.error for a in take_sending(phone, sent, at=AT) if a.error]
    default_storage.save("attachments/there.txt", ContentFile(b"media is in the backup"))
    return str(order.public_id)


def move_the_clock() -> None:
    """Let the worker's job run a minute after the order's end."""
    from groundwork.base import clock
    from groundwork.duty.models import Order
    from groundwork.duty.tasks import lapse

    with clock.at(Order.objects.get().ends_at + timedelta(minutes=1)):
        lapse()


def what_is_left() -> dict[str, object]:
    """Say what a reader of this database can still learn."""
    from groundwork.base import clock, vault
    from groundwork.base.errors import GroundworkError
    from groundwork.base.models import Tombstone
    from groundwork.duty.actions.entries import Sent, take_sending
    from groundwork.duty.actions.orders import key_of
    from groundwork.duty.models import GatePhone, LogEntry, Order

    order = Order.objects.get()
    read, refused = 0, ""
    for entry in LogEntry.objects.all():
        for bound in (entry.client_key, str(order.pk), order.public_id, ""):
            try:
                vault.unseal(key_of(order), bytes(entry.sealed or b""), bound)
            except vault.KeyGone:
                continue
            read += 1
    after = order.ends_at + timedelta(hours=1)
    with clock.at(after):
        try:
            phone = GatePhone.objects.select_related("gate__order").get()
            sent = [Sent("late", "log", after, {"who": "visitor", "name": NAME})]
            [answer] = take_sending(phone, sent, at=after)
            refused = type(answer.error).__name__
        except GroundworkError as error:
            refused = type(error).__name__
    return {
        "state": order.state,
        "rows": LogEntry.objects.count(),
        "read": read,
        "refused": refused,
        "stones": list(Tombstone.objects.filter(kind="duty.log").values_list("count", flat=True)),
    }


def test_when_the_clock_passes_the_end_nothing_of_the_log_can_be_read_anywhere(
    city: City, tmp_path
):
    public_id, backup = city.call(f"{HERE}:keep_a_gate"), tmp_path / "before.tar.gz"
    keys = [path.name for path in city.data.rglob("*.key")]
    assert keys == [f"order-{public_id}.key"]
    before = city.call(f"{HERE}:what_is_left")
    assert (before["rows"], before["read"]) == (3, 3)
    assert before["refused"] == "Shut"  # by the clock alone: no job has run yet
    assert city.command("backup", str(backup)).returncode == 0
    with tarfile.open(backup) as archive:
        names = archive.getnames()
        everything = b"".join(
            stream.read() for name in names if (stream := archive.extractfile(name)) is not None
        )
    assert any(name.endswith("there.txt") for name in names)
    assert not [name for name in names if "key" in name]
    assert NAME.encode() not in everything
    assert json.dumps(NAME).strip('"').encode() not in everything

    city.call(f"{HERE}:move_the_clock")
    assert not list(city.data.rglob("*.key"))
    gone = {"state": "ended", "rows": 0, "read": 0, "refused": "Shut", "stones": [3]}
    assert city.call(f"{HERE}:what_is_left") == gone

    # Another machine, with the backup and neither keys nor journal: rows that nobody can read.
    other = City(tmp_path / "other")
    assert other.command("restore", str(backup)).returncode == 0
    found = other.call(f"{HERE}:what_is_left")
    assert (found["rows"], found["read"]) == (3, 0)
    # The same machine: the journal erases them again, and the order is over again.
    restored = city.command("restore", str(backup), "--force")
    assert restored.returncode == 0, restored.stderr
    assert "3 records erased since the backup were erased again" in restored.stdout
    city.call(f"{HERE}:move_the_clock")
    assert city.call(f"{HERE}:what_is_left") == gone
