"""What was erased stays erased: a real backup, a real erasure, a real restore."""

from __future__ import annotations

from datetime import timedelta

from tests.city import City

HERE = "tests.ground.test_tombstones"


def raise_one() -> str:
    """Solve a matter 300 days ago, its raiser's number still there; give the raiser's digest."""
    from groundwork.base import clock
    from groundwork.matters.models import Category
    from groundwork.matters.tests.make import at_state
    from tests.cast import build

    Category.objects.get_or_create(code="noise", defaults={"name": "噪音扰民"})
    matter = at_state(build(), "solved", at=clock.now() - timedelta(days=300))
    return str(matter.raisers.get().digest)


def erase_what_is_due() -> None:
    from groundwork.matters.tasks import keep_rules

    keep_rules()


def phones() -> list[str]:
    from groundwork.matters.models import Raiser

    return list(Raiser.objects.values_list("phone", flat=True))


def test_a_restored_backup_does_not_bring_back_what_was_erased_since(city: City, tmp_path):
    digest, backup = city.call(f"{HERE}:raise_one"), tmp_path / "city.tar.gz"
    assert city.command("backup", str(backup)).returncode == 0
    city.call(f"{HERE}:erase_what_is_due")
    assert city.call(f"{HERE}:phones") == [""]
    journal = city.data / "tombstones.jsonl"
    assert digest in journal.read_text()
    restored = city.command("restore", str(backup), "--force")
    assert restored.returncode == 0, restored.stderr
    assert "1 records erased since the backup were erased again" in restored.stdout
    assert city.call(f"{HERE}:phones") == [""]
    # Another machine has no journal: it says so, and takes a copy of the lost one's.
    other = City(tmp_path / "other")
    told = other.command("restore", str(backup))
    assert "no tombstones.jsonl" in told.stdout
    assert other.call(f"{HERE}:phones") == ["13800005678"]
    applied = other.command("tombstones", "apply", str(journal))
    assert "1 records erased again" in applied.stdout
    assert other.call(f"{HERE}:phones") == [""]
